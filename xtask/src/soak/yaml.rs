//! Mutated texts of YAML, whose events must be libyaml's.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::process;

/// What was compared, and in which time.
pub(super) struct Compared {
    /// Such as `3761042 of them valid, 0 differ`.
    pub(super) result: String,
    pub(super) time: Duration,
}

/// Compares so many texts, and fails where the events of one differ.
pub(super) fn run(mutations: u64, seed: u64) -> Result<Compared> {
    const TEST: [&str; 9] = [
        "test",
        "--release",
        "--package",
        "sealift-goyaml",
        "--test",
        "differential",
        "mutated",
        "--",
        "--nocapture",
    ];
    let start = Instant::now();
    let mut test = process::cargo(&TEST);
    test.env("YAML_MUTATIONS", mutations.to_string()).env("YAML_SEED", seed.to_string());
    let output = process::output(&mut test)?;
    let line = output.lines().find(|line| line.contains(" mutations with seed "));
    let (_, found) =
        line.and_then(|line| line.split_once(", ")).context("the test said nothing")?;
    Ok(Compared { result: found.replace(": ", ", "), time: start.elapsed() })
}
