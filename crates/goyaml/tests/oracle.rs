//! Every text of `oracles/yaml/parse-*`: the value that sigs.k8s.io/yaml 1.6.0
//! reads must be ours, what it refuses must be refused, and what it writes for the
//! value must be what we write; and every value of `oracles/yaml/emit-*`.

mod json;
mod support;

use json::Json;
use sealift_goyaml::{Limits, first, to_json, to_yaml};
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
    let mut failures = Vec::new();
    let sets = support::SETS.map(|set| format!("parse-{set}"));
    for set in sets.iter().map(String::as_str).chain(["emit-synthetic"]) {
        let Some(cases) = support::lines(set) else {
            println!("skipped: no oracles; set SEALIFT_ORACLES");
            return;
        };
        let (mut total, before) = (0, failures.len());
        for case in cases.filter(|case| case["ok"] != false) {
            total += 1;
            failures.extend(misspelling(&case).map(|found| format!("{set} {total}: {found}")));
        }
        assert!(total > 0, "{set} is empty");
        println!("yaml written {set}: {}/{total} equal", total - (failures.len() - before));
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}

/// How our text for a case's value differs, if it does.
fn misspelling(case: &Value) -> Option<String> {
    let limits = Limits::default();
    let got = match case["text"].as_str() {
        None => to_yaml(Json(&case["value"]), &limits),
        Some(text) => match first(text, &limits).expect("Go reads it") {
            Some(node) => to_yaml(&node, &limits),
            None => to_yaml(Json(&Value::Null), &limits),
        },
    };
    // There is no text where Go fails over the JSON in between.
    let want = case["yaml"].as_str();
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
