//! Chores of the repository: `cargo xtask help`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a chore reports to the person who runs it"
)]

mod bench;
mod built;
mod check;
mod deps;
mod dist;
mod docs;
mod fuzz;
mod measured;
mod noise;
mod oracles;
mod peers;
mod process;
mod soak;
mod workspace;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use clap::{Args, Parser};

use oracles::Mode;

/// Chores of the repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Task {
    /// Measure scanning, copying, rendering and hostile schemas against what we promise
    Bench(BenchArgs),
    /// Do everything of `make check` besides the tests
    Check,
    /// Check which crate uses which, purity, licences, duplicates, sources and bans
    Deps,
    /// Build the static binary and run its demo where there is nothing else
    Dist,
    /// Write docs/cli.md and docs/schemas
    Docs(DocsArgs),
    /// Run fuzz targets in a loop
    Fuzz(FuzzArgs),
    /// Run sealift on inputs of which the results of the real tools are known, and write SCORES.md
    Oracles(OraclesArgs),
    /// Install the real tools to compare with
    Peers,
    /// Record anew what the compiler is told of how often each function runs
    Train,
    /// Run every fuzz target for long, change each value of each chart, and kill copies
    Soak(soak::SoakArgs),
}

#[derive(Args)]
struct BenchArgs {
    /// Run only this one
    #[arg(value_enum, value_name = "NAME")]
    only: Option<bench::Bench>,
    #[command(flatten)]
    copy: bench::copy::CopyArgs,
}

#[derive(Args)]
struct DocsArgs {
    /// Write nothing and fail when a file is not current
    #[arg(long)]
    check: bool,
}

#[derive(Args)]
struct FuzzArgs {
    /// Without it: all of them
    target: Option<String>,
    /// Inputs to try
    #[arg(long, default_value_t = 100_000)]
    executions: u64,
    /// Minutes to try inputs, for each target, instead
    #[arg(long, conflicts_with = "executions")]
    minutes: Option<u64>,
    /// The same seed gives the same inputs
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl FuzzArgs {
    fn until(&self) -> fuzz::Until {
        match self.minutes {
            Some(minutes) => fuzz::Until::Time(Duration::from_secs(60 * minutes)),
            None => fuzz::Until::Executions(self.executions),
        }
    }
}

#[derive(Args)]
struct OraclesArgs {
    /// Print the scores only
    #[arg(long)]
    no_write: bool,
    /// Write nothing; fail when results and lists disagree, or when a list grew
    #[arg(long, conflicts_with = "no_write")]
    check: bool,
    /// Run only these sets, and write and check nothing: yaml, gotemplate, charts, kustomize, discovery, faults
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Compare these charts and kustomizations with the real Helm and kustomize that `make peers` builds
    #[arg(long, value_name = "DIR", num_args = 1.., exclusive = true)]
    live: Vec<String>,
}

impl OraclesArgs {
    fn mode(&self) -> Mode {
        match (self.check, self.no_write) {
            (true, _) => Mode::Check,
            (false, true) => Mode::Print,
            (false, false) => Mode::Write,
        }
    }
}

impl Task {
    fn run(self) -> Result<()> {
        match self {
            Self::Bench(bench) => bench::run(bench.only, &bench.copy),
            Self::Check => check::run(),
            Self::Deps => deps::check(),
            Self::Dist => dist::run(),
            Self::Docs(docs) => docs::run(docs.check),
            Self::Fuzz(fuzz) => fuzz::run(fuzz.target.as_deref(), fuzz.until(), fuzz.seed),
            Self::Oracles(oracles) if !oracles.live.is_empty() => oracles::live(&oracles.live),
            Self::Oracles(oracles) => oracles::run(oracles.mode(), oracles.only.as_deref()),
            Self::Peers => peers::run(),
            Self::Soak(soak) => soak::run(&soak),
            Self::Train => dist::train(),
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
