//! One layer of 2 GiB and one of 8 GiB, which are made while they are read and stored nowhere: the memory that a mirror takes does not
//! grow with what it carries.

mod endless;

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::measured::{self, Measured};
use crate::process;
use endless::{Image, Registry};

/// The sizes that are compared.
const GIB: [u64; 2] = [2, 8];

/// What we promise: bytes that may be resident, and how far the two may be apart.
const MOST_BYTES: u64 = 64 << 20;
const APART_BYTES: u64 = 4 << 20;

/// Prints what each size takes, and fails above what we promise.
pub(super) fn run(sealift: &Path) -> Result<()> {
    let mut peaks = Vec::new();
    for gib in GIB {
        let Measured { time, peak_bytes, .. } = mirror(sealift, gib << 30)?;
        let megabytes = peak_bytes / 1_000_000;
        println!("bench layers: {gib} GiB in {:.2} s, {megabytes} MB", time.as_secs_f64());
        peaks.push(peak_bytes);
    }
    let (most, least) = (peaks.iter().max(), peaks.iter().min());
    let (most, least) = (most.copied().unwrap_or(0), least.copied().unwrap_or(0));
    if most > MOST_BYTES || most - least > APART_BYTES {
        bail!("the memory of a mirror grows with the size of a layer");
    }
    Ok(())
}

/// Carries an image with one layer of so many bytes, and checks that all of them came.
fn mirror(sealift: &Path, size_bytes: u64) -> Result<Measured> {
    let image = Image::with_layer(size_bytes);
    let (source, target) = (Registry::of(image)?, Registry::empty()?);
    let scratch = tempfile::tempdir()?;
    fs_err::write(
        scratch.path().join("images.txt"),
        format!("{}/bench/large:1\n", source.address()),
    )?;
    let command = || {
        let mut command = Command::new(sealift);
        command.args(["mirror", "-q", "images.txt", "--to", target.address()]);
        command
            .current_dir(scratch.path())
            .env("HOME", scratch.path())
            .env_remove("XDG_CACHE_HOME");
        command
    };
    let measured = measured::run(&mut command())?;
    if !measured.status.success() {
        // What it says was not kept.
        process::run(&mut command())?;
        bail!("a layer of {size_bytes} bytes: {}", measured.status);
    }
    match target.received_bytes() {
        received if received > size_bytes => Ok(measured),
        received => bail!("a layer of {size_bytes} bytes: {received} bytes came"),
    }
}
