//! Programs of the workspace, built as its tests are, so that nothing is built twice with other features.

use std::path::PathBuf;

use anyhow::Result;

use crate::{process, workspace};

/// Builds every binary with the features that the tests use and returns the path of `sealift`.
pub(crate) fn sealift() -> Result<PathBuf> {
    process::run(&mut process::cargo(&[
        "build",
        "--quiet",
        "--workspace",
        "--bins",
        "--tests",
        "--locked",
    ]))?;
    Ok(workspace::target().join("debug/sealift"))
}

/// Builds `sealift` and an example of its crate for speed, and returns their paths.
pub(crate) fn fast_with(example: &str) -> Result<(PathBuf, PathBuf)> {
    let sealift = fast()?;
    build_fast(&["--example", example])?;
    Ok((sealift, workspace::target().join("fast/examples").join(example)))
}

/// Builds `sealift` for speed and returns its path.
pub(crate) fn fast() -> Result<PathBuf> {
    build_fast(&[])?;
    Ok(workspace::target().join("fast/sealift"))
}

fn build_fast(programs: &[&str]) -> Result<()> {
    const BUILD: [&str; 7] =
        ["build", "--quiet", "--profile", "fast", "--package", "sealift-cli", "--locked"];
    process::run(process::cargo(&BUILD).args(programs))
}
