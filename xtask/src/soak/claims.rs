//! Claims about which values set a reference, proved for all charts of the oracles.

#[path = "../../../crates/products/tests/mutation/run.rs"]
mod mutation;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use mutation::{Figures, LEAST_SHARE};
use sealift_products::charts::on_large_stack;

/// What was proved, and in which time.
pub(super) struct Proved {
    pub(super) figures: Figures,
    pub(super) time: Duration,
}

/// Changes each value of each chart; `None` without oracles.
pub(super) fn run(oracles: &Path) -> Result<Option<Proved>> {
    let charts = charts(&oracles.join("charts"))?;
    if charts.is_empty() {
        println!("soak claims skipped: no charts");
        return Ok(None);
    }
    let start = Instant::now();
    let figures = all(&charts)?;
    let time = start.elapsed();
    for line in figures.wrong.iter().chain(&figures.missed) {
        println!("soak claims: {line}");
    }
    println!("soak claims: {figures}");
    if !figures.wrong.is_empty() || figures.share() < LEAST_SHARE {
        bail!("claims about values do not hold, or too many are missing");
    }
    Ok(Some(Proved { figures, time }))
}

fn charts(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut charts = Vec::new();
    if !folder.is_dir() {
        return Ok(charts);
    }
    for repository in fs_err::read_dir(folder)? {
        let repository = repository?.path();
        if repository.is_dir() {
            for file in fs_err::read_dir(repository)? {
                charts.push(file?.path());
            }
        }
    }
    charts.retain(|path| path.extension().is_some_and(|extension| extension == "tgz"));
    charts.sort();
    Ok(charts)
}

fn all(charts: &[PathBuf]) -> Result<Figures> {
    let next = AtomicUsize::new(0);
    let total = Mutex::new(Figures::default());
    let work = || -> Result<()> {
        while let Some(path) = charts.get(next.fetch_add(1, Ordering::Relaxed)) {
            let name = path.display().to_string();
            let figures =
                mutation::prove(&name, &fs_err::read(path)?).map_err(anyhow::Error::msg)?;
            println!("soak claims {name}: {figures}");
            total.lock().unwrap_or_else(PoisonError::into_inner).add(figures);
        }
        Ok(())
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|_| scope.spawn(|| on_large_stack(work))).collect();
        started.into_iter().try_for_each(|thread| match thread.join() {
            Ok(done) => done?,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })?;
    Ok(total.into_inner().unwrap_or_else(PoisonError::into_inner))
}
