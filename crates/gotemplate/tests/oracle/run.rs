//! Runs cases of which Go's results are known.
//!
//! Needs nothing but `serde_json`, so that a chore can include it.

use std::collections::{BTreeMap, BTreeSet};

use sealift_gotemplate::{Budget, Functions, List, Map, MissingKey, Output, Templates, Value};
use serde_json::Value as Json;

/// How many cases there were, and which differ from Go.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) total: usize,
    pub(crate) failing: BTreeSet<String>,
}

/// What a template gave: what it wrote, and its error or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) output: String,
    pub(crate) error: String,
}

/// Runs `cases` (a list of `name`, `tpl`, `data`, `mk`) and compares with what Go gave
/// (a list of `Name`, `Out`, `Err`).
pub(crate) fn run(cases: &str, expected: &str) -> Result<Outcome, serde_json::Error> {
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let expected: Vec<Json> = serde_json::from_str(expected)?;
    let expected: BTreeMap<String, Given> = expected
        .iter()
        .map(|go| (text(&go["Name"]), Given { output: text(&go["Out"]), error: text(&go["Err"]) }))
        .collect();
    let mut outcome = Outcome::default();
    for case in serde_json::from_str::<Vec<Json>>(cases)? {
        let name = text(&case["name"]);
        outcome.total += 1;
        if Some(&render(&case, Functions::new(), &value(&case["data"]))) != expected.get(&name) {
            outcome.failing.insert(name);
        }
    }
    Ok(outcome)
}

/// Renders one case with the data and functions of a host.
pub(crate) fn render(case: &Json, functions: Functions, data: &Value) -> Given {
    let missing_key = match case["mk"].as_str() {
        Some("zero") => MissingKey::Zero,
        Some("error") => MissingKey::Error,
        _ => MissingKey::Default,
    };
    let mut templates = Templates::new(functions).missing_key(missing_key);
    let mut output = Output::new();
    let error = templates
        .parse("t", case["tpl"].as_str().unwrap_or_default())
        .and_then(|()| templates.execute("t", data, &Budget::default(), &mut output))
        .err();
    Given {
        output: String::from_utf8_lossy(output.bytes()).into_owned(),
        error: error.map(|error| error.to_string()).unwrap_or_default(),
    }
}

/// Returns what `encoding/json` makes of JSON: every number is a `float64`, and lists
/// have room for further elements up to a power of two.
pub(crate) fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(truth) => (*truth).into(),
        Json::Number(number) => number.as_f64().unwrap_or_default().into(),
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => {
            let room = if items.is_empty() { 0 } else { items.len().next_power_of_two() };
            List::with_capacity(items.iter().map(value).collect(), room).into()
        }
        Json::Object(entries) => {
            let entries = entries.iter().map(|(key, json)| (key.as_str(), value(json)));
            entries.collect::<Map>().into()
        }
    }
}
