//! A chart as it was got.

use bytes::Bytes;
use sealift_fetch::Package;
use sealift_helm::Chart;
use sealift_helm::chart::{LoadError, LoadOptions};
use sealift_inventory::Artifact;
use sealift_reference::Digest;

use super::Request;

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
    /// Of the manifest in the registry of `oci://…`, where it was asked.
    pub manifest: Option<Digest>,
    /// What is in it.
    pub bytes: ChartBytes,
}

/// What is in a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChartBytes {
    /// An archive.
    Archive(Bytes),
    /// Files by their paths, in the order in which Helm walks a folder.
    Files(Vec<(String, Vec<u8>)>),
}

/// A chart of a shipment, which is carried like the images that it names.
#[derive(Clone, Debug)]
pub struct CarriedChart {
    /// As the inventory has it.
    pub artifact: Artifact,
    /// What was got.
    pub got: GotChart,
    /// The number of its source in the shipment.
    pub source: usize,
    /// What it was rendered with.
    pub request: Request,
}

impl CarriedChart {
    /// Returns the archive; of a folder one that is made of it.
    ///
    /// # Errors
    ///
    /// As [`ChartBytes::package`].
    pub fn package(&self) -> Result<Package, sealift_fetch::Error> {
        self.got.bytes.package(&self.artifact.name(), &self.got.name)
    }

    pub(crate) fn is(&self, name: &str, version: &str) -> bool {
        matches!(&self.artifact, Artifact::Chart { name: own, version: of, .. } if own == name && of == version)
    }
}

impl ChartBytes {
    /// Returns the archive; of a folder one that is made of it, which the same files always give. `what` names it in errors.
    ///
    /// # Errors
    ///
    /// [`sealift_fetch::Error`] for a name or a path that cannot stand in an archive.
    pub fn package(&self, name: &str, what: &str) -> Result<Package, sealift_fetch::Error> {
        match self {
            Self::Archive(bytes) => Ok(Package::new(bytes.clone())),
            Self::Files(files) => Package::pack(name, files, what),
        }
    }

    /// Loads it.
    ///
    /// # Errors
    ///
    /// When it is no chart, or breaks a limit.
    pub fn load(&self, options: &LoadOptions) -> Result<Chart, LoadError> {
        match self {
            Self::Archive(bytes) => Chart::from_archive(bytes, options),
            Self::Files(files) => Chart::load(files.clone(), options),
        }
    }

    /// Loads it, and keeps no second copy of its files.
    ///
    /// # Errors
    ///
    /// As [`ChartBytes::load`].
    pub fn into_chart(self, options: &LoadOptions) -> Result<Chart, LoadError> {
        match self {
            Self::Archive(bytes) => Chart::from_archive(&bytes, options),
            Self::Files(files) => Chart::load(files, options),
        }
    }
}
