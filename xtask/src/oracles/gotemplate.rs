//! The `gotemplate` set: what `sealift-gotemplate` renders, against what Go's text/template rendered.

#[path = "../../../crates/gotemplate/tests/oracle/run.rs"]
mod cases;

use std::path::Path;

use anyhow::Result;

use super::{Outcome, Run};

/// Runs the set, if it is there.
pub(super) fn run(oracles: &Path, run: &mut Run) -> Result<()> {
    let folder = oracles.join("gotemplate");
    if !folder.is_dir() {
        run.skip("gotemplate", "not found");
        return Ok(());
    }
    let read = |name| fs_err::read_to_string(folder.join(name));
    let cases::Outcome { total, failing } =
        cases::run(&read("cases.json")?, &read("go-1.26.json")?)?;
    run.done(Outcome {
        set: "gotemplate".to_owned(),
        equal: total - failing.len(),
        total,
        failing,
    });
    Ok(())
}
