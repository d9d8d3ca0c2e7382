//! The artifacts of a lock, one type for each kind.

use std::collections::BTreeMap;
use std::fmt;

use sealift_reference::{Digest, MediaType, Platform, Reference, Repository, Tag};
use serde::{Deserialize, Serialize};

use crate::format::parsed;
use crate::{Class, TargetName};

/// A container image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LockedImage {
    /// The name in manifests.
    #[serde(with = "parsed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub image: Reference,
    /// Where the bytes are read, when that is elsewhere.
    #[serde(default, with = "parsed::option", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub from: Option<Repository>,
    /// Of the manifest or index that the reference named.
    #[serde(with = "parsed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub digest: Digest,
    /// Of the manifest or index.
    #[serde(with = "parsed::media_type")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub media_type: MediaType,
    /// The manifests of the chosen platforms.
    #[serde(with = "parsed::map")]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, String>"))]
    pub platforms: BTreeMap<Platform, Digest>,
    /// Bytes of the distinct blobs of the chosen platforms, manifests included.
    pub size: u64,
    /// What happens to the other platforms of an index; absent when no platform was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<IndexChoice>,
    /// The name below the target registry.
    #[serde(with = "parsed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub target: TargetName,
    /// How much it is needed.
    pub class: Class,
    /// Signatures, attestations, SBOMs that are carried along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<Companion>,
    /// The format whose registry bytes are lost, such as `docker-archive`: the manifest was made by sealift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rebuilt: Option<String>,
    /// Origins, one a line: see [`crate::Lock::because`].
    pub because: Vec<String>,
}

impl LockedImage {
    /// Returns the digest that is tagged at the target: of the index, or of the one platform that was asked for instead of it.
    #[must_use]
    pub fn tagged_digest(&self) -> &Digest {
        let is_child = self.index == Some(IndexChoice::Child);
        self.platforms.values().next().filter(|_| is_child).unwrap_or(&self.digest)
    }
}

/// What happens to the platforms of an index that were not chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum IndexChoice {
    /// The tag is put on the manifest of the one chosen platform.
    Child,
    /// All platforms are carried.
    Complete,
    /// The index is carried whole, the other platforms are not.
    Sparse,
}

/// A signature, an attestation or another artifact that is about an image.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Companion {
    /// Such as `signature`, `attestation`, `sbom`, `referrer`.
    pub kind: String,
    /// Such as `sha256-….sig`; absent for what is found by its subject alone.
    #[serde(default, with = "parsed::option", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub tag: Option<Tag>,
    /// Of its manifest.
    #[serde(with = "parsed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub digest: Digest,
}

/// A Helm chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LockedChart {
    /// Its name.
    pub chart: String,
    /// The URL of a chart repository, or `oci://…`.
    pub repository: String,
    /// As the repository writes it.
    pub version: String,
    /// Of the `.tgz` as received.
    #[serde(with = "parsed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub digest: Digest,
    /// Bytes of the `.tgz`.
    pub size: u64,
    /// Of the manifest that is tagged at the target: the one in the registry of `oci://…`, else the one that sealift makes.
    #[serde(with = "parsed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub manifest: Digest,
    /// The name below the target registry.
    #[serde(with = "parsed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub target: TargetName,
    /// Why the bytes must change, when they must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repackaged: Option<String>,
    /// Of the changed `.tgz`.
    #[serde(default, with = "parsed::option", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub target_digest: Option<Digest>,
    /// How much it is needed.
    pub class: Class,
    /// Origins, one a line.
    pub because: Vec<String>,
}

impl fmt::Display for LockedChart {
    /// `chart cert-manager 1.12.10 from https://charts.jetstack.io`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "chart {} {} from {}", self.chart, self.version, self.repository)
    }
}

/// A Juju charm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LockedCharm {
    /// Its name.
    pub charm: String,
    /// Such as `1.24/stable`.
    pub channel: String,
    /// The revision that the channel named.
    pub revision: u32,
    /// Such as `ubuntu@24.04/amd64`.
    pub base: String,
    /// Of the `.charm`, without the name of the algorithm.
    #[serde(with = "parsed::hex")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub sha256: Digest,
    /// Bytes of the `.charm`.
    pub size: u64,
    /// The images of its applications.
    pub resources: Vec<CharmResource>,
    /// How much it is needed.
    pub class: Class,
    /// Origins, one a line.
    pub because: Vec<String>,
}

/// The image of a resource of a charm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CharmResource {
    /// The application that has it.
    pub application: String,
    /// The name of the resource.
    pub slot: String,
    /// The image.
    #[serde(with = "parsed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub image: Reference,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LockedPackage {
    /// Its name.
    pub package: String,
    /// Where it is downloaded.
    pub url: String,
    /// Of its bytes, without the name of the algorithm.
    #[serde(with = "parsed::hex")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub sha256: Digest,
    /// Its bytes.
    pub size: u64,
    /// How much it is needed.
    pub class: Class,
    /// Origins, one a line.
    pub because: Vec<String>,
}
