//! A chart as it was got.

use sealift_helm::chart::{LoadError, LoadOptions};
use sealift_helm::{Chart, Profile};
use sealift_reference::Digest;

/// A chart as it was got, from wherever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GotChart {
    /// What a lock calls it among its inputs: a path as the shipment names it, or such as
    /// `chart cert-manager v1.12.10 from https://charts.jetstack.io`.
    pub name: String,
    /// Of the archive, or of all files of a folder.
    pub digest: Digest,
    /// The URL of the chart repository, or `oci://…` without the name of the chart; `None` for a file or a folder.
    pub repository: Option<String>,
    /// What is in it.
    pub bytes: ChartBytes,
}

/// What is in a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChartBytes {
    /// An archive.
    Archive(Vec<u8>),
    /// Files by their paths, in the order in which Helm walks a folder.
    Files(Vec<(String, Vec<u8>)>),
}

impl ChartBytes {
    /// Loads it.
    ///
    /// # Errors
    ///
    /// When it is no chart, or breaks a limit.
    pub fn load(&self, profile: Profile) -> Result<Chart, LoadError> {
        let options = LoadOptions { profile, ..LoadOptions::default() };
        match self {
            Self::Archive(bytes) => Chart::from_archive(bytes, &options),
            Self::Files(files) => Chart::load(files.clone(), &options),
        }
    }
}
