//! Copying between two registries: every peer that is installed, the raw sender, and `sealift mirror`, on the sets of the notes.

mod delay;
mod registries;
mod scratch;
mod sets;
mod tools;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::images;
use crate::measured::{self, median};
use crate::{built, dist, process};
use registries::{Registry, Version};
use sets::Set;
use tools::Tool;

pub(crate) use sets::SetName;

/// How the benchmark is run.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct CopyArgs {
    /// Copy only these sets
    #[arg(long, value_enum, value_name = "SET")]
    pub(crate) set: Vec<SetName>,
    /// Runs of each program, of which the median counts
    #[arg(long, default_value_t = 7)]
    pub(crate) runs: usize,
    /// The registry to copy to: Debian's docker-registry (2) or the one that `make peers` builds (3)
    #[arg(long, value_enum, default_value_t = Version::Two)]
    pub(crate) registry: Version,
    /// Where the registries have their files, instead of in memory (/dev/shm)
    #[arg(long, value_name = "DIR")]
    pub(crate) scratch: Option<PathBuf>,
    /// Fail where a ratio is below what we promise
    #[arg(long)]
    pub(crate) check: bool,
}

/// What we promise for all sets: bytes that may be resident.
const MEMORY_BYTES: u64 = 64 << 20;

/// What each program took of a set, run by run.
struct Times {
    tool: Tool,
    runs: Vec<Duration>,
    peak_bytes: u64,
}

/// Prints a table for each set, and fails below what we promise when asked to.
pub(super) fn run(args: &CopyArgs) -> Result<()> {
    if !process::installed("docker-registry") {
        println!("bench copy skipped: docker-registry is not installed");
        return Ok(());
    }
    let sealift = dist::build(&["--bins"])?.join("sealift");
    let sender = built::fast_example("known-images")?;
    let mut broken = Vec::new();
    for name in SetName::chosen(&args.set) {
        let scratch = scratch::folder(args.scratch.as_deref())?;
        let set = Set::make(name, &sender, scratch.path())?;
        let tools = Tool::installed(&sealift, &sender);
        broken.extend(measure(args, &set, tools, scratch.path())?);
    }
    if args.check && !broken.is_empty() {
        bail!("below what we promise: {}", broken.join(", "));
    }
    Ok(())
}

/// Runs every program on a set, in turns, so that what else the machine does meets all alike.
fn measure(args: &CopyArgs, set: &Set, tools: Vec<Tool>, scratch: &Path) -> Result<Vec<String>> {
    let mut all: Vec<_> =
        tools.into_iter().map(|tool| Times { tool, runs: Vec::new(), peak_bytes: 0 }).collect();
    for run in 0..args.runs.max(1) {
        for times in &mut all {
            let folder = scratch.join(format!("{}-{run}", times.tool.name()));
            fs_err::create_dir_all(&folder)?;
            let measured = once(args, set, &times.tool, &folder)
                .with_context(|| format!("{} with {}", set.name, times.tool.name()))?;
            // What all runs write together would not fit on a small disk.
            fs_err::remove_dir_all(&folder)?;
            if let Some((time, peak_bytes)) = measured {
                times.runs.push(time);
                times.peak_bytes = times.peak_bytes.max(peak_bytes);
            }
        }
    }
    report(set, &all)
}

/// Copies a set once to a fresh registry; a warm set is copied there before. `None` where a program cannot do it.
fn once(args: &CopyArgs, set: &Set, tool: &Tool, folder: &Path) -> Result<Option<(Duration, u64)>> {
    if set.name.is_warm() && tool.is_raw() {
        return Ok(None);
    }
    let target = Registry::start(args.registry, &folder.join("target"))?;
    let (from, to) = (set.source.address().to_owned(), target.address().to_owned());
    // Both ends stand behind the line, as from a third place.
    let delays =
        if set.name.is_slow() { Some((delay::start(&from)?, delay::start(&to)?)) } else { None };
    let (from, to) = delays
        .as_ref()
        .map_or((from, to), |(from, to)| (from.address().to_owned(), to.address().to_owned()));
    let copy = tools::Copy { set, from: &from, to: &to, folder };
    tool.prepare(&copy)?;
    if set.name.is_warm() {
        let done = measured::run(&mut tool.command(&copy)?)?;
        if !done.status.success() {
            bail!("the first run failed: {}", done.status);
        }
    }
    tool.measure(&copy).map(Some)
}

/// Prints medians and ratios; returns what is below our promise.
fn report(set: &Set, all: &[Times]) -> Result<Vec<String>> {
    println!("\n{}: {}\n", set.name, set.name.says());
    println!("| program | median s | × sealift | peak MB |\n|---|---:|---:|---:|");
    let middle = |times: &Times| median(times.runs.iter().copied());
    let of = |wanted: fn(&Tool) -> bool| {
        all.iter().filter(|times| wanted(&times.tool)).filter_map(middle).min()
    };
    let ours = of(Tool::is_ours).context("sealift did not run")?;
    for times in all {
        let Some(time) = middle(times) else { continue };
        let ratio = time.as_secs_f64() / ours.as_secs_f64();
        let peak = match times.peak_bytes {
            0 => "-".to_owned(),
            bytes => (bytes / 1_000_000).to_string(),
        };
        println!("| {} | {:.3} | {ratio:.2} | {peak} |", times.tool.name(), time.as_secs_f64());
    }
    let mut broken = Vec::new();
    if let Some(fastest) = of(Tool::is_peer) {
        let ratio = fastest.as_secs_f64() / ours.as_secs_f64();
        println!(
            "\n{}: {ratio:.2} × the fastest peer (we promise {})",
            set.name,
            set.name.promise()
        );
        if ratio < set.name.promise() {
            broken.push(format!("{} {ratio:.2} of {}", set.name, set.name.promise()));
        }
    }
    if let Some(raw) = of(Tool::is_raw) {
        println!("{}: {:.2} × the raw sender", set.name, ours.as_secs_f64() / raw.as_secs_f64());
    }
    let peak = all.iter().filter(|times| times.tool.is_ours()).map(|times| times.peak_bytes).max();
    if let Some(peak) = peak.filter(|peak| *peak > MEMORY_BYTES) {
        broken.push(format!("{} {} MB of memory", set.name, peak / 1_000_000));
    }
    Ok(broken)
}

/// Puts the images into a registry and writes `images.txt`, which names them.
pub(crate) fn fill(scratch: &Path, registry: &str) -> Result<()> {
    let mut names = Vec::new();
    for index in 0..images::COUNT {
        let folder = scratch.join(format!("image-{index}"));
        images::layout(&folder, index)?;
        let name = format!("{registry}/bench/image-{index}:1");
        copy(&format!("oci:{}", folder.display()), &format!("docker://{name}"))?;
        names.push(name);
    }
    Ok(fs_err::write(scratch.join("images.txt"), names.join("\n") + "\n")?)
}

fn copy(from: &str, to: &str) -> Result<()> {
    let flags = [
        "copy",
        "--quiet",
        "--src-tls-verify=false",
        "--dest-tls-verify=false",
        "--preserve-digests",
    ];
    process::run(Command::new("skopeo").args(flags).args([from, to]))
}
