//! Training: the static binary counts how often each function runs while it does its work, for the compiler.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use super::{build_into, recorded};
use crate::bench::{helm, kustomize};
use crate::{process, workspace};

/// Records a profile anew.
pub(crate) fn train() -> Result<()> {
    let merge = llvm_profdata()?;
    let oracles = workspace::oracles().context("no oracles to train with")?;
    let counts = tempfile::tempdir()?;
    // Apart, as it is of no other use.
    let target = workspace::target().join("train");
    let flags = ["-Cprofile-generate".to_owned()];
    let sealift = build_into(&target, &["--bins"], &flags)?.join("sealift");

    let work = Work { sealift, counts: counts.path() };
    work.charts(&oracles)?;
    work.kustomizations(&oracles)?;
    work.demo()?;

    let merged = counts.path().join("merged");
    let mut command = Command::new(merge);
    command.args(["merge", "--sparse", "--output"]).arg(&merged).args(raw(counts.path())?);
    process::run(&mut command)?;
    recorded::write(&fs_err::read(merged)?)
}

/// What is counted.
struct Work<'a> {
    sealift: PathBuf,
    counts: &'a Path,
}

impl Work<'_> {
    /// Each chart with its default values; some need values that they have not, which is work as well.
    fn charts(&self, oracles: &Path) -> Result<()> {
        let charts = helm::charts(&oracles.join("charts"))?;
        println!("train: {} charts", charts.len());
        for chart in charts {
            self.counted(&mut helm::template(&self.sealift, &chart)).status()?;
        }
        Ok(())
    }

    fn kustomizations(&self, oracles: &Path) -> Result<()> {
        let scratch = tempfile::tempdir()?;
        let roots = kustomize::roots(&oracles.join("kustomize/roots"), scratch.path())?;
        println!("train: {} kustomizations", roots.len());
        for root in roots {
            let mut command = self.command(&["kustomize", "build"]);
            process::run(self.counted(&mut command).arg(root.path))?;
        }
        Ok(())
    }

    /// Scanning, locking, mirroring, packing, pushing, serving.
    fn demo(&self) -> Result<()> {
        println!("train: the demo");
        let scratch = tempfile::tempdir()?;
        let mut command = self.command(&["demo"]);
        process::run(self.counted(&mut command).current_dir(scratch.path()))
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.sealift);
        command.args(words).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// All processes add to one file.
    fn counted<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("LLVM_PROFILE_FILE", self.counts.join("%m.profraw"))
    }
}

fn raw(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut raw = Vec::new();
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        raw.extend(path.extension().is_some_and(|end| end == "profraw").then_some(path));
    }
    Ok(raw)
}

/// Finds the `llvm-profdata` of the compiler's own LLVM: the formats of others differ.
fn llvm_profdata() -> Result<PathBuf> {
    let version = process::output(&mut process::command("rustc", &["-vV"]))?;
    let field = |name: &str| version.lines().find_map(|line| line.strip_prefix(name));
    let host = field("host: ").context("rustc names no host")?;
    let llvm = field("LLVM version: ").and_then(|version| version.split('.').next());
    let llvm = llvm.context("rustc names no LLVM")?;
    let root = process::output(&mut process::command("rustc", &["--print", "sysroot"]))?;
    let component = Path::new(root.trim()).join("lib/rustlib").join(host).join("bin/llvm-profdata");
    if component.is_file() {
        return Ok(component);
    }
    let packaged = format!("llvm-profdata-{llvm}");
    if process::installed(&packaged) {
        return Ok(packaged.into());
    }
    bail!("{packaged} is not installed (Debian: llvm-{llvm}; rustup: llvm-tools)")
}
