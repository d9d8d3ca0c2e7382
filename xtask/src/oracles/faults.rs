//! The `fault-matrix` set: which rows of the matrix of faults have a test that is named by them, `row_NN_…`.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::{Outcome, Run};
use crate::workspace;

/// Where such tests are.
const FOLDERS: [&str; 3] =
    ["crates/cli/tests/faults", "crates/registry/tests", "crates/registry/src"];

/// The faults that a copy between registries can meet.
fn rows() -> impl Iterator<Item = u32> {
    (1..=49).chain([51, 56, 57])
}

/// Counts the rows; whether the tests pass is said by `cargo test`.
pub(super) fn run(_oracles: &Path, run: &mut Run) -> Result<()> {
    let mut played = BTreeSet::new();
    for folder in FOLDERS {
        collect(&workspace::root().join(folder), &mut played)?;
    }
    let failing =
        rows().filter(|row| !played.contains(row)).map(|row| format!("row {row}")).collect();
    let total = rows().count();
    let outcome = |failing: BTreeSet<String>| Outcome {
        set: "fault-matrix".to_owned(),
        equal: total - failing.len(),
        total,
        failing,
    };
    run.done(outcome(failing));
    Ok(())
}

fn collect(folder: &Path, played: &mut BTreeSet<u32>) -> Result<()> {
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, played)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            played.extend(played_by(&fs_err::read_to_string(path)?));
        }
    }
    Ok(())
}

/// The rows that the tests of a file are named by; what is ignored, or no test, plays none.
fn played_by(text: &str) -> Vec<u32> {
    let mut rows = Vec::new();
    let mut attributes = String::new();
    for line in text.lines().map(str::trim_start) {
        if line.starts_with("#[") {
            attributes.push_str(line);
            continue;
        }
        let is_test = attributes.contains("test]") && !attributes.contains("#[ignore");
        if let Some((_, name)) = line.split_once("fn row_").filter(|_| is_test) {
            rows.extend(name.get(..2).and_then(|row| row.parse::<u32>().ok()));
        }
        attributes.clear();
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tests_that_run_play_a_row() {
        let text = "#[test]\nfn row_01_a() {}\n#[tokio::test]\nasync fn row_02_b() {}\n\
                    #[test]\n#[ignore = \"slow\"]\nfn row_03_c() {}\nfn row_04_d() {}\n";
        assert_eq!(played_by(text), [1, 2]);
    }
}
