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
            let text = fs_err::read_to_string(path)?;
            let names = text.split("fn row_").skip(1);
            played.extend(names.filter_map(|name| name.get(..2)?.parse::<u32>().ok()));
        }
    }
    Ok(())
}
