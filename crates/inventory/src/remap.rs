//! Sources that moved, and mirrors of sources.

use sealift_reference::Repository;
use serde::{Deserialize, Serialize};

use crate::Prefix;
use crate::format::parsed;

/// A part of a registry whose content is read elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The name in manifests, which the target keeps.
    #[serde(with = "parsed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub from: Prefix,
    /// Where the content is.
    #[serde(with = "parsed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub to: Prefix,
}

/// Sources that moved. The longest prefix wins; prefixes end at a `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Remap(pub Vec<Move>);

impl Remap {
    /// Returns where a repository is read, or `None` where it did not move.
    #[must_use]
    pub fn apply(&self, repository: &Repository) -> Option<Repository> {
        let moves = self.0.iter().map(|entry| (&entry.from, &entry.to));
        longest(moves, repository).into_iter().next()
    }
}

/// Where a part of a registry is really read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Mirror {
    /// The part of the registry.
    #[serde(with = "parsed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub prefix: Prefix,
    /// Where the same content is.
    #[serde(with = "parsed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub location: Prefix,
}

/// Mirrors of sources. The longest prefix wins; several of one prefix are tried in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Mirrors(pub Vec<Mirror>);

impl Mirrors {
    /// Returns where a repository is read, in the order to try; empty where no mirror covers it.
    #[must_use]
    pub fn locations(&self, repository: &Repository) -> Vec<Repository> {
        longest(self.0.iter().map(|mirror| (&mirror.prefix, &mirror.location)), repository)
    }
}

/// What a repository becomes by the longest prefixes that cover it, in their order.
fn longest<'a>(
    pairs: impl Iterator<Item = (&'a Prefix, &'a Prefix)> + Clone,
    repository: &Repository,
) -> Vec<Repository> {
    let name = repository.to_string();
    let covering =
        pairs.filter_map(|(from, to)| Some((from.as_str().len(), from.strip(&name)?, to)));
    let length = covering.clone().map(|(length, _, _)| length).max();
    let chosen = covering.filter(|(covered, _, _)| Some(*covered) == length);
    chosen.filter_map(|(_, rest, to)| below(to, rest)).collect()
}

fn below(to: &Prefix, rest: &str) -> Option<Repository> {
    let name = if rest.is_empty() { to.to_string() } else { format!("{to}/{rest}") };
    name.parse().ok()
}
