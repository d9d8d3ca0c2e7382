//! `helm-probes`: expressions that Helm 4.2.3 evaluated in a template of a chart.

#[path = "../../../../crates/helm/tests/probes/run.rs"]
mod cases;

use std::path::Path;

use anyhow::{Result, anyhow};
use sealift_products::charts::on_large_stack;

use super::outcome;
use crate::oracles::Run;

const SET: &str = "helm-probes";

pub(super) fn run(oracles: &Path, run: &mut Run) -> Result<()> {
    let folder = oracles.join(SET);
    if !folder.is_dir() {
        run.skip(SET, "not found");
        return Ok(());
    }
    let cases::Outcome { total, failing, differences } =
        on_large_stack(|| cases::run(&folder))?.map_err(|error| anyhow!(error))?;
    if super::is_verbose() {
        for difference in &differences {
            println!("{difference}");
        }
    }
    run.done(outcome(SET, total, failing));
    Ok(())
}
