//! Long runs by hand: every fuzz target in a loop, texts of YAML against libyaml, values of charts changed one by one, and
//! copies killed at random moments.

mod claims;
mod kills;
mod yaml;

use std::time::Duration;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::fuzz::{self, Done, targets::TARGETS};
use crate::oracles::report;
use crate::{process, workspace};

/// A part of the long runs.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Every fuzz target
    Fuzz,
    /// Mutated texts of YAML, against libyaml
    Yaml,
    /// Values of charts, changed one by one
    Claims,
    /// Copies, killed
    Kills,
}

/// How long and how.
#[derive(Args)]
pub(crate) struct SoakArgs {
    /// Run only this part
    #[arg(long, value_enum, value_name = "PART")]
    only: Option<Part>,
    /// Inputs for each fuzz target
    #[arg(long, default_value_t = 10_000_000)]
    executions: u64,
    /// Minutes for each fuzz target, instead
    #[arg(long, conflicts_with = "executions")]
    minutes: Option<u64>,
    /// Texts of YAML to compare
    #[arg(long, default_value_t = 10_000_000)]
    mutations: u64,
    /// Copies to kill
    #[arg(long, default_value_t = 200)]
    kills: u64,
    /// The same seed gives the same inputs and moments
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Put the results into SCORES.md
    #[arg(long)]
    record: bool,
    #[command(flatten)]
    claims: claims::ClaimsArgs,
}

impl SoakArgs {
    fn until(&self) -> fuzz::Until {
        let minutes = self.minutes.map(|minutes| Duration::from_secs(minutes.saturating_mul(60)));
        minutes.map_or(fuzz::Until::Executions(self.executions), fuzz::Until::Time)
    }

    fn has(&self, part: Part) -> bool {
        self.only.is_none_or(|only| only == part)
    }
}

/// A long run, as `SCORES.md` has it.
type Row = [String; 6];

/// Runs everything; the first failure ends it.
pub(crate) fn run(soak: &SoakArgs) -> Result<()> {
    let commit = commit()?;
    let row = |what: &str, done: Done, result: &str| row(what, done, soak.seed, &commit, result);
    let mut rows = Vec::new();
    if soak.has(Part::Fuzz) {
        for target in &TARGETS {
            let done = fuzz::repeat(target, soak.until(), soak.seed)?;
            rows.push(row(&format!("fuzz {}", target.name), done, "no crash"));
        }
    }
    if soak.has(Part::Yaml) {
        let yaml::Compared { result, time } = yaml::run(soak.mutations, soak.seed)?;
        let done = Done { executions: soak.mutations, time };
        rows.push(row("events of mutated texts against libyaml's", done, &result));
    }
    if soak.has(Part::Claims) {
        rows.extend(proved_claims(&soak.claims, row)?);
    }
    if soak.has(Part::Kills)
        && let Some(time) = kills::run(soak.kills, soak.seed)?
    {
        let done = Done { executions: soak.kills, time };
        rows.push(row("kill a mirror and run it again", done, "the same digests each time"));
    }
    if soak.record {
        report::record(&rows)?;
    }
    Ok(())
}

fn proved_claims(
    args: &claims::ClaimsArgs,
    row: impl Fn(&str, Done, &str) -> Row,
) -> Result<Option<Row>> {
    let Some(oracles) = workspace::oracles() else {
        println!("soak claims skipped: no oracles");
        return Ok(None);
    };
    let proved = claims::run(&oracles, args)?;
    Ok(proved.map(|claims::Proved { figures, time }| {
        let done = Done { executions: figures.leaves as u64, time };
        let (charts, moving, claimed) = (figures.charts, figures.moving, figures.claimed);
        let result = format!(
            "{charts} charts, {} claims hold, {claimed} of {moving} moving values claimed",
            figures.claims
        );
        row("change a value and render again", done, &result)
    }))
}

fn row(what: &str, done: Done, seed: u64, commit: &str, result: &str) -> Row {
    let (executions, time) = (done.executions, done.time.as_secs());
    println!("soak {what}: {executions} executions, seed {seed}, {time} s, {commit}: {result}");
    let numbers = [executions.to_string(), seed.to_string(), format!("{time} s")];
    let [executions, seed, time] = numbers;
    [what.to_owned(), executions, seed, time, commit.to_owned(), result.to_owned()]
}

/// Names the commit that is run, with a `+` when files differ from it.
fn commit() -> Result<String> {
    let mut git = process::command("git", &["describe", "--always", "--exclude=*", "--dirty=+"]);
    Ok(process::output(&mut git)?.trim().to_owned())
}
