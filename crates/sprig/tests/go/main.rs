//! Templates that Go 1.26.8 executed with sprig 3.3.0 and semver 3.5.0, with what it printed.
//!
//! They were generated: arguments of all types for every function that needs no host, nested
//! maps to merge, damaged JSON, numbers, names in many spellings. With `SPRIG_CASES` at build
//! time, another record is compared.

#[path = "../host/mod.rs"]
mod host;

use std::io::Read as _;

use flate2::read::GzDecoder;
use sealift_gotemplate::{Budget, List, Map, Output, Templates, Value};
use serde_json::Value as Json;

/// A template, what Go wrote, and its error or nothing: a JSON array a line.
const RECORDED: &[u8] = include_bytes!("recorded.jsonl.gz");

#[test]
fn calls_print_what_go_prints() {
    let mut recorded = String::new();
    GzDecoder::new(RECORDED).read_to_string(&mut recorded).expect("the record is gzip");
    let extra = option_env!("SPRIG_CASES").and_then(|path| fs_err::read_to_string(path).ok());
    let (mut total, mut differing) = (0, 0);
    for line in extra.as_ref().unwrap_or(&recorded).lines() {
        let case: [String; 3] = serde_json::from_str(line).expect("a case has three texts");
        let given = render(&case[0]);
        total += 1;
        if given != case[1..] {
            differing += 1;
            println!("{}\n  go:   {:?}\n  here: {given:?}", case[0], &case[1..]);
        }
    }
    println!("sprig calls: {} of {total} equal", total - differing);
    assert_eq!(differing, 0, "of {total} calls");
}

fn render(template: &str) -> [String; 2] {
    let mut templates = Templates::new(sealift_sprig::functions(&host::fixed()));
    let mut output = Output::new();
    let done = templates
        .parse("t", template)
        .and_then(|()| templates.execute("t", &data(), &Budget::default(), &mut output));
    let error = done.err().map(|error| error.to_string());
    [String::from_utf8_lossy(output.bytes()).into_owned(), error.unwrap_or_default()]
}

/// What the templates see: Go has it from the same JSON.
fn data() -> Value {
    value(&serde_json::json!({
        "n": 8080, "f": 1.5, "big": 1_000_000, "s": "str", "list": ["c", "a", "b", "a"],
        "m": {"a": {"b": 1, "c": [1, 2, {"d": "e"}]}, "z": null, "e": {}, "l": []},
        "nul": null, "nums": [3, 1.5, -2],
    }))
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(truth) => (*truth).into(),
        Json::Number(number) => number.as_f64().unwrap_or_default().into(),
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => items.iter().map(value).collect::<List>().into(),
        Json::Object(entries) => {
            entries.iter().map(|(key, json)| (key.as_str(), value(json))).collect::<Map>().into()
        }
    }
}
