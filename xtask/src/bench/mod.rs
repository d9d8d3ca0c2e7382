//! Measures what we promise about speed, with programs built for speed.

pub(crate) mod copy;
pub(crate) mod helm;
mod images;
pub(crate) mod kustomize;
mod layers;
mod listener;
mod scan;
mod schema;

use std::path::PathBuf;

use anyhow::Result;

use crate::dist;

/// A benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Bench {
    /// Copying between two registries
    Copy,
    /// Rendering charts
    Helm,
    /// Building kustomizations
    Kustomize,
    /// Carrying layers of 2 and 8 GiB, for their memory
    Layers,
    /// Scanning a platform
    Scan,
    /// Schemas made to take long
    Schema,
}

/// Runs one benchmark or every one, of the program as it is released; a broken limit is an error.
pub(crate) fn run(only: Option<Bench>, args: &copy::CopyArgs) -> Result<()> {
    let is_wanted = |bench| only.is_none_or(|only| only == bench);
    if is_wanted(Bench::Scan) {
        scan::run(&sealift()?)?;
    }
    if is_wanted(Bench::Copy) {
        copy::run(args)?;
    }
    if is_wanted(Bench::Helm) {
        helm::run()?;
    }
    if is_wanted(Bench::Kustomize) {
        kustomize::run()?;
    }
    if is_wanted(Bench::Layers) {
        layers::run(&sealift()?)?;
    }
    if is_wanted(Bench::Schema) {
        schema::run(&sealift()?)?;
    }
    Ok(())
}

fn sealift() -> Result<PathBuf> {
    Ok(dist::build(&["--bins"])?.join("sealift"))
}
