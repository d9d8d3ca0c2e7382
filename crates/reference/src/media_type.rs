//! Media types of manifests, and what they say about a document.

use std::fmt;

/// OCI image index.
pub const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// OCI image manifest.
pub const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// Docker's manifest list, the model of the OCI index.
pub const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
/// Docker's image manifest, schema 2.
pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
/// The withdrawn artifact manifest of OCI 1.1 release candidates.
pub const OCI_ARTIFACT: &str = "application/vnd.oci.artifact.manifest.v1+json";
/// OCI image configuration.
pub const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
/// Docker's image configuration.
pub const DOCKER_CONFIG: &str = "application/vnd.docker.container.image.v1+json";
/// An uncompressed OCI layer.
pub const OCI_LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
/// An OCI layer compressed with gzip.
pub const OCI_LAYER_GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
/// An OCI layer compressed with zstd.
pub const OCI_LAYER_ZSTD: &str = "application/vnd.oci.image.layer.v1.tar+zstd";
/// Docker's layer, compressed with gzip.
pub const DOCKER_LAYER_GZIP: &str = "application/vnd.docker.image.rootfs.diff.tar.gzip";
/// Docker's foreign layer, which is not stored in the registry that names it.
pub const DOCKER_FOREIGN_LAYER: &str = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
/// The blob `{}` that stands where a descriptor is wanted and nothing is meant.
pub const EMPTY_JSON: &str = "application/vnd.oci.empty.v1+json";
/// The configuration of a Helm chart.
pub const HELM_CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
/// The `.tgz` of a Helm chart.
pub const HELM_CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
/// Docker's manifest, schema 1, unsigned.
pub const DOCKER_SCHEMA1: &str = "application/vnd.docker.distribution.manifest.v1+json";
/// Docker's manifest, schema 1, signed.
pub const DOCKER_SCHEMA1_SIGNED: &str = "application/vnd.docker.distribution.manifest.v1+prettyjws";

/// All types that a registry is asked for, in the order of the `Accept` header.
pub const MANIFESTS: [&str; 7] = [
    OCI_INDEX,
    OCI_MANIFEST,
    DOCKER_LIST,
    DOCKER_MANIFEST,
    OCI_ARTIFACT,
    DOCKER_SCHEMA1_SIGNED,
    DOCKER_SCHEMA1,
];

/// A media type; any text, since unknown types are carried as they are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MediaType(String);

/// What a media type says about the document that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// The withdrawn artifact manifest, with `blobs`.
    Artifact,
    /// An index or manifest list, with `manifests`.
    Index,
    /// A manifest, with `config` and `layers`.
    Manifest,
    /// Anything else.
    Other,
    /// A Docker manifest of schema 1, which current clients do not pull.
    Schema1,
}

impl MediaType {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns what this type says about a document.
    #[must_use]
    pub fn kind(&self) -> MediaKind {
        match self.as_str() {
            OCI_INDEX | DOCKER_LIST => MediaKind::Index,
            OCI_MANIFEST | DOCKER_MANIFEST => MediaKind::Manifest,
            OCI_ARTIFACT => MediaKind::Artifact,
            DOCKER_SCHEMA1 | DOCKER_SCHEMA1_SIGNED => MediaKind::Schema1,
            _ => MediaKind::Other,
        }
    }
}

impl From<&str> for MediaType {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for MediaType {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl PartialEq<&str> for MediaType {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
