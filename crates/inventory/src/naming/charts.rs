//! Where charts go.

use std::collections::BTreeMap;
use std::fmt;

use sealift_reference::{Reference, Repository, Tag};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::naming::PathPrefix;
use crate::{Naming, NamingError, TargetName};

/// Where charts of classic repositories go when nothing else is said.
const DEFAULT: &str = "helm-charts/";

/// Where charts of classic repositories go: below one prefix, or below one for each repository.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(untagged))]
pub enum Charts {
    /// All below one prefix.
    Below(#[cfg_attr(feature = "schema", schemars(with = "String"))] PathPrefix),
    /// By the URL of the repository; others below `helm-charts/`.
    ByRepository(
        #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, String>"))]
        BTreeMap<String, PathPrefix>,
    ),
}

impl Default for Charts {
    fn default() -> Self {
        Self::Below(DEFAULT.parse().expect("`helm-charts/` is a prefix"))
    }
}

impl Charts {
    /// Returns the prefix for the charts of a classic repository; a `/` at the end of its URL does not matter.
    #[must_use]
    pub fn prefix(&self, repository: &str) -> PathPrefix {
        let bare = |url: &str| url.trim_end_matches('/').to_owned();
        let found = match self {
            Self::Below(prefix) => Some(prefix),
            Self::ByRepository(prefixes) => prefixes
                .iter()
                .find(|(url, _)| bare(url) == bare(repository))
                .map(|(_, prefix)| prefix),
        };
        found.cloned().unwrap_or_else(|| DEFAULT.parse().expect("`helm-charts/` is a prefix"))
    }
}

impl Naming {
    /// Returns the name of a chart at the target: of an `oci://` repository as an image, else below `charts`. In the tag
    /// `+` is `_`, as Helm writes it.
    ///
    /// # Errors
    ///
    /// [`NamingError::Grammar`] when repository, name or version cannot be part of a reference.
    pub fn chart(
        &self,
        repository: &str,
        name: &str,
        version: &str,
    ) -> Result<TargetName, NamingError> {
        let tag: Tag = version.replace('+', "_").parse()?;
        if let Some(registry) = repository.strip_prefix("oci://") {
            let source: Repository =
                format!("{}/{name}", registry.trim_end_matches('/')).parse()?;
            return self.target(&Reference::new(source, Some(tag), None));
        }
        let path = format!("{}{}{name}", self.prefix, self.charts.prefix(repository));
        Ok(TargetName::new(&self.fold(&path), tag)?)
    }
}

impl Serialize for Charts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Below(prefix) => serializer.collect_str(prefix),
            Self::ByRepository(prefixes) => {
                serializer.collect_map(prefixes.iter().map(|(url, prefix)| (url, prefix.as_str())))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Charts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ChartsVisitor)
    }
}

struct ChartsVisitor;

impl<'de> Visitor<'de> for ChartsVisitor {
    type Value = Charts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a prefix such as `helm-charts/`, or a map of repository URLs to prefixes")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Charts, E> {
        prefix(text).map(Charts::Below)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Charts, A::Error> {
        let mut prefixes = BTreeMap::new();
        while let Some(url) = access.next_key::<String>()? {
            let text: String = access.next_value()?;
            prefixes.insert(url, prefix(&text)?);
        }
        Ok(Charts::ByRepository(prefixes))
    }
}

fn prefix<E: Error>(text: &str) -> Result<PathPrefix, E> {
    text.parse().map_err(|error| E::custom(format!("`{text}`: {error}")))
}
