//! Smaller parts of a shipment.

use std::fmt;
use std::str::FromStr;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::format::parsed;
use crate::{ImagePattern, Prefix};

/// How a shipment is called.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// Letters, digits, `.`, `_`, `-`; at most 64: it becomes part of file names.
    #[serde(deserialize_with = "shipment_name")]
    pub name: String,
}

fn shipment_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let good = name.len() <= 64
        && name.bytes().all(plain)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let message =
        "letters, digits, `.`, `_` and `-` make a name, at most 64, the first a letter or digit";
    if good { Ok(name) } else { Err(D::Error::custom(format!("`{name}`: {message}"))) }
}

/// The nodes of the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Nodes {
    /// The version of Kubernetes, such as `v1.33.4`: kubeadm's images of that version are shipped.
    #[serde(deserialize_with = "kubernetes_version")]
    pub kubernetes: String,
}

fn kubernetes_version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let version = String::deserialize(deserializer)?;
    let parts: Vec<_> = version.strip_prefix('v').unwrap_or(&version).split('.').collect();
    let numbers = parts.len() == 3 && parts.iter().all(|part| part.parse::<u16>().is_ok());
    let message = "a version of Kubernetes is written `v1.33.4`";
    if numbers { Ok(version) } else { Err(D::Error::custom(format!("`{version}`: {message}"))) }
}

/// Images that are not shipped.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Exclude {
    /// Which images.
    #[serde(with = "parsed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub image: ImagePattern,
    /// For those who review the shipment.
    #[serde(deserialize_with = "reason")]
    pub reason: String,
}

fn reason<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let reason = String::deserialize(deserializer)?;
    if reason.trim().is_empty() { Err(D::Error::custom("a reason is needed")) } else { Ok(reason) }
}

/// A token server that may get the credentials of a registry of another domain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TrustRealm {
    /// The registry host with its port.
    #[serde(deserialize_with = "registry")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub registry: Prefix,
    /// The origin of the token server, `https://host[:port]`.
    #[serde(deserialize_with = "realm")]
    pub realm: String,
}

fn registry<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Prefix, D::Error> {
    let registry: Prefix = parsed::deserialize(deserializer)?;
    let whole = registry.path().is_empty();
    if whole {
        Ok(registry)
    } else {
        Err(D::Error::custom(format!("`{registry}`: a registry has no path")))
    }
}

fn realm<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let realm = String::deserialize(deserializer)?;
    let origin = realm.strip_prefix("https://").map(|rest| rest.trim_end_matches('/'));
    let good = origin
        .is_some_and(|origin| Prefix::from_str(origin).is_ok_and(|host| host.path().is_empty()));
    if good {
        Ok(realm)
    } else {
        Err(D::Error::custom(format!("`{realm}`: a realm is written `https://host`")))
    }
}

/// Which optional findings are shipped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(untagged))]
pub enum Optional {
    /// None.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    Exclude,
    /// All.
    #[default]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    Include,
    /// Those that match a pattern.
    Only(#[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))] Vec<ImagePattern>),
}

impl<'de> Deserialize<'de> for Optional {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OptionalVisitor)
    }
}

struct OptionalVisitor;

impl<'de> Visitor<'de> for OptionalVisitor {
    type Value = Optional;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`include`, `exclude` or a list of patterns")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Optional, E> {
        match text {
            "exclude" => Ok(Optional::Exclude),
            "include" => Ok(Optional::Include),
            _ => Err(E::unknown_variant(text, &["include", "exclude"])),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Optional, A::Error> {
        let mut patterns = Vec::new();
        while let Some(pattern) = access.next_element::<parsed::Parsed<ImagePattern>>()? {
            patterns.push(pattern.0);
        }
        Ok(Optional::Only(patterns))
    }
}
