//! Kills `sealift mirror` at random moments; run again, it must end as an undisturbed run does.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use sealift_testkit::DockerRegistry;

use crate::bench::copy;
use crate::noise::Noise;
use crate::{built, process};

/// The latest moment, in milliseconds: an undisturbed run takes about as long.
const LATEST: usize = 1500;

/// Kills that many runs, each against a fresh registry, and returns the time that all took; `None` without a registry.
pub(super) fn run(kills: u64, seed: u64) -> Result<Option<Duration>> {
    if !process::installed("skopeo") || !process::installed("docker-registry") {
        println!("soak kills skipped: skopeo or docker-registry is not installed");
        return Ok(None);
    }
    let sealift = built::fast()?;
    let source = DockerRegistry::start().context("the source registry")?;
    let scratch = tempfile::tempdir()?;
    copy::fill(scratch.path(), source.address())?;
    finished(&sealift, scratch.path(), &["lock", "images.txt"])?;

    let mut noise = Noise::new(seed);
    let start = Instant::now();
    for _ in 0..kills {
        let moment = u64::try_from(noise.below(LATEST))?;
        killed(&sealift, scratch.path(), Duration::from_millis(moment))
            .with_context(|| format!("killed after {moment} ms"))?;
    }
    Ok(Some(start.elapsed()))
}

fn killed(sealift: &Path, folder: &Path, moment: Duration) -> Result<()> {
    let target = DockerRegistry::start().context("the target registry")?;
    let mirror = ["mirror", "--to", target.address()];
    let mut child = command(sealift, folder, &mirror).spawn()?;
    std::thread::sleep(moment);
    child.kill()?;
    child.wait()?;
    finished(sealift, folder, &mirror)?;
    finished(sealift, folder, &["verify", "--to", target.address()])
}

fn finished(sealift: &Path, folder: &Path, arguments: &[&str]) -> Result<()> {
    let status = command(sealift, folder, arguments).status()?;
    if !status.success() {
        bail!("sealift {}: {status}", arguments.join(" "));
    }
    Ok(())
}

fn command(sealift: &Path, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(sealift);
    command.current_dir(folder).args(arguments).stdout(Stdio::null());
    command
}
