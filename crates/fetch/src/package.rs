//! Charts that are archives.

use std::path::Path;

use bytes::Bytes;
use sealift_helm::Chart;
use sealift_helm::chart::LoadOptions;
use sealift_reference::Digest;

use crate::{Error, Identity, Limits};

/// A chart as a `.tgz`, as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// All of it.
    pub bytes: Bytes,
    /// Of the bytes.
    pub digest: Digest,
}

impl Package {
    /// Takes the bytes of an archive.
    #[must_use]
    pub fn new(bytes: Bytes) -> Self {
        Self { digest: Digest::sha256(&bytes), bytes }
    }

    /// Loads the chart; `what` names it in errors.
    ///
    /// # Errors
    ///
    /// [`Error::Load`].
    pub fn load(&self, what: &str, options: &LoadOptions) -> Result<Chart, Error> {
        let chart = Chart::from_archive(&self.bytes, options);
        chart.map_err(|error| Error::Load { what: what.to_owned(), source: Box::new(error) })
    }

    /// Returns which chart it is that was loaded from the archive.
    #[must_use]
    pub fn identity(&self, chart: &Chart, source: impl Into<String>) -> Identity {
        Identity {
            source: source.into(),
            name: chart.metadata.name.clone(),
            version: chart.metadata.version.clone(),
            digest: self.digest.clone(),
        }
    }

    /// Reads an archive that the operator named.
    ///
    /// # Errors
    ///
    /// [`Error::File`].
    pub fn read(path: impl AsRef<Path>, limits: &Limits) -> Result<Self, Error> {
        Ok(Self::new(sealift_files::read(path, limits.chart.total_bytes)?.into()))
    }
}
