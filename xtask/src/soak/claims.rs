//! Claims about which values set a reference, proved for all charts of the oracles.

#[path = "../../../crates/products/tests/mutation/run.rs"]
mod mutation;
mod proved;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;
use mutation::{Figures, LEAST_SHARE};
use sealift_products::charts::on_large_stack;

use crate::workspace;
use proved::{Report, Row};

/// Which charts, and how.
#[derive(Args)]
pub(crate) struct ClaimsArgs {
    /// Only charts whose `repository/chart` holds one of these
    #[arg(long, value_name = "PART", num_args = 1..)]
    charts: Vec<String>,
    /// Charts at a time; 0 for as many as there are processors
    #[arg(long, default_value_t = 0)]
    jobs: usize,
    /// One line for each chart; charts that have one are not proved again. Without it, `soak-claims.tsv` among the
    /// built files, which begins anew
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// What was proved, and in which time.
pub(super) struct Proved {
    pub(super) figures: Figures,
    pub(super) time: Duration,
}

/// Changes each value of each chart; `None` without oracles.
pub(super) fn run(oracles: &Path, args: &ClaimsArgs) -> Result<Option<Proved>> {
    let charts = charts(&oracles.join("charts"), &args.charts)?;
    if charts.is_empty() {
        println!("soak claims skipped: no charts");
        return Ok(None);
    }
    let report = open(args.report.as_deref())?;
    let report = all(&charts, report, args.jobs)?;
    let failed = report.failed().count();
    for (chart, reason) in report.failed() {
        println!("soak claims {chart}: not proved: {reason}");
    }
    let (figures, time) = report.total();
    for line in figures.wrong.iter().chain(&figures.missed) {
        println!("soak claims: {line}");
    }
    println!("soak claims: {figures}");
    if failed > 0 || !figures.wrong.is_empty() || figures.share() < LEAST_SHARE {
        bail!("claims about values do not hold, or too many are missing");
    }
    Ok(Some(Proved { figures, time }))
}

fn open(chosen: Option<&Path>) -> Result<Report> {
    if let Some(path) = chosen {
        return Report::open(path.to_owned());
    }
    let path = workspace::target().join("soak-claims.tsv");
    if path.exists() {
        fs_err::remove_file(&path)?;
    }
    Report::open(path)
}

/// A chart of the oracles.
struct Chart {
    /// Such as `grafana/loki`.
    name: String,
    archive: PathBuf,
    bytes: u64,
}

/// Returns the charts in a folder of repositories, small ones first: they take less time.
fn charts(folder: &Path, parts: &[String]) -> Result<Vec<Chart>> {
    let mut charts = Vec::new();
    if !folder.is_dir() {
        return Ok(charts);
    }
    for repository in fs_err::read_dir(folder)? {
        let repository = repository?.path();
        if repository.is_dir() {
            for file in fs_err::read_dir(&repository)? {
                charts.extend(chart(folder, file?.path())?);
            }
        }
    }
    let is_chosen = |chart: &Chart| {
        parts.is_empty() || parts.iter().any(|part| chart.name.contains(part.as_str()))
    };
    charts.retain(is_chosen);
    charts.sort_by(|one, other| (one.bytes, &one.name).cmp(&(other.bytes, &other.name)));
    Ok(charts)
}

fn chart(folder: &Path, archive: PathBuf) -> Result<Option<Chart>> {
    if archive.extension().is_none_or(|extension| extension != "tgz") {
        return Ok(None);
    }
    let name = archive.strip_prefix(folder)?.with_extension("").display().to_string();
    let bytes = fs_err::metadata(&archive)?.len();
    Ok(Some(Chart { name, archive, bytes }))
}

/// Proves charts that the report does not have, and adds them.
fn all(charts: &[Chart], report: Report, jobs: usize) -> Result<Report> {
    let left: Vec<_> = charts.iter().filter(|chart| !report.has(&chart.name)).collect();
    println!("soak claims: {} of {} charts to be proved", left.len(), charts.len());
    let next = AtomicUsize::new(0);
    let report = Mutex::new(report);
    let work = || -> Result<()> {
        while let Some(chart) = left.get(next.fetch_add(1, Ordering::Relaxed)) {
            let row = prove(chart)?;
            report.lock().unwrap_or_else(PoisonError::into_inner).add(row)?;
        }
        Ok(())
    };
    let processors = || thread::available_parallelism().map_or(1, usize::from);
    let threads = if jobs == 0 { processors() } else { jobs };
    thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|_| scope.spawn(|| on_large_stack(work))).collect();
        started.into_iter().try_for_each(|thread| match thread.join() {
            Ok(done) => done?,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })?;
    Ok(report.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn prove(chart: &Chart) -> Result<Row> {
    let start = Instant::now();
    let result = mutation::prove(&chart.name, &fs_err::read(&chart.archive)?);
    let row = Row { chart: chart.name.clone(), time: start.elapsed(), result };
    match &row.result {
        Ok(figures) => {
            println!("soak claims {}: {figures}; {:.1} s", row.chart, row.time.as_secs_f64());
        }
        Err(error) => println!("soak claims {}: not proved: {error}", row.chart),
    }
    Ok(row)
}
