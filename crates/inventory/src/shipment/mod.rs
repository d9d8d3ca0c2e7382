//! What a person wants shipped: the file `sealift.yaml`.

mod choice;
mod limits;
mod paths;
mod pattern;
mod settings;
mod source;
mod starter;

use sealift_reference::Platform;
use serde::Deserialize;

pub use choice::{Choice, Left, Why};
pub use limits::{LIMITS, Limits};
pub use paths::Paths;
pub use pattern::{ImagePattern, PatternError};
pub use settings::{Exclude, Metadata, Nodes, Optional, TrustRealm};
pub use source::{
    CharmedKubeflowSource, DeploykfSource, HelmProfile, HelmSource, KkpSource, PackageSource,
    Source, SourceKind, input_reference,
};
pub use starter::Starter;

use crate::format::{self, ApiVersion, parsed};
use crate::{Decision, FormatError, Mirrors, Naming, Prefix, Remap};

/// The value of `kind`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ShipmentKind {
    /// A shipment.
    #[default]
    Shipment,
}

/// What is to be shipped, from where, and under which names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Shipment {
    /// The version of the format.
    pub api_version: ApiVersion,
    /// What the file is.
    pub kind: ShipmentKind,
    /// How the shipment is called.
    pub metadata: Metadata,
    /// The platforms to ship; empty for all that each image has.
    #[serde(default, with = "parsed::list")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub platforms: Vec<Platform>,
    /// The names at the target.
    #[serde(default)]
    pub naming: Naming,
    /// What needs the artifacts.
    pub sources: Vec<Source>,
    /// Sources that moved; the target keeps the first name.
    #[serde(default)]
    pub remap: Remap,
    /// Where sources are really read.
    #[serde(default)]
    pub mirrors: Mirrors,
    /// Own registries: a reference below one is led back to its source through the lock.
    #[serde(default, with = "parsed::list")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub targets: Vec<Prefix>,
    /// The nodes of the cluster, whose images stand in no manifest.
    #[serde(default)]
    pub nodes: Option<Nodes>,
    /// Which optional findings are shipped.
    #[serde(default)]
    pub optional: Optional,
    /// What is not shipped, with reasons.
    #[serde(default)]
    pub exclude: Vec<Exclude>,
    /// What the scan could not decide alone.
    #[serde(default)]
    pub decide: Vec<Decision>,
    /// Files of more discovery rules.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Limits on what is read from outside.
    #[serde(default)]
    pub limits: Limits,
    /// Token servers outside the domain of their registry that may get its credentials.
    #[serde(default)]
    pub trust_realm: Vec<TrustRealm>,
}

impl Shipment {
    /// Reads a shipment; `file_name` stands in errors.
    ///
    /// # Errors
    ///
    /// The first place that breaks the format.
    pub fn read(file_name: &str, text: &str) -> Result<Self, FormatError> {
        format::read(file_name, text, crate::limits::SHIPMENT, Some("Shipment"))
    }
}
