//! What is too much is an error, never a shorter result.

use sealift_discover::{Error, Limits, Scan, manifests};
use sealift_inventory::Origin;

fn search(text: &str, limits: &Limits) -> Result<usize, Error> {
    manifests(text, "in.yaml", &Origin::new(), limits).map(|found| found.findings.len())
}

fn images(count: usize) -> String {
    (0..count)
        .map(|i| format!("{}r.io/a:{i}\n", "- "))
        .fold("images:\n".to_owned(), |text, line| text + &line)
}

#[test]
fn one_finding_more_than_allowed_is_refused() {
    let limits = Limits { findings: 5, ..Limits::default() };
    assert_eq!(search(&images(5), &limits).unwrap(), 5);
    let error = search(&images(6), &limits).unwrap_err();
    assert_eq!(error.to_string(), "in.yaml: more than 5 findings");
}

#[test]
fn aliases_are_counted_each_time_they_are_met() {
    let text = "a: &a [x, x, x, x]\nb: [*a, *a, *a, *a]\n";
    let limits = Limits { visits: 12, ..Limits::default() };
    assert!(matches!(search(text, &limits), Err(Error::Visits { limit: 12, .. })));
}

#[test]
fn nesting_is_bounded() {
    let text = format!("a: {}x{}\n", "[".repeat(60), "]".repeat(60));
    let limits = Limits { depth: 50, ..Limits::default() };
    assert!(matches!(search(&text, &limits), Err(Error::Depth { limit: 50, .. })));
    assert_eq!(search(&text, &Limits::default()).unwrap(), 0);
}

#[test]
fn texts_in_texts_are_read_as_documents_four_deep_and_as_words_below() {
    let mut text = "image: r.io/deep:1".to_owned();
    let mut counts = Vec::new();
    for _ in 0..6 {
        text = format!("inner: |\n  {}\n", text.trim_end().replace('\n', "\n  "));
        let found = manifests(&text, "in.yaml", &Origin::new(), &Limits::default()).unwrap();
        assert_eq!(found.findings.len(), 1, "{text}");
        let line = found.findings[0].origin.to_string();
        counts.push(line.matches(".inner").count());
        let lines = text.lines().count();
        assert!(line.starts_with(&format!("in.yaml:{lines} > ")), "{line}");
    }
    assert_eq!(counts, [1, 2, 3, 4, 5, 5]);
}

#[test]
fn a_variable_may_be_set_in_another_file() {
    let asks = "image: RELATED_IMAGE_X\n";
    let sets = "env:\n- {name: RELATED_IMAGE_X, value: \"quay.io/a/x:1\"}\n";
    let limits = Limits::default();
    let mut alone = Scan::new(&limits);
    alone.file(asks, "asks.yaml", &Origin::new()).unwrap();
    assert_eq!(alone.finish().unresolved.len(), 1);
    let mut both = Scan::new(&limits);
    both.file(asks, "asks.yaml", &Origin::new()).unwrap();
    both.file(sets, "sets.yaml", &Origin::new()).unwrap();
    let found = both.finish();
    assert_eq!((found.unresolved.len(), found.findings.len()), (0, 1));
}

/// Names beside each other are looked up, not searched for: the work grows with their number, not with its square.
#[test]
fn a_hundred_thousand_names_beside_each_other_take_no_longer_than_their_number() {
    let limits = Limits { findings: 1_000_000, ..Limits::default() };
    let keys = (0..50_000)
        .fold(String::new(), |text, i| text + &format!("k{i}Image: a/b\nk{i}Version: v{i}\n"));
    assert_eq!(search(&keys, &limits).unwrap(), 50_000);
}
