//! `make check`: everything besides the tests that must hold before a change lands.

use std::time::Instant;

use anyhow::{Context as _, Result};

use crate::oracles::{self, Mode};
use crate::{deps, dist, docs, process};

/// A step and how it is done.
type Step = (&'static str, fn() -> Result<()>);

const STEPS: [Step; 8] = [
    ("format", format),
    ("dependency rules", deps::check),
    ("packages", deny),
    ("lints", lints),
    ("documentation", documentation),
    ("generated files", || docs::run(true)),
    ("oracles", || oracles::run(Mode::Check, None)),
    ("static binary", dist::run),
];

/// Runs every step and stops at the first that fails.
pub(crate) fn run() -> Result<()> {
    for (name, step) in STEPS {
        let start = Instant::now();
        println!("check: {name}");
        step().with_context(|| format!("check: {name}"))?;
        println!("check: {name}: ok, {:.0} s", start.elapsed().as_secs_f64());
    }
    Ok(())
}

fn format() -> Result<()> {
    process::run(&mut process::cargo(&["fmt", "--all", "--check"]))
}

/// Asks cargo-deny where it is installed; `deps::check` has held the same rules already.
fn deny() -> Result<()> {
    if !process::installed("cargo-deny") {
        println!(
            "cargo-deny is not installed; `cargo xtask deps` has held deny.toml's rules, advisories are not checked"
        );
        return Ok(());
    }
    process::run(&mut process::cargo(&["deny", "--locked", "check", "bans", "licenses", "sources"]))
}

fn lints() -> Result<()> {
    process::run(&mut process::cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "--deny",
        "warnings",
    ]))
}

fn documentation() -> Result<()> {
    let mut command = process::cargo(&[
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
        "--locked",
    ]);
    process::run(command.env("RUSTDOCFLAGS", "-D warnings"))
}
