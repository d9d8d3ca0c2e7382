//! Building large kustomizations: `kustomize build`, against `sealift kustomize build`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::measured::{self, Measured, median};
use crate::{dist, peers, workspace};

/// Runs of each root by each program, of which the median counts.
const RUNS: usize = 3;

/// What we promise of each root, in time and in processor time.
const RATIO: f64 = 10.0;

/// How the archives were packed: `zstd --long=25`.
const WINDOW_LOG: u32 = 25;

/// A root of a repository that is unpacked.
pub(crate) struct Root {
    name: String,
    pub(crate) path: PathBuf,
}

/// What the runs of one program took.
struct Taken {
    time: Duration,
    processor_time: Duration,
    peak_bytes: u64,
}

/// Prints the ratios, and fails below what we promise.
pub(super) fn run() -> Result<()> {
    let (Some(oracles), Some(kustomize)) = (workspace::oracles(), peers::find("kustomize")) else {
        println!("bench kustomize skipped: no oracles, or no kustomize: run `make peers`");
        return Ok(());
    };
    let sealift = dist::build(&["--bins"])?.join("sealift");
    let scratch = tempfile::tempdir()?;
    let mut kept = true;
    for root in roots(&oracles.join("kustomize/roots"), scratch.path())? {
        let real = taken(|| build(Command::new(&kustomize), &root.path))?;
        let own = taken(|| {
            let mut command = Command::new(&sealift);
            command.arg("kustomize");
            build(command, &root.path)
        })?;
        kept &= compare(&root.name, &real, &own);
    }
    if !kept {
        bail!("building kustomizations is not as fast as we promise");
    }
    Ok(())
}

/// Unpacks the repositories of `timing.tsv`, and returns its roots.
pub(crate) fn roots(folder: &Path, scratch: &Path) -> Result<Vec<Root>> {
    let timing = fs_err::read_to_string(folder.join("timing.tsv"))?;
    let mut roots = Vec::new();
    for line in timing.lines().skip(1) {
        let [_, repository, root, ..] = line.split('\t').collect::<Vec<_>>()[..] else {
            bail!("timing.tsv has a line without a root: {line}");
        };
        let unpacked = scratch.join(repository);
        if !unpacked.exists() {
            unpack(&folder.join(repository).join("inputs.tar.zst"), &unpacked)?;
        }
        roots.push(Root { name: format!("{repository}/{root}"), path: unpacked.join(root) });
    }
    Ok(roots)
}

fn unpack(archive: &Path, to: &Path) -> Result<()> {
    let mut zstd = zstd::stream::read::Decoder::new(fs_err::File::open(archive)?)?;
    zstd.window_log_max(WINDOW_LOG)?;
    fs_err::create_dir_all(to)?;
    tar::Archive::new(zstd).unpack(to).with_context(|| archive.display().to_string())
}

fn build(mut command: Command, root: &Path) -> Command {
    command.arg("build").arg(root).args(["--load-restrictor", "LoadRestrictionsNone"]);
    command
}

fn taken(command: impl Fn() -> Command) -> Result<Taken> {
    let runs = (0..RUNS).map(|_| measured::run(&mut command())).collect::<Result<Vec<_>>>()?;
    if let Some(failed) = runs.iter().find(|run| !run.status.success()) {
        bail!("{:?} ended with {}", command(), failed.status);
    }
    let of = |what: fn(&Measured) -> Duration| median(runs.iter().map(what)).context("no run");
    Ok(Taken {
        time: of(|run| run.time)?,
        processor_time: of(|run| run.processor_time)?,
        peak_bytes: runs.iter().map(|run| run.peak_bytes).max().context("no run")?,
    })
}

/// Prints one root; returns whether what we promise was kept.
fn compare(name: &str, real: &Taken, own: &Taken) -> bool {
    let ratio = |real: Duration, own: Duration| real.as_secs_f64() / own.as_secs_f64();
    let time = ratio(real.time, own.time);
    let processor_time = ratio(real.processor_time, own.processor_time);
    println!(
        "bench kustomize: {name}: {:.0?} and {:.0?}, {time:.1} ×; processors {processor_time:.1} ×; {} and {} MB",
        real.time,
        own.time,
        real.peak_bytes / 1_000_000,
        own.peak_bytes / 1_000_000
    );
    time >= RATIO && processor_time >= RATIO && own.peak_bytes <= real.peak_bytes
}
