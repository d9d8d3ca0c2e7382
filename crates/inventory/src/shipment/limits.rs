//! Limits on what is read from outside.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::limits::{LOCK_BYTES, SHIPMENT_BYTES};

/// Every limit by name with the value that it has unless a shipment or `--limit NAME=VALUE` says otherwise. Sorted.
pub const LIMITS: &[(&str, u64)] = &[
    ("archive-entries", 65_536),
    ("archive-header-bytes", 64 << 10),
    ("archive-member-bytes", 16 << 20),
    ("archive-total-bytes", 2 << 30),
    ("attachment-bytes", 128 << 20),
    ("bundle-manifest-bytes", 256 << 20),
    ("chart-bytes", 100 << 20),
    ("chart-entries", 10_000),
    ("chart-file-bytes", 5 << 20),
    ("chart-nesting", 5),
    ("chart-ratio", 200),
    ("config-bytes", 4 << 20),
    ("docker-archive-json-bytes", 16 << 20),
    ("error-body-bytes", 64 << 10),
    ("index-children", 4_096),
    ("index-depth", 4),
    ("json-depth", 1_000),
    ("kustomize-bytes", 512 << 20),
    ("kustomize-depth", 64),
    ("kustomize-files", 20_000),
    ("lock-bytes", LOCK_BYTES),
    ("manifest-bytes", 4 << 20),
    ("manifest-layers", 1_000),
    ("path-bytes", 1_024),
    ("path-parts", 64),
    ("redirects", 5),
    ("referrer-depth", 3),
    ("referrers", 1_000),
    ("regex-nesting", 250),
    ("regex-program-bytes", 10 << 20),
    ("regex-source-bytes", 64 << 10),
    ("repository-index-bytes", 128 << 20),
    ("root-nodes", 20_000),
    ("schema-depth", 512),
    ("schema-steps", 10_000_000),
    ("shipment-bytes", SHIPMENT_BYTES),
    ("tag-bytes", 64 << 20),
    ("tags", 200_000),
    ("template-depth", 1_000),
    ("template-elements", 10_000_000),
    ("template-file-bytes", 64 << 20),
    ("template-frames", 1_000),
    ("template-nesting", 20_000),
    ("template-output-bytes", 256 << 20),
    ("template-steps", 50_000_000),
    ("template-string-bytes", 64 << 20),
    ("token-bytes", 128 << 10),
    ("volumes", 10_000),
    ("yaml-bytes", 64 << 20),
    ("yaml-depth", 1_000),
    ("yaml-nodes", 10_000_000),
    ("zstd-window-bytes", 128 << 20),
];

/// The limits that a shipment sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(transparent))]
pub struct Limits(BTreeMap<String, u64>);

impl Limits {
    /// Returns a limit: the one that was set, else the usual one; `None` for a name that is not in [`LIMITS`].
    #[must_use]
    pub fn get(&self, name: &str) -> Option<u64> {
        let usual = LIMITS.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        usual.map(|usual| self.0.get(name).copied().unwrap_or(usual))
    }

    /// Returns the names of the limits that were set.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Sets a limit.
    ///
    /// # Errors
    ///
    /// A text that names the nearest limit, when there is none of this name.
    pub fn set(&mut self, name: &str, value: u64) -> Result<(), String> {
        if LIMITS.iter().any(|(known, _)| *known == name) {
            self.0.insert(name.to_owned(), value);
            return Ok(());
        }
        let near = crate::format::nearest(name, LIMITS.iter().map(|(known, _)| *known));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        Err(format!("there is no limit `{name}`{hint}"))
    }
}

impl<'de> Deserialize<'de> for Limits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(LimitsVisitor)
    }
}

struct LimitsVisitor;

impl<'de> Visitor<'de> for LimitsVisitor {
    type Value = Limits;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of limits")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Limits, A::Error> {
        let mut limits = Limits::default();
        while let Some(LimitName(name)) = access.next_key()? {
            let value = access.next_value()?;
            limits.set(&name, value).map_err(A::Error::custom)?;
        }
        Ok(limits)
    }
}

/// A name that is refused while the key is read, so that the error has its place.
struct LimitName(String);

impl<'de> Deserialize<'de> for LimitName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Limits::default().set(&name, 0).map_err(D::Error::custom)?;
        Ok(Self(name))
    }
}
