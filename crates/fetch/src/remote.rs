//! Charts that are elsewhere, and what came from there.

use std::fmt;

use bytes::Bytes;

use sealift_helm::Chart;
use sealift_helm::chart::LoadOptions;
use sealift_reference::Digest;

use crate::name::{check_name, check_version};
use crate::{Access, Error, Identity, Package};

/// A chart that is elsewhere.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Remote {
    /// In a registry.
    Oci {
        /// `oci://host/path`, with or without `:tag` and `@digest`.
        reference: String,
        /// A version or a constraint; empty for the tag of the reference, or the highest release.
        version: String,
    },
    /// In a chart repository.
    Repository {
        /// The URL of the repository.
        url: String,
        /// The name of the chart.
        chart: String,
        /// A version or a constraint; empty for the highest release.
        version: String,
        /// Who we are there; `None` as `repositories.yaml` says.
        access: Option<Access>,
    },
    /// An archive on a web server.
    Url {
        /// Of the archive.
        url: String,
        /// Who we are there; `None` as `repositories.yaml` says.
        access: Option<Access>,
    },
}

/// A chart as it came from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The repository without what is secret in it: `https://…`, or `oci://host/path` without the name of the chart.
    pub source: String,
    /// What the repository or the registry calls the chart; empty for an archive on a web server.
    pub name: String,
    /// As the repository or registry writes it; empty for an archive on a web server.
    pub version: String,
    /// Of the manifest or index in the registry of `oci://…`, where one was asked.
    pub manifest: Option<Digest>,
    /// The archive.
    pub package: Package,
    /// Its provenance file, where it was asked for and there is one.
    pub provenance: Option<Bytes>,
}

impl Fetched {
    /// Loads the chart, and says which one it is. Its name must be the one that was asked for: whoever wrote the index or the
    /// tag does not decide what is shipped under a name.
    ///
    /// # Errors
    ///
    /// [`Error::Load`], [`Error::OtherChart`].
    pub fn load(&self, options: &LoadOptions) -> Result<(Chart, Identity), Error> {
        let chart = self.package.load(&self.to_string(), options)?;
        let identity = self.package.identity(&chart, &self.source);
        if !self.name.is_empty() && self.name != identity.name {
            return Err(Error::OtherChart { what: self.to_string(), name: identity.name });
        }
        Ok((chart, identity))
    }

    /// Returns the name of the file that Helm would write, `NAME-VERSION.tgz`.
    ///
    /// # Errors
    ///
    /// [`Error::Name`] for what could lead out of a folder; an archive on a web server has neither name nor version.
    pub fn file_name(&self) -> Result<String, Error> {
        check_name(&self.name)?;
        check_version(&self.version)?;
        Ok(format!("{}-{}.tgz", self.name, self.version))
    }
}

impl fmt::Display for Fetched {
    /// `chart nginx 1.0.0 from https://…`, or only where it is from.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, name, version, .. } = self;
        if name.is_empty() {
            write!(f, "chart {source}")
        } else {
            write!(f, "chart {name} {version} from {source}")
        }
    }
}
