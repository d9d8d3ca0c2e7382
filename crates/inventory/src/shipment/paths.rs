//! One path or several.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Paths or patterns of paths, relative to the shipment file; written as one text or as a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "PathsSchema"))]
pub struct Paths(pub Vec<String>);

/// How paths are written.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "only its schema is wanted")]
enum PathsSchema {
    One(String),
    Several(Vec<String>),
}

impl<'de> Deserialize<'de> for Paths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PathsVisitor)
    }
}

struct PathsVisitor;

impl<'de> Visitor<'de> for PathsVisitor {
    type Value = Paths;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a path or a list of paths")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Paths, E> {
        if text.is_empty() {
            Err(E::custom("a path is not empty"))
        } else {
            Ok(Paths(vec![text.to_owned()]))
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Paths, A::Error> {
        let mut paths = Vec::new();
        while let Some(path) = access.next_element::<String>()? {
            if path.is_empty() {
                return Err(A::Error::custom("a path is not empty"));
            }
            paths.push(path);
        }
        if paths.is_empty() {
            Err(A::Error::custom("a list of paths is not empty"))
        } else {
            Ok(Paths(paths))
        }
    }
}
