//! Charts that are archives.

use std::path::Path;

use bytes::Bytes;
use sealift_reference::Digest;

use crate::{Error, Limits};

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

    /// Reads an archive that the operator named.
    ///
    /// # Errors
    ///
    /// [`Error::File`].
    pub fn read(path: impl AsRef<Path>, limits: &Limits) -> Result<Self, Error> {
        Ok(Self::new(sealift_files::read(path, limits.chart_bytes)?.into()))
    }
}
