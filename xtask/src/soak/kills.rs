//! Kills `sealift mirror` at random moments; run again, it must end as an undisturbed run does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use sealift_reference::Digest;
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

    let whole = DockerRegistry::start().context("the registry of the undisturbed run")?;
    finished(&sealift, scratch.path(), &["mirror", "--to", whole.address()])?;
    let wanted = contents(&whole.data())?;

    println!("soak kills: seed {seed}");
    let mut noise = Noise::new(seed);
    let start = Instant::now();
    for _ in 0..kills {
        let moment = u64::try_from(noise.below(LATEST))?;
        killed(&sealift, scratch.path(), Duration::from_millis(moment), &wanted)
            .with_context(|| format!("killed after {moment} ms"))?;
    }
    Ok(Some(start.elapsed()))
}

/// What a registry holds: blobs and links of repositories, each with its hash.
type Contents = BTreeMap<PathBuf, String>;

fn killed(sealift: &Path, folder: &Path, moment: Duration, wanted: &Contents) -> Result<()> {
    let target = DockerRegistry::start().context("the target registry")?;
    let mirror = ["mirror", "--to", target.address()];
    let mut child = command(sealift, folder, &mirror).spawn()?;
    std::thread::sleep(moment);
    child.kill()?;
    child.wait()?;
    finished(sealift, folder, &mirror)?;
    finished(sealift, folder, &["verify", "--to", target.address()])?;
    let got = contents(&target.data())?;
    let paths = wanted.keys().chain(got.keys());
    match paths.filter(|path| wanted.get(*path) != got.get(*path)).min() {
        Some(path) => bail!("{} is not as after an undisturbed run", path.display()),
        None => Ok(()),
    }
}

/// Reads all that a registry has on disk, besides unfinished uploads; every blob is hashed.
fn contents(data: &Path) -> Result<Contents> {
    let (mut contents, mut open) = (Contents::new(), vec![data.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in fs_err::read_dir(&folder)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                open.extend((!path.ends_with("_uploads")).then_some(path));
                continue;
            }
            let hash = Digest::sha256(&fs_err::read(&path)?);
            if path.ends_with("data") && !path.display().to_string().contains(hash.hex()) {
                bail!("{} holds other bytes than its name says", path.display());
            }
            contents.insert(path.strip_prefix(data)?.to_owned(), hash.to_string());
        }
    }
    Ok(contents)
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
