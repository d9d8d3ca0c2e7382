//! What a shipment is made of.

use std::fmt;

use sealift_reference::{Digest, Reference};

/// Something that a platform needs from outside. Ordered by kind, then by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Artifact {
    /// A container image, or any other artifact of a registry that is named by a reference.
    Image(Reference),
    /// A Helm chart.
    Chart {
        /// As the repository names it.
        name: String,
        /// The URL of a chart repository, or `oci://…` without the name of the chart.
        repository: String,
        /// As the repository writes it.
        version: String,
    },
    /// A Juju charm.
    Charm {
        /// As Charmhub names it.
        name: String,
        /// Such as `1.24/stable`.
        channel: String,
        /// Where the input fixes it.
        revision: Option<u32>,
        /// Such as `ubuntu@24.04/amd64`.
        base: Option<String>,
    },
    /// A file.
    Package {
        /// The last part of the path of its URL.
        name: String,
        /// Where it is downloaded.
        url: String,
        /// Where the input fixes it.
        sha256: Option<Digest>,
    },
}

impl Artifact {
    /// Returns the word that files use for the kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Image(_) => "image",
            Self::Chart { .. } => "chart",
            Self::Charm { .. } => "charm",
            Self::Package { .. } => "package",
        }
    }

    /// Returns the name: of an image its canonical reference.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Image(reference) => reference.to_string(),
            Self::Chart { name, .. } | Self::Charm { name, .. } | Self::Package { name, .. } => {
                name.clone()
            }
        }
    }

    /// Returns the reference of an image.
    #[must_use]
    pub fn reference(&self) -> Option<&Reference> {
        match self {
            Self::Image(reference) => Some(reference),
            _ => None,
        }
    }
}

impl fmt::Display for Artifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image(reference) => write!(f, "{reference}"),
            Self::Chart { name, version, .. } => write!(f, "chart {name} {version}"),
            Self::Charm { name, channel, .. } => write!(f, "charm {name} {channel}"),
            Self::Package { name, .. } => write!(f, "package {name}"),
        }
    }
}
