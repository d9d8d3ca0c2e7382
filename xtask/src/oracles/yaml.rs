//! YAML sets: what `sealift-goyaml` reads and writes, against what Go's sigs.k8s.io/yaml read and wrote.

#[path = "../../../crates/goyaml/tests/json/mod.rs"]
mod json;

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result};
use sealift_goyaml::{Limits, first, to_json, to_yaml};
use serde_json::Value;

use super::{Outcome, Run, compressed};

/// Sets that hold texts with the value that Go read from each.
const PARSE: [&str; 4] =
    ["parse-edge", "parse-mutated", "parse-rendered-docs", "parse-source-files"];

/// The set that holds values with the text that Go wrote for each.
const EMIT: &str = "emit-synthetic";

/// Runs every set of texts to read, and writes again what was read.
pub(super) fn run(oracles: &Path, run: &mut Run) -> Result<()> {
    for name in PARSE.into_iter().chain([EMIT]) {
        let file = oracles.join("yaml").join(format!("{name}.jsonl.gz"));
        if !file.exists() {
            run.skip(&format!("yaml-{name}"), "not found");
            continue;
        }
        let text = compressed(&file)?;
        if name == EMIT {
            run.done(written("yaml-emit-synthetic".to_owned(), &text)?);
        } else {
            run.done(parsed(format!("yaml-{name}"), &text)?);
            run.done(written(name.replace("parse", "yaml-emit"), &text)?);
        }
    }
    Ok(())
}

fn written(set: String, text: &str) -> Result<Outcome> {
    let mut failing = BTreeSet::new();
    let mut total = 0;
    for (number, line) in (1..).zip(text.lines().filter(|line| !line.is_empty())) {
        let case: Value =
            serde_json::from_str(line).with_context(|| format!("{set} line {number}"))?;
        if case["ok"] == false {
            continue;
        }
        total += 1;
        if write(&case).as_deref() != case["yaml"].as_str() {
            failing.insert(format!("line {number:04}"));
        }
    }
    Ok(Outcome { set, equal: total - failing.len(), total, failing })
}

/// Writes the value of a case, or what its text holds; `None` where it cannot be written.
fn write(case: &Value) -> Option<String> {
    let limits = Limits::default();
    let Some(text) = case["text"].as_str() else {
        return to_yaml(json::Json(&case["value"]), &limits).ok();
    };
    match first(text, &limits).ok()? {
        Some(node) => to_yaml(&node, &limits).ok(),
        None => to_yaml(json::Json(&Value::Null), &limits).ok(),
    }
}

fn parsed(set: String, text: &str) -> Result<Outcome> {
    let mut failing = BTreeSet::new();
    let mut total = 0;
    for (number, line) in (1..).zip(text.lines().filter(|line| !line.is_empty())) {
        let case: Value =
            serde_json::from_str(line).with_context(|| format!("{set} line {number}"))?;
        let text =
            case["text"].as_str().with_context(|| format!("{set} line {number} has no text"))?;
        let want = (case["ok"] == true).then_some(&case["json"]);
        total += 1;
        if read(text).as_ref() != want {
            failing.insert(format!("line {number:04}"));
        }
    }
    Ok(Outcome { set, equal: total - failing.len(), total, failing })
}

/// Reads a text to the value that its JSON stands for; `None` where it is refused.
fn read(text: &str) -> Option<Value> {
    let json = match first(text, &Limits::default()).ok()? {
        Some(node) => to_json(&node).ok()?,
        None => return Some(Value::Null),
    };
    serde_json::from_str(&json).ok()
}
