//! Chores of the repository: `cargo xtask help`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a chore reports to the person who runs it"
)]

mod deps;
mod process;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

/// Chores of the repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Task {
    /// Check which crate uses which, purity, licences, duplicates, sources and bans
    Deps,
}

impl Task {
    fn run(self) -> Result<()> {
        match self {
            Self::Deps => deps::check(),
        }
    }
}

fn main() -> ExitCode {
    match Task::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
