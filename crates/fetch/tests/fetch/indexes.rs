//! `index.yaml`: what is read, what is refused, which version is meant.

use sealift_fetch::{Error, Index, Limits};

use crate::fixture::{Told, write};
use crate::peers::helm;

const REPOSITORY: &str = "https://charts.example";

fn read(text: &str) -> Result<Index, Error> {
    Index::read(text.as_bytes(), REPOSITORY, &Limits::default())
}

/// An index with one chart `a` of these versions, in this order.
pub(crate) fn index(versions: &[&str]) -> String {
    let entries: Vec<String> = versions
        .iter()
        .map(|version| format!("  - {{name: a, version: '{version}', urls: [a-{version}.tgz]}}\n"))
        .collect();
    format!("apiVersion: v1\nentries:\n  a:\n{}", entries.concat())
}

/// Versions as a repository might list them, in no order.
pub(crate) const VERSIONS: [&str; 9] =
    ["1.2.3", "1.10.0", "2.0.0-rc.1", "v1.9.0", "1.2.10", "2.0.0-rc.2", "0.9.0", "1.10.0+b", "bad"];

/// Words, and the versions that Helm 4.2.4 takes for them (it is asked below).
pub(crate) const MEANT: [(&str, Option<&str>); 18] = [
    ("", Some("1.10.0")),
    ("1.2.3", Some("1.2.3")),
    ("v1.2.3", Some("1.2.3")),
    ("1.9.0", Some("v1.9.0")),
    ("1.2", Some("1.2.10")),
    ("1", Some("1.10.0")),
    ("1.x", Some("1.10.0")),
    ("~1.2.4", Some("1.2.10")),
    ("^1", Some("1.10.0")),
    ("<1.10.0", Some("v1.9.0")),
    (">1.10.0", None),
    (">0.0.0-0", Some("2.0.0-rc.2")),
    ("2.0.0-rc.1", Some("2.0.0-rc.1")),
    ("1.10.0+b", Some("1.10.0+b")),
    ("0.9 || 1.2.3", Some("1.2.3")),
    ("0.1 - 1.0", Some("0.9.0")),
    ("bad", None),
    ("3", None),
];

#[test]
fn a_word_means_the_version_that_helm_takes() {
    let index = read(&index(&VERSIONS)).expect("read");
    for (word, want) in MEANT {
        let found = index.select("a", word, REPOSITORY, &());
        assert_eq!(found.ok().map(|entry| entry.version.as_str()), want, "{word}");
    }
}

#[test]
fn another_version_than_the_written_one_is_told() {
    let index = read(&index(&VERSIONS)).expect("read");
    for (word, told) in [("1.2", vec!["a 1.2: 1.2.10"]), ("1.2.3", vec![]), ("~1.2", vec![])] {
        let observer = Told::default();
        index.select("a", word, REPOSITORY, &observer).expect("found");
        assert_eq!(observer.lines(), told);
    }
}

#[test]
fn what_is_not_there_is_told_with_what_is_near() {
    let text = index(&VERSIONS).replace("  a:", "  cert-manager: []\n  nginx: []\n  a:");
    let index = read(&text).expect("read");
    let error = |chart, version| {
        index.select(chart, version, REPOSITORY, &()).expect_err("not there").to_string()
    };
    assert_eq!(
        error("cert-managr", ""),
        "https://charts.example has no chart `cert-managr`; did it mean cert-manager"
    );
    assert_eq!(error("zzz", ""), "https://charts.example has no chart `zzz`");
    assert_eq!(
        error("a", "1.2.4"),
        "https://charts.example has no version `1.2.4` of chart `a`; \
         it has 1.10.0+b, v1.9.0, 1.2.10, 1.2.3, 0.9.0"
    );
    assert_eq!(error("a", "1.2.y"), "`1.2.y` is no version and no constraint");
    assert_eq!(error("nginx", ""), "https://charts.example has no release of chart `nginx`");
}

/// Helm CVE-2020-15185: hostile case H15.
#[test]
fn one_version_with_two_contents_is_refused() {
    let (one, two) = ("1".repeat(64), "2".repeat(64));
    let index = |first: &str, second: &str| {
        let entry =
            |digest: &str| format!("  - {{version: 1.0.0, digest: '{digest}', urls: [a]}}\n");
        read(&format!("apiVersion: v1\nentries:\n  a:\n{}{}", entry(first), entry(second)))
    };
    for (first, second) in [(&one, &two), (&one, &String::new()), (&String::new(), &one)] {
        let index = index(first, second).expect("read");
        let error = index.select("a", "1.0.0", REPOSITORY, &()).expect_err("refused");
        assert_eq!(error.class(), Some("ambiguous"), "{error}");
        assert!(error.to_string().contains("chart `a` 1.0.0 2 times"), "{error}");
    }
    let index = index(&one, &format!("sha256:{}", one.to_uppercase())).expect("read");
    index.select("a", "", REPOSITORY, &()).expect("the same twice");
    let urls = "apiVersion: v1\nentries:\n  a:\n  - {version: 1.0.0, urls: [a]}\n  - {version: 1.0.0, urls: [b]}\n";
    let error = read(urls).expect("read").select("a", "", REPOSITORY, &()).expect_err("refused");
    assert_eq!(error.class(), Some("ambiguous"));
}

/// Hostile case H15: each of two readers could take another one.
#[test]
fn a_key_that_stands_twice_is_refused() {
    for text in [
        "apiVersion: v1\nentries: {a: [], a: []}",
        "apiVersion: v1\nentries: {}\nentries: {}",
        r#"{"apiVersion":"v1","entries":{"a":[{"version":"1.0.0","version":"1.0.1"}]}}"#,
    ] {
        let error = read(text).expect_err("refused");
        assert_eq!(error.class(), Some("ambiguous"), "{error}");
    }
}

/// Hostile cases H11 (Helm CVE-2022-23526), A12.
#[test]
fn what_cannot_be_read_is_told_by_its_key() {
    for (entries, want) in [
        ("[null]", "`entries.a[0]` is empty or no mapping"),
        ("[{version: 1.0.0}, ~]", "`entries.a[1]` is empty or no mapping"),
        ("3", "`entries.a` is no list"),
        ("[{version: 1.0}]", "`entries.a[0].version` is no text"),
        ("[{version: 1.0.0, urls: x}]", "`entries.a[0].urls` is no list"),
        ("[{version: 1.0.0, urls: [1]}]", "`entries.a[0].urls` holds what is no text"),
        ("[{version: 1.0.0, digest: 12ab}]", "`entries.a[0].digest` is no SHA-256"),
        ("[{version: 1.0.0, digest: 'md5:00'}]", "`entries.a[0].digest` is no SHA-256"),
    ] {
        let index = format!("apiVersion: v1\nentries: {{b: [{{version: 1.0.0}}], a: {entries}}}");
        let index = read(&index).expect("the rest is good");
        let error = index.select("a", "", REPOSITORY, &()).expect_err(entries);
        assert_eq!(error.to_string(), format!("in the index of {REPOSITORY}, {want}"));
        assert_eq!(error.class(), Some("type"));
        index.select("b", "", REPOSITORY, &()).expect("another chart");
    }
    let index = read(&index(&["1.0.0"])).expect("read");
    for name in ["..", "a/b", ""] {
        assert_eq!(index.select(name, "", REPOSITORY, &()).expect_err(name).class(), Some("name"));
    }
}

#[test]
fn what_is_no_index_is_refused() {
    for (text, want) in [
        ("", "cannot be used: it is empty"),
        ("# nothing", "cannot be used: it is empty"),
        ("<html></html>", "cannot be used: it is no mapping"),
        ("entries: {}", "cannot be used: it has no apiVersion"),
        ("apiVersion: v1\nentries: [1]", "cannot be used: its `entries` are no mapping"),
        ("a: [", "cannot be read as YAML"),
    ] {
        let error = read(text).expect_err(text);
        assert_eq!(error.to_string(), format!("the index of {REPOSITORY} {want}"));
        let want =
            if text.is_empty() || text == "# nothing" { Some("type") } else { error.class() };
        assert_eq!(error.class(), want);
    }
    assert!(read("apiVersion: v1").expect("no charts").names().next().is_none());
}

/// Argo CVE-2024-29893: hostile case H15.
#[test]
fn an_index_that_is_too_much_is_refused() {
    let text = index(&["1.0.0"]);
    let read = |index_bytes| {
        Index::read(text.as_bytes(), REPOSITORY, &Limits { index_bytes, ..Limits::default() })
    };
    read(text.len()).expect("as long as it may be");
    assert_eq!(read(text.len() - 1).expect_err("longer").class(), Some("limit"));
    let deep = format!("apiVersion: v1\nentries: {}", "[".repeat(2000));
    assert_eq!(self::read(&deep).expect_err("deep").class(), Some("limit"));
    let many = format!("apiVersion: v1\nx: [{}]", "1,".repeat(1 << 16));
    let limits = Limits { index_bytes: 1 << 20, ..Limits::default() };
    let error = Index::read(many.as_bytes(), REPOSITORY, &limits).expect_err("many");
    assert_eq!(error.class(), Some("limit"));
    let bomb: Vec<String> = (1..9)
        .map(|at| format!("x{at}: &x{at} [{}]\n", format!("*x{},", at - 1).repeat(9)))
        .collect();
    let bomb = format!("apiVersion: v1\nx0: &x0 [1]\n{}", bomb.concat());
    assert_eq!(self::read(&bomb).expect_err("a bomb").class(), Some("limit"));
}

#[test]
fn helm_itself_takes_these_versions() {
    for name in ["helm-4.2.4", "helm-3.21.4"] {
        let Some(helm) = helm(name) else { continue };
        let place = tempfile::tempdir().expect("a folder");
        let nobody = "repositories:\n- {name: x, url: 'http://127.0.0.1:1'}\n";
        let file = write(place.path(), "repositories.yaml", nobody).display().to_string();
        // Entries that are not valid are passed over; the name makes the others valid.
        write(place.path(), "x-index.yaml", &index(&VERSIONS));
        let cache = place.path().display().to_string();
        for (word, want) in MEANT {
            let found = helm.try_run(&[
                "pull",
                "x/a",
                "--version",
                word,
                "--repository-config",
                &file,
                "--repository-cache",
                &cache,
            ]);
            // Nobody listens where the archive is, so that the error names it.
            let error = found.expect_err("nobody listens");
            let taken = want.map(|version| format!("/a-{version}.tgz"));
            let has_it = taken.is_some_and(|taken| error.contains(&taken));
            assert_eq!(has_it, want.is_some(), "{name} {word}: {error}");
            assert_eq!(error.contains("127.0.0.1:1/a-"), want.is_some(), "{name} {word}: {error}");
        }
    }
}
