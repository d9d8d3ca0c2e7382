//! Scanning Kubeflow: 648 objects.

use std::io::Read as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::measured::{self, Measured, median};
use crate::workspace;

const RUNS: usize = 7;
const MOST_TIME: Duration = Duration::from_millis(300);
const MOST_BYTES: u64 = 150_000_000;

/// Prints the medians and fails above the limits.
pub(super) fn run(sealift: &Path) -> Result<()> {
    let Some(oracles) = workspace::oracles() else {
        println!("bench scan skipped: no oracles");
        return Ok(());
    };
    let scratch = tempfile::tempdir()?;
    let input = scratch.path().join("kubeflow.yaml");
    let mut text = String::new();
    let file = fs_err::File::open(oracles.join("discovery/kubeflow-1.11-rendered.yaml.gz"))?;
    flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text)?;
    fs_err::write(&input, text)?;

    let runs = (0..RUNS).map(|_| scan(sealift, &input)).collect::<Result<Vec<_>>>()?;
    let time = median(runs.iter().map(|run| run.time)).context("no run")?;
    let bytes = median(runs.iter().map(|run| run.peak_bytes)).context("no run")?;
    println!(
        "bench scan: kubeflow 1.11 in {} ms (limit {}), {} MB (limit {})",
        time.as_millis(),
        MOST_TIME.as_millis(),
        bytes / 1_000_000,
        MOST_BYTES / 1_000_000
    );
    if time > MOST_TIME || bytes > MOST_BYTES {
        bail!("scanning Kubeflow takes more than we promise");
    }
    Ok(())
}

fn scan(sealift: &Path, input: &Path) -> Result<Measured> {
    let measured = measured::run(Command::new(sealift).args(["scan", "-o", "names"]).arg(input))?;
    if !matches!(measured.status.code(), Some(0 | 1)) {
        bail!("`sealift scan` ended with {}", measured.status);
    }
    Ok(measured)
}
