//! Every text of `oracles/yaml/parse-*`: the value that sigs.k8s.io/yaml 1.6.0
//! reads must be ours, and what it refuses must be refused.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use sealift_goyaml::{Limits, first, to_json};
use serde_json::Value;

/// The folder with the oracles, if it is on this machine.
fn oracles() -> Option<PathBuf> {
    let folder = match std::env::var_os("SEALIFT_ORACLES") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracles"),
    };
    folder.join("yaml").is_dir().then(|| folder.join("yaml"))
}

/// What is wrong with our reading of one line of an oracle, if anything is.
fn difference(case: &Value) -> Option<String> {
    let text = case["text"].as_str().expect("`text` is a string");
    let read = first(text, &Limits::default()).and_then(|node| match node {
        Some(node) => to_json(&node),
        None => Ok("null".to_owned()),
    });
    match (read, case["ok"].as_bool().expect("`ok` is a boolean")) {
        (Err(_), false) => None,
        (Ok(json), true)
            if serde_json::from_str::<Value>(&json).ok().as_ref() == Some(&case["json"]) =>
        {
            None
        }
        (Ok(json), true) => Some(format!("got {json}, want {}", case["json"])),
        (Ok(json), false) => Some(format!("got {json}, want an error")),
        (Err(error), true) => Some(format!("got `{error}`, want {}", case["json"])),
    }
}

fn check(file: &str) {
    let Some(folder) = oracles() else {
        println!("skipped: no oracles; set SEALIFT_ORACLES");
        return;
    };
    let lines = BufReader::new(GzDecoder::new(File::open(folder.join(file)).unwrap())).lines();
    let mut cases = 0;
    let mut failures = Vec::new();
    for line in lines {
        let case: Value = serde_json::from_str(&line.unwrap()).unwrap();
        cases += 1;
        if let Some(difference) = difference(&case) {
            let text: String = case["text"].to_string().chars().take(400).collect();
            failures
                .push(format!("{text}\n    {}", difference.chars().take(800).collect::<String>()));
        }
    }
    println!("{file}: {}/{cases} equal", cases - failures.len());
    assert!(cases > 0, "{file} is empty");
    assert!(failures.is_empty(), "{} of {cases} differ:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn edge_cases_read_as_in_go() {
    check("parse-edge.jsonl.gz");
}

#[test]
fn files_of_charts_read_as_in_go() {
    check("parse-source-files.jsonl.gz");
}

#[test]
fn mutated_files_read_as_in_go() {
    check("parse-mutated.jsonl.gz");
}

#[test]
fn rendered_documents_read_as_in_go() {
    check("parse-rendered-docs.jsonl.gz");
}
