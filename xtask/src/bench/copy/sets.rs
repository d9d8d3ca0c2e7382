//! What is copied.

use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use clap::ValueEnum;

use super::registries::{Registry, Version};
use crate::process;

/// A set of images, and how it is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SetName {
    /// 30 images of five layers, three of them shared: 750 MB
    Mesh30,
    /// One layer of 1 GiB
    Big1,
    /// 12 indexes of three platforms with attestations: 121 MB
    Multi,
    /// 200 images of three layers of 48 KiB
    Small,
    /// mesh30 once more, where all is there
    Warm,
    /// mesh30 with 50 ms to both registries
    SlowMesh30,
    /// small with 50 ms to both registries
    SlowSmall,
}

impl SetName {
    /// Those that were asked for, or all.
    pub(super) fn chosen(wanted: &[Self]) -> Vec<Self> {
        if wanted.is_empty() { Self::value_variants().to_vec() } else { wanted.to_vec() }
    }

    /// The images, as the sender calls them.
    fn images(self) -> &'static str {
        match self {
            Self::Mesh30 | Self::Warm | Self::SlowMesh30 => "mesh30",
            Self::Big1 => "big1",
            Self::Multi => "multi",
            Self::Small | Self::SlowSmall => "small",
        }
    }

    pub(super) fn is_warm(self) -> bool {
        self == Self::Warm
    }

    pub(super) fn is_slow(self) -> bool {
        matches!(self, Self::SlowMesh30 | Self::SlowSmall)
    }

    /// How many times faster than the fastest peer we promise to be.
    pub(super) fn promise(self) -> f64 {
        match self {
            Self::Big1 => 1.4,
            Self::Mesh30 => 1.5,
            _ => 2.0,
        }
    }

    pub(super) fn says(self) -> &'static str {
        match self {
            Self::Mesh30 => "30 images of five layers, three of them shared, 750 MB",
            Self::Big1 => "one layer of 1 GiB",
            Self::Multi => "12 indexes of three platforms with attestations, 121 MB",
            Self::Small => "200 images of three layers of 48 KiB",
            Self::Warm => "mesh30 once more, where all is there",
            Self::SlowMesh30 => "mesh30 with 50 ms to both registries",
            Self::SlowSmall => "small with 50 ms to both registries",
        }
    }
}

impl fmt::Display for SetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}

/// Images in a registry.
pub(super) struct Set {
    pub(super) name: SetName,
    pub(super) source: Registry,
    /// `bench/image-0:1`, below the address of the source.
    pub(super) images: Vec<String>,
}

impl Set {
    /// Fills a fresh registry.
    pub(super) fn make(name: SetName, sender: &Path, scratch: &Path) -> Result<Self> {
        let source = Registry::start(Version::Two, &scratch.join("source"))?;
        let args = [name.images(), source.address()];
        let said =
            process::output(Command::new(sender).args(args)).context("filling the source")?;
        let prefix = format!("{}/", source.address());
        let images = said.lines().filter_map(|line| line.strip_prefix(&prefix)).map(str::to_owned);
        Ok(Self { name, images: images.collect(), source })
    }
}
