//! Schemas and values made to take long or much memory, against what we promise of hostile input.

mod documents;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::measured::{self, Measured};
use documents::Document;

/// What we promise of hostile input.
const LONGEST: Duration = Duration::from_secs(10);
const MOST_BYTES: u64 = 512 << 20;

/// Prints what each document takes, and fails above what we promise.
pub(super) fn run(sealift: &Path) -> Result<()> {
    let mut broken = Vec::new();
    for document in documents::all() {
        let Measured { status, processor_time: time, peak_bytes, .. } =
            measure(sealift, &document)?;
        let (name, megabytes) = (document.name, peak_bytes >> 20);
        println!("bench schema {name}: {:.2} s, {megabytes} MiB, {status}", time.as_secs_f64());
        if time > LONGEST || peak_bytes > MOST_BYTES || status.code().is_none() {
            broken.push(name);
        }
    }
    if !broken.is_empty() {
        bail!("more than we promise: {}", broken.join(", "));
    }
    Ok(())
}

fn measure(sealift: &Path, document: &Document) -> Result<Measured> {
    let scratch = tempfile::tempdir()?;
    let chart = scratch.path().join("c");
    write(&chart, "c", document)?;
    for number in 1..document.charts {
        let name = format!("c{number}");
        write(&chart.join("charts").join(&name), &name, document)?;
    }
    measured::run(Command::new(sealift).args(["helm", "template", "x"]).arg(&chart))
}

fn write(folder: &Path, name: &str, document: &Document) -> Result<()> {
    fs_err::create_dir_all(folder)?;
    let metadata = format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n");
    fs_err::write(folder.join("Chart.yaml"), metadata)?;
    fs_err::write(folder.join("values.schema.json"), &document.schema)?;
    Ok(fs_err::write(folder.join("values.yaml"), &document.values)?)
}
