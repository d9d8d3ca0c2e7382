//! Charts that are archives.

use std::path::Path;

use bytes::Bytes;
use sealift_archive::{ArchivePath, Mode, TarWriter, gzip};
use sealift_helm::Chart;
use sealift_helm::chart::LoadOptions;
use sealift_reference::Digest;

use crate::name::check_name;
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

    /// Packs the files of a chart as they are; the same files give the same bytes. `folder` names them in errors.
    ///
    /// In place of `Save` in `pkg/chart/v2/util/save.go` of Helm 4.2.4, which writes `Chart.yaml` anew and times.
    ///
    /// # Errors
    ///
    /// [`Error::Name`], [`Error::Path`], [`Error::Pack`].
    pub fn pack(name: &str, files: &[(String, Vec<u8>)], folder: &str) -> Result<Self, Error> {
        check_name(name)?;
        let failed = |why: String| Error::Pack { folder: folder.to_owned(), why };
        let mut tar = TarWriter::new(Vec::new());
        let mut files: Vec<_> = files.iter().collect();
        // Where a reader looks first.
        files.sort_by_key(|(path, _)| path != "Chart.yaml");
        for (path, bytes) in files {
            let path: ArchivePath = format!("{name}/{path}")
                .parse()
                .map_err(|source| Error::Path { folder: folder.to_owned(), source })?;
            tar.file(&path, Mode::File, bytes).map_err(|error| failed(error.to_string()))?;
        }
        let tar = tar.finish().map_err(|error| failed(error.to_string()))?;
        Ok(Self::new(gzip(&tar).into()))
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
    /// [`Error::File`], [`Error::PackageLimit`].
    pub fn read(path: impl AsRef<Path>, limits: &Limits) -> Result<Self, Error> {
        Ok(Self::new(Self::read_bytes(path, limits)?))
    }

    /// Reads an archive as [`read`](Self::read) does, for whoever wants no digest.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn read_bytes(path: impl AsRef<Path>, limits: &Limits) -> Result<Bytes, Error> {
        let read = sealift_files::read(path, limits.chart.total_bytes);
        read.map(Bytes::from).map_err(|error| match error {
            sealift_files::Error::Limit { path, limit, .. } => Error::PackageLimit { path, limit },
            error => error.into(),
        })
    }
}
