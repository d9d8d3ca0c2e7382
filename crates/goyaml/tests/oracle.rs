//! Every text of `oracles/yaml/parse-*`: the value that sigs.k8s.io/yaml 1.6.0
//! reads must be ours, what it refuses must be refused, and what it writes for the
//! value must be what we write; and every value of `oracles/yaml/emit-*`.

mod json;
mod support;

use json::Json;
use sealift_goyaml::{Emit, Limits, first, to_json, to_yaml};
use serde_json::Value;

#[test]
fn every_text_reads_as_in_go_or_is_refused_as_in_go() {
    let mut failures = Vec::new();
    for set in support::SETS {
        let Some(cases) = support::cases(set) else {
            println!("skipped: no oracles; set SEALIFT_ORACLES");
            return;
        };
        let (mut total, before) = (0, failures.len());
        for case in cases {
            total += 1;
            failures
                .extend(difference(&case).map(|difference| format!("{set} {total}: {difference}")));
        }
        assert!(total > 0, "{set} is empty");
        println!("yaml parse-{set}: {}/{total} equal", total - (failures.len() - before));
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_value_is_written_byte_for_byte_as_in_go() {
    let Some(cases) = support::lines("emit-synthetic") else {
        println!("skipped: no oracles; set SEALIFT_ORACLES");
        return;
    };
    let mut failures: Vec<_> =
        cases.filter_map(|case| misspelling(Json(&case["value"]), &case)).collect();
    for cases in support::SETS.into_iter().filter_map(support::cases) {
        for case in cases.filter(|case| case["ok"] == true) {
            let text = case["text"].as_str().expect("`text` is a string");
            failures.extend(match first(text, &Limits::default()) {
                Ok(Some(node)) => misspelling(&node, &case),
                _ => misspelling(Json(&Value::Null), &case),
            });
        }
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}

/// How our text for a value differs from a case's, if it does.
fn misspelling<'a>(value: impl Emit<'a>, case: &Value) -> Option<String> {
    // Nothing where Go fails over the JSON in between.
    let want = case["yaml"].as_str();
    let got = to_yaml(value, &Limits::default());
    (got.as_deref().ok() != want).then(|| format!("got  {got:?}\nwant {want:?}"))
}

/// What is wrong with our reading of a case, if anything is.
fn difference(case: &Value) -> Option<String> {
    let text = case["text"].as_str().expect("`text` is a string");
    let read = first(text, &Limits::default()).and_then(|node| match node {
        Some(node) => to_json(&node),
        None => Ok("null".to_owned()),
    });
    let (got, want) = match (read, case["ok"].as_bool().expect("`ok` is a boolean")) {
        (Err(_), false) => return None,
        (Ok(json), true) => {
            let value: Value = serde_json::from_str(&json).expect("what `to_json` writes is JSON");
            if value == case["json"] {
                return None;
            }
            (json, case["json"].to_string())
        }
        (Ok(json), false) => (json, "an error".to_owned()),
        (Err(error), true) => (error.to_string(), case["json"].to_string()),
    };
    let short = |text: &str| text.chars().take(800).collect::<String>();
    Some(format!("{:?}\n    got  {}\n    want {}", short(text), short(&got), short(&want)))
}
