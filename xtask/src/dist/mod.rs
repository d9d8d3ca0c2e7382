//! The static binary, and the proof that it needs nothing beside itself.

mod elf;
mod recorded;
mod train;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{process, workspace};

pub(crate) use train::train;

const TARGET: &str = "x86_64-unknown-linux-musl";

/// The 26,000 addresses that a program writes into itself when it is started, as it may lie anywhere in memory, take 8 KB
/// instead of 640.
const PACKED_ADDRESSES: &str = "-Clink-arg=-Wl,-z,pack-relative-relocs";

/// Builds `dist/sealift`, looks whether it is static, and runs its demo in a folder that holds nothing else.
pub(crate) fn run() -> Result<()> {
    let built = build(&["--bins"])?.join("sealift");
    let binary = workspace::root().join("dist/sealift");
    fs_err::create_dir_all(workspace::root().join("dist"))?;
    fs_err::copy(&built, &binary)?;

    let bytes = fs_err::read(&binary)?;
    if let Some(interpreter) =
        elf::interpreter(&bytes).with_context(|| binary.display().to_string())?
    {
        bail!("{} is not static: it asks for {interpreter}", binary.display());
    }
    println!("dist/sealift: static, {:.1} MB", megabytes(bytes.len()));
    alone(&binary)
}

#[expect(clippy::cast_precision_loss, reason = "a size to look at")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

/// Builds some static programs of `sealift-cli` as they are released; returns the folder they are in.
pub(crate) fn build(programs: &[&str]) -> Result<PathBuf> {
    build_into(&workspace::target(), programs, &recorded::flag()?)
}

/// Builds with flags of the compiler, below a folder of built files.
fn build_into(target: &Path, programs: &[&str], flags: &[String]) -> Result<PathBuf> {
    let targets =
        process::output(&mut process::command("rustup", &["target", "list", "--installed"]))?;
    if !targets.lines().any(|target| target == TARGET) {
        process::run(&mut process::command("rustup", &["target", "add", TARGET]))?;
    }
    if !process::installed("musl-gcc") {
        bail!("musl-gcc is not installed (Debian: musl-tools)");
    }
    let mut cargo = process::cargo(&[
        "build",
        "--release",
        "--locked",
        "--package",
        "sealift-cli",
        "--target",
        TARGET,
    ]);
    let ours = [PACKED_ADDRESSES.to_owned(), no_folders_of_this_machine()?];
    let flags = [&asked_flags()[..], &ours, flags].concat();
    cargo
        .args(programs)
        .env("CC_x86_64_unknown_linux_musl", "musl-gcc")
        .env("CARGO_TARGET_DIR", target)
        // Flags that hold spaces, as the names of folders may, are told apart by this character.
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    process::run(&mut cargo)?;
    Ok(target.join(TARGET).join("release"))
}

/// Returns the flag that keeps the folder of cargo's sources out of the messages of panics: the binary is the same on every
/// machine.
fn no_folders_of_this_machine() -> Result<String> {
    let home = workspace::environment("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(Path::new(&workspace::environment("HOME")?).join(".cargo")));
    let sources = home.context("neither CARGO_HOME nor HOME is set")?.join("registry/src");
    Ok(format!("--remap-path-prefix={}=crates", sources.display()))
}

/// Returns the flags that whoever builds has asked for, which ours would replace.
fn asked_flags() -> Vec<String> {
    let split = |name, separator| {
        workspace::environment(name).map(|flags| {
            flags.split(separator).filter(|flag| !flag.is_empty()).map(str::to_owned).collect()
        })
    };
    split("CARGO_ENCODED_RUSTFLAGS", '\u{1f}')
        .or_else(|| split("RUSTFLAGS", ' '))
        .unwrap_or_default()
}

/// Runs the demo where there is no /etc, no store of certificates, no /proc and no variable.
fn alone(binary: &Path) -> Result<()> {
    if process::output(&mut process::command("id", &["-u"]))?.trim() != "0" {
        return not_root(workspace::environment("CI").as_deref());
    }
    let root = tempfile::tempdir()?;
    fs_err::copy(binary, root.path().join("sealift"))?;
    let mut command = Command::new("chroot");
    let output = command
        .arg(root.path())
        .args(["/sealift", "demo"])
        .env_clear()
        .env("PATH", path())
        .output()?;
    if !output.status.success() {
        let printed = [output.stdout, output.stderr]
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .concat();
        bail!("`sealift demo` in an empty root: {}\n{printed}", output.status);
    }
    println!("dist: `sealift demo` runs in a root that holds nothing else");
    Ok(())
}

/// Passes over what only root may do, except in CI.
fn not_root(ci: Option<&str>) -> Result<()> {
    let reason = "only root may change the root, in which the demo has to run alone";
    if ci == Some("true") {
        bail!("{reason}");
    }
    println!("dist: skipped: {reason}");
    Ok(())
}

fn path() -> String {
    workspace::environment("PATH").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ci_does_not_pass_over_the_empty_root() {
        assert!(not_root(Some("true")).is_err());
        assert!(not_root(None).is_ok());
    }
}
