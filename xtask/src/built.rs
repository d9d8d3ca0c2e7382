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

/// Builds an example of `sealift`'s crate for speed, and returns its path.
pub(crate) fn fast_example(name: &str) -> Result<PathBuf> {
    build_fast(&["--example", name])?;
    Ok(workspace::target().join("fast/examples").join(name))
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
