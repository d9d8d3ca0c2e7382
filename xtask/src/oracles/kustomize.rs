//! The `kustomize` sets: what `sealift-kustomize` builds, against what kustomize 5.8.2 and its own tests give.

#[path = "../../../crates/kustomize/tests/oracle/run.rs"]
mod cases;
#[path = "../../../crates/kustomize/tests/oracle/deploykf.rs"]
mod deploykf;
pub(super) mod live;
#[path = "../../../crates/kustomize/tests/oracle/needed.rs"]
mod needed;
#[path = "../../../crates/kustomize/tests/oracle/unit.rs"]
mod unit;

use std::path::Path;

use anyhow::Result;

use super::{Outcome, Run};

/// Runs the sets, if they are there.
pub(super) fn run(oracles: &Path, run: &mut Run) -> Result<()> {
    applications(&oracles.join("deploykf/rendered"), run)?;
    let folder = oracles.join("kustomize");
    if !folder.is_dir() {
        run.skip("kustomize", "not found");
        return Ok(());
    }
    run.done(outcome("kustomize-krusty", cases::krusty(&folder.join("krusty"))?));
    run.done(outcome("kustomize-plugins", cases::plugins(&folder.join("plugins"))?));
    run.done(outcome("kustomize-unit", unit::tables(&folder.join("unit"))?));
    let cases::Roots { outputs, errors, restricted } = cases::repositories(&folder.join("roots"))?;
    run.done(outcome("kustomize-roots", outputs));
    run.done(outcome("kustomize-roots-errors", errors));
    run.done(outcome("kustomize-roots-restricted", restricted));
    Ok(())
}

fn applications(rendered: &Path, run: &mut Run) -> Result<()> {
    const SET: &str = "deploykf-kustomize";
    if !rendered.is_dir() {
        run.skip(SET, "not found");
        return Ok(());
    }
    run.done(outcome(SET, deploykf::applications(rendered)?));
    Ok(())
}

fn outcome(set: &str, cases::Outcome { total, failing }: cases::Outcome) -> Outcome {
    let equal = total - failing.len();
    Outcome { set: set.to_owned(), equal, total, failing: failing.into_keys().collect() }
}
