//! Runs sealift on inputs of which the results of the real tools are known.

pub(crate) mod charts;
mod discovery;
mod faults;
mod gotemplate;
mod kustomize;
mod lists;
pub(crate) mod report;
mod score;
mod yaml;

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Result, bail};

use crate::workspace;

/// Folders of the oracles that nothing here runs yet.
const LATER: [&str; 3] = ["charmed-kubeflow", "deploykf", "kkp"];

/// Runs sets, if they are there.
type Sets = fn(&Path, &mut Run) -> Result<()>;

const SETS: [(&str, Sets); 6] = [
    ("yaml", yaml::run),
    ("gotemplate", gotemplate::run),
    ("charts", charts::run),
    ("kustomize", kustomize::run),
    ("discovery", discovery::run),
    ("faults", faults::run),
];

/// What a run does besides printing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Rewrites `SCORES.md` and the lists of failing cases.
    Write,
    /// Changes nothing and compares nothing.
    Print,
    /// Fails when results and lists disagree, or a list grew.
    Check,
}

/// The result of one set.
#[derive(Debug)]
pub(crate) struct Outcome {
    set: String,
    equal: usize,
    total: usize,
    /// The names of what is wrong, which are listed in `scores/`.
    failing: BTreeSet<String>,
}

/// Collects and prints what the sets give.
#[derive(Default)]
struct Run {
    outcomes: Vec<Outcome>,
}

impl Run {
    fn done(&mut self, outcome: Outcome) {
        println!("{} {}/{}", outcome.set, outcome.equal, outcome.total);
        self.outcomes.push(outcome);
    }

    #[expect(clippy::unused_self, reason = "reads as the other end of a set")]
    fn skip(&self, set: &str, reason: &str) {
        println!("{set} skipped: {reason}");
    }
}

/// Runs every set that is there.
pub(crate) fn run(mode: Mode, only: Option<&str>) -> Result<()> {
    let Some(oracles) = workspace::oracles() else {
        println!("oracles skipped: neither $SEALIFT_ORACLES nor ../shared/oracles is a folder");
        return Ok(());
    };
    let mut run = Run::default();
    for (name, set) in SETS {
        if only.is_none_or(|only| only == name) {
            set(&oracles, &mut run)?;
        }
    }
    for set in LATER {
        run.skip(set, "not supported yet");
    }
    match mode {
        _ if only.is_some() => Ok(()),
        Mode::Print => Ok(()),
        Mode::Write => write(&run.outcomes),
        Mode::Check => check(&run.outcomes),
    }
}

/// Compares charts and kustomizations with the real tools, now.
pub(crate) fn live(folders: &[String]) -> Result<()> {
    let (roots, charts): (Vec<_>, Vec<_>) =
        folders.iter().cloned().partition(|folder| kustomize::live::is_root(folder));
    let of_roots = if roots.is_empty() { Ok(()) } else { kustomize::live::run(&roots) };
    let of_charts = if charts.is_empty() { Ok(()) } else { charts::live::run(&charts) };
    of_roots.and(of_charts)
}

fn write(outcomes: &[Outcome]) -> Result<()> {
    outcomes.iter().try_for_each(lists::write)?;
    report::write(outcomes)
}

fn check(outcomes: &[Outcome]) -> Result<()> {
    let mut wrong = Vec::new();
    for outcome in outcomes {
        wrong.extend(lists::disagreements(outcome)?);
        wrong.extend(lists::additions(outcome));
    }
    if !report::is_current(outcomes)? {
        wrong.push("SCORES.md is not what this run gives".to_owned());
    }
    if !wrong.is_empty() {
        bail!(
            "{}\nrun `cargo xtask oracles` when a score got better; a list may not grow",
            wrong.join("\n")
        );
    }
    Ok(())
}

/// Reads a gzip file of text.
fn compressed(path: &Path) -> Result<String> {
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(fs_err::File::open(path)?).read_to_string(&mut text)?;
    Ok(text)
}
