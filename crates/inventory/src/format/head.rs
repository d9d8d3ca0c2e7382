//! The first two keys of every file: version and kind.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The version of the file formats that this program reads and writes.
pub const API_VERSION: &str = "sealift.dev/v1alpha1";

/// The value of `apiVersion`: always [`API_VERSION`], since another one is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ApiVersion;

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(API_VERSION)
    }
}

impl Serialize for ApiVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(API_VERSION)
    }
}

impl<'de> Deserialize<'de> for ApiVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let version = String::deserialize(deserializer)?;
        wrong_version(&version).map_or(Ok(Self), |message| Err(D::Error::custom(message)))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for ApiVersion {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ApiVersion".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "const": API_VERSION })
    }
}

fn wrong_version(version: &str) -> Option<String> {
    if version == API_VERSION {
        None
    } else if version.starts_with("sealift.dev/") {
        Some(format!(
            "written for `{version}`, and this sealift reads `{API_VERSION}`: a newer sealift is needed"
        ))
    } else {
        Some(format!("`{version}` is not a version of sealift's files; expected `{API_VERSION}`"))
    }
}

/// The first two keys, read without looking at the others, so that a file of another version or kind is refused as such
/// and not for a key that only this other file has.
#[derive(Deserialize)]
pub(crate) struct Head {
    #[serde(rename = "apiVersion")]
    api_version: String,
    kind: String,
}

impl Head {
    pub(crate) fn read(text: &str, options: serde_saphyr::Options) -> Option<Self> {
        serde_saphyr::from_str_with_options(text, options).ok()
    }

    /// Returns why this is the head of another file than one of `kind`.
    pub(crate) fn mismatch(&self, kind: &str) -> Option<String> {
        wrong_version(&self.api_version).or_else(|| {
            (self.kind != kind)
                .then(|| format!("the file is of kind `{}`; expected `{kind}`", self.kind))
        })
    }
}
