//! What the compiler is told of how often each function ran in training: recorded by `cargo xtask train`, and kept with the
//! sources, so that the same sources give the same binary everywhere.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use sealift_reference::{Algorithm, Digest};

use crate::{process, workspace};

/// Below the root of the workspace.
const FOLDER: &str = "profile";

/// What stands before the commit at which it was recorded: functions that were changed since are built without it.
const SOURCES: &str = "sources ";

/// How it is packed: once, and unpacked often.
const LEVEL: i32 = 19;

/// Writes what `llvm-profdata` merged, and what it fits.
pub(super) fn write(merged: &[u8]) -> Result<()> {
    fs_err::create_dir_all(folder())?;
    let packed = zstd::bulk::compress(merged, LEVEL)?;
    println!("{}: {} KB", packed_path().display(), packed.len() / 1000);
    fs_err::write(packed_path(), packed)?;
    let commit = process::output(&mut process::command("git", &["rev-parse", "--short", "HEAD"]))?;
    let sources = format!("{SOURCES}{}\n", commit.trim());
    Ok(fs_err::write(made_with_path(), made_with()? + &sources)?)
}

/// Returns the compiler's flag, or none where nothing was recorded, or for another compiler: names of functions hold its
/// version.
pub(super) fn flag() -> Result<Vec<String>> {
    if !made_with_path().exists() {
        println!("dist: there is no {FOLDER}/: built without it (`cargo xtask train`)");
        return Ok(Vec::new());
    }
    let recorded = fs_err::read_to_string(made_with_path())?;
    match fit(&recorded, &made_with()?) {
        Fit::Whole => {
            let commit = recorded.lines().find_map(|line| line.strip_prefix(SOURCES));
            println!("dist: built with {FOLDER}/ of {}", commit.unwrap_or("an unknown commit"));
        }
        Fit::Part => println!(
            "dist: Cargo.lock is not the one of {FOLDER}/: what changed is built without it (`cargo xtask train`)"
        ),
        Fit::No => {
            println!(
                "dist: {FOLDER}/ is of another compiler: built without it (`cargo xtask train`)"
            );
            return Ok(Vec::new());
        }
    }
    Ok(vec![format!("-Cprofile-use={}", unpacked()?.display())])
}

/// Unpacks it under a name that says what it holds: cargo does not look into it.
fn unpacked() -> Result<PathBuf> {
    let packed = fs_err::read(packed_path())?;
    let digest = Digest::of(Algorithm::Sha256, &packed);
    let name = digest.hex().get(..16).context("a digest has 64 digits")?;
    let path = workspace::target().join(format!("{name}.profdata"));
    if !path.exists() {
        fs_err::create_dir_all(workspace::target())?;
        let part = path.with_extension("part");
        fs_err::write(&part, zstd::stream::decode_all(&*packed)?)?;
        fs_err::rename(part, &path)?;
    }
    Ok(path)
}

/// How far a recorded profile fits what is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    Whole,
    Part,
    No,
}

fn fit(recorded: &str, now: &str) -> Fit {
    match recorded.lines().zip(now.lines()).take_while(|(one, other)| one == other).count() {
        0 => Fit::No,
        1 => Fit::Part,
        _ => Fit::Whole,
    }
}

/// Returns the compiler, and on a second line the digest of Cargo.lock: both are in the names of functions.
fn made_with() -> Result<String> {
    let compiler = process::output(&mut process::command("rustc", &["--version"]))?;
    let lock = fs_err::read(workspace::root().join("Cargo.lock"))?;
    Ok(format!("{}\nCargo.lock {}\n", compiler.trim(), Digest::of(Algorithm::Sha256, &lock)))
}

fn folder() -> PathBuf {
    workspace::root().join(FOLDER)
}

fn packed_path() -> PathBuf {
    folder().join(format!("{}.profdata.zst", super::TARGET))
}

fn made_with_path() -> PathBuf {
    folder().join("made-with.txt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_of_another_compiler_fits_nothing_and_of_another_lock_a_part() {
        assert_eq!(fit("rustc 1\na\nsources 5\n", "rustc 1\na\n"), Fit::Whole);
        assert_eq!(fit("rustc 1\na\n", "rustc 1\nb\n"), Fit::Part);
        assert_eq!(fit("rustc 1\na\n", "rustc 2\na\n"), Fit::No);
    }
}
