//! Charts rendered by `sealift-helm`, against what real releases of Helm rendered.

mod archive;
mod deploykf;
mod facts;
mod goldens;
mod host;
mod kkp;
pub(crate) mod live;
mod probes;
mod render;
mod wild;

use std::path::Path;

use anyhow::Result;

use super::{Outcome, Run};
use crate::workspace;

/// Runs the sets that are there.
pub(super) fn run(oracles: &Path, run: &mut Run) -> Result<()> {
    probes::run(oracles, run)?;
    goldens::run(oracles, run)?;
    kkp::run(oracles, run)?;
    deploykf::run(oracles, run)
}

/// Whether each difference is printed: `SEALIFT_DIFFERENCES=1`.
fn is_verbose() -> bool {
    workspace::environment("SEALIFT_DIFFERENCES").is_some()
}

fn outcome(set: &str, total: usize, failing: std::collections::BTreeSet<String>) -> Outcome {
    Outcome { set: set.to_owned(), equal: total - failing.len(), total, failing }
}
