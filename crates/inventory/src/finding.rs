//! What a scan finds.

use serde::{Deserialize, Serialize};

use crate::{Artifact, Class, Confidence, Origin};

/// A value that had a part in a reference, so that an override can be written for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetBy {
    /// The file of values.
    pub values: String,
    /// The key, such as `.global.hub`.
    pub key: String,
    /// Counted from 1.
    pub line: u32,
}

/// One place that needs an artifact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is needed; an image remembers how it is written at this place.
    pub artifact: Artifact,
    /// Where, and through what.
    pub origin: Origin,
    /// The values that made the reference, if a template did.
    pub set_by: Vec<SetBy>,
    /// How much it is needed.
    pub class: Class,
    /// How sure that is.
    pub confidence: Confidence,
}

/// A text where an image must be, that is no reference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Unresolved {
    /// The text as it stands there.
    pub text: String,
    /// Where it stands.
    pub origin: Origin,
    /// Why it is no reference.
    pub reason: String,
}

/// An address outside the cluster that is no artifact: a chart repository, the URL of a model, a webhook.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Without user and password.
    pub url: String,
    /// Where it stands.
    pub origin: Origin,
    /// What it is, such as `chart-repository`.
    pub kind: String,
}
