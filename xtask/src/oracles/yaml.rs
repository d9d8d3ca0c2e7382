//! YAML sets: what `sealift-goyaml` reads, against what Go's sigs.k8s.io/yaml read.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result};
use sealift_goyaml::{Limits, first, to_json};
use serde_json::Value;

use super::{Outcome, Run, compressed};

/// Sets that hold texts with the value that Go read from each.
const PARSE: [&str; 4] =
    ["parse-edge", "parse-mutated", "parse-rendered-docs", "parse-source-files"];

/// Runs every set of texts to read.
pub(super) fn run(oracles: &Path, run: &mut Run) -> Result<()> {
    for name in PARSE {
        let file = oracles.join("yaml").join(format!("{name}.jsonl.gz"));
        let set = format!("yaml-{name}");
        if file.exists() {
            run.done(parsed(set, &compressed(&file)?)?);
        } else {
            run.skip(&set, "not found");
        }
    }
    run.skip("yaml-emit-synthetic", "not supported yet");
    Ok(())
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
