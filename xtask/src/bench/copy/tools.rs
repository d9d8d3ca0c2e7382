//! Who copies, and by which command.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::sets::Set;
use crate::{measured, peers, process};

/// A program and how it is called.
#[derive(Clone, Debug)]
pub(super) enum Tool {
    /// `crane copy`, four at a time.
    Crane(PathBuf),
    /// `sealift mirror` of a list: the lock is made in memory.
    List(PathBuf),
    /// `sealift mirror` of a lock.
    Lock(PathBuf),
    /// `oras cp -r`, four at a time.
    Oras(PathBuf),
    /// Known bytes, the same requests, no hashing.
    Raw(PathBuf),
    /// `regctl image copy`, four at a time.
    Regctl(PathBuf),
    /// `skopeo copy --all`, four at a time.
    SkopeoCopy,
    /// `skopeo sync --all`.
    SkopeoSync,
}

/// One run.
pub(super) struct Copy<'a> {
    pub(super) set: &'a Set,
    /// Where the source is reached.
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    /// A fresh one, which is the home of the program too.
    pub(super) folder: &'a Path,
}

impl Tool {
    /// All that this machine has.
    pub(super) fn installed(sealift: &Path, sender: &Path) -> Vec<Self> {
        let mut tools =
            vec![Self::Lock(sealift.into()), Self::List(sealift.into()), Self::Raw(sender.into())];
        if process::installed("skopeo") {
            tools.extend([Self::SkopeoCopy, Self::SkopeoSync]);
        }
        tools.extend(peers::find("crane").map(Self::Crane));
        tools.extend(peers::find("regctl").map(Self::Regctl));
        tools.extend(peers::find("oras").map(Self::Oras));
        tools
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Crane(_) => "crane copy ×4",
            Self::List(_) => "sealift mirror LIST",
            Self::Lock(_) => "sealift mirror",
            Self::Oras(_) => "oras cp ×4",
            Self::Raw(_) => "raw sender",
            Self::Regctl(_) => "regctl image copy ×4",
            Self::SkopeoCopy => "skopeo copy ×4",
            Self::SkopeoSync => "skopeo sync",
        }
    }

    /// What our ratios are about. Making the lock is measured apart: peers have none.
    pub(super) fn is_ours(&self) -> bool {
        matches!(self, Self::Lock(_))
    }

    pub(super) fn is_raw(&self) -> bool {
        matches!(self, Self::Raw(_))
    }

    pub(super) fn is_peer(&self) -> bool {
        !matches!(self, Self::Lock(_) | Self::List(_) | Self::Raw(_))
    }

    /// Writes what the program reads.
    pub(super) fn prepare(&self, copy: &Copy<'_>) -> Result<()> {
        let Copy { set, from, to, folder } = copy;
        match self {
            Self::List(sealift) | Self::Lock(sealift) => {
                let list: Vec<_> =
                    set.images.iter().map(|image| format!("{from}/{image}\n")).collect();
                fs_err::write(folder.join("images.txt"), list.concat())?;
                if self.is_ours() {
                    process::run(&mut at_home(sealift, folder, &["lock", "-q", "images.txt"]))?;
                }
            }
            Self::Crane(_) | Self::Oras(_) | Self::Regctl(_) | Self::SkopeoCopy => {
                let transport = if matches!(self, Self::SkopeoCopy) { "docker://" } else { "" };
                let mut pairs = String::new();
                for image in &set.images {
                    writeln!(pairs, "{transport}{from}/{image} {transport}{to}/{image}")?;
                }
                fs_err::write(folder.join("pairs"), pairs)?;
            }
            Self::SkopeoSync => {
                let mut yaml = format!("{from}:\n  tls-verify: false\n  images:\n");
                for image in &set.images {
                    let name = image.split(':').next().unwrap_or_default();
                    writeln!(yaml, "    {name}: ['1']")?;
                }
                fs_err::write(folder.join("sync.yaml"), yaml)?;
            }
            Self::Raw(_) => {}
        }
        if let Self::Regctl(regctl) = self {
            for host in [from, to] {
                process::run(&mut at_home(
                    regctl,
                    folder,
                    &["registry", "set", "--tls", "disabled", host],
                ))?;
            }
        }
        Ok(())
    }

    /// The command that is measured.
    pub(super) fn command(&self, copy: &Copy<'_>) -> Result<Command> {
        let Copy { set, to, folder, .. } = copy;
        let four = |program: &Path, words: &[&str]| four_at_a_time(folder, program, words);
        Ok(match self {
            Self::Lock(sealift) => at_home(sealift, folder, &["mirror", "-q", "--to", to]),
            Self::List(sealift) => {
                at_home(sealift, folder, &["mirror", "-q", "images.txt", "--to", to])
            }
            Self::Raw(sender) => {
                let mut command = Command::new(sender);
                command.args([set.name.to_string().trim_start_matches("slow-"), to]);
                command
            }
            Self::SkopeoCopy => four(
                "skopeo".as_ref(),
                &["copy", "-q", "--all", "--src-tls-verify=false", "--dest-tls-verify=false"],
            )?,
            Self::SkopeoSync => {
                let words = "sync --all --src yaml --dest docker --dest-tls-verify=false sync.yaml";
                let mut command = at_home("skopeo".as_ref(), folder, &[]);
                command.args(words.split(' ')).arg(format!("{to}/bench"));
                command
            }
            Self::Crane(crane) => four(crane, &["copy", "--insecure"])?,
            Self::Regctl(regctl) => four(regctl, &["image", "copy"])?,
            Self::Oras(oras) => four(oras, &["cp", "-r", "--from-plain-http", "--to-plain-http"])?,
        })
    }

    /// Returns the time, and the most memory of a program that is one process.
    pub(super) fn measure(&self, copy: &Copy<'_>) -> Result<(Duration, u64)> {
        let mut command = self.command(copy)?;
        if self.is_raw() {
            // It makes its bytes first, and times only what follows.
            let said = process::output(&mut command)?;
            let seconds = said.lines().last().and_then(|line| line.parse().ok());
            return Ok((Duration::from_secs_f64(seconds.context("no time")?), 0));
        }
        let measured = measured::run(&mut command)?;
        if !measured.status.success() {
            bail!("{command:?}: {}", measured.status);
        }
        let is_one = matches!(self, Self::Lock(_) | Self::List(_) | Self::SkopeoSync);
        Ok((measured.time, if is_one { measured.peak_bytes } else { 0 }))
    }
}

/// A program for each line of the file `pairs`, four of them at a time.
fn four_at_a_time(folder: &Path, program: &Path, words: &[&str]) -> Result<Command> {
    let pairs = fs_err::File::open(folder.join("pairs"))?.into_parts().0;
    let mut command = at_home("xargs".as_ref(), folder, &["-P4", "-L1"]);
    command.arg(program).args(words).stdin(pairs);
    Ok(command)
}

/// A program that finds nothing of this user, and leaves nothing to the next run.
fn at_home(program: &Path, folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(words).current_dir(folder).env("HOME", folder).env_remove("XDG_CACHE_HOME");
    command
}
