//! Copying 16 images between two registries: a loop over `skopeo copy`, against `sealift mirror`.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use sealift_testkit::DockerRegistry;

use super::images;
use crate::measured::{self, median};
use crate::process;

const RUNS: usize = 3;

/// Prints the median times; sealift must not be slower.
pub(super) fn run(sealift: &Path) -> Result<()> {
    if !process::installed("skopeo") || !process::installed("docker-registry") {
        println!("bench copy skipped: skopeo or docker-registry is not installed");
        return Ok(());
    }
    let source = DockerRegistry::start().context("the source registry")?;
    let scratch = tempfile::tempdir()?;
    fill(scratch.path(), source.address())?;

    let (mut loops, mut mirrors) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        loops.push(skopeo(source.address())?);
        mirrors.push(mirror(sealift, scratch.path())?);
    }
    let (skopeo, mirror) = (median(loops).context("no run")?, median(mirrors).context("no run")?);
    println!(
        "bench copy: {} images, skopeo in a loop {:.2} s, sealift mirror {:.2} s",
        images::COUNT,
        skopeo.as_secs_f64(),
        mirror.as_secs_f64()
    );
    if mirror > skopeo {
        bail!("a loop over `skopeo copy` is faster than `sealift mirror`");
    }
    Ok(())
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

/// Copies all images one after another to a fresh registry.
fn skopeo(source: &str) -> Result<Duration> {
    let target = DockerRegistry::start().context("the target registry")?;
    let start = std::time::Instant::now();
    for index in 0..images::COUNT {
        let name = format!("bench/image-{index}:1");
        copy(
            &format!("docker://{source}/{name}"),
            &format!("docker://{}/{name}", target.address()),
        )?;
    }
    Ok(start.elapsed())
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

/// Locks and mirrors all images to a fresh registry.
fn mirror(sealift: &Path, folder: &Path) -> Result<Duration> {
    let target = DockerRegistry::start().context("the target registry")?;
    let mut command = Command::new(sealift);
    command.current_dir(folder).args(["mirror", "images.txt", "--to", target.address()]);
    let measured = measured::run(&mut command)?;
    if !measured.status.success() {
        bail!("{command:?}: {}", measured.status);
    }
    Ok(measured.time)
}
