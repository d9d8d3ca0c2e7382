//! Which repositories of the target share content.

use std::collections::{BTreeMap, BTreeSet};

use sealift_reference::Repository;

use super::Plan;

impl Plan {
    /// Returns, for each repository of the target, the others that will hold one of its blobs: a registry that hands out tokens
    /// wants to know them before it lets blobs be mounted.
    #[must_use]
    pub fn mount_sources(&self) -> BTreeMap<&Repository, BTreeSet<&Repository>> {
        let mut holders: BTreeMap<_, BTreeSet<&Repository>> = BTreeMap::new();
        for image in &self.images {
            for blob in image.roots.iter().flat_map(|root| self.blobs_below(&root.digest)) {
                holders.entry(&blob.digest).or_default().insert(&image.target);
            }
        }
        let mut sources: BTreeMap<&Repository, BTreeSet<&Repository>> = BTreeMap::new();
        for repositories in holders.values().filter(|repositories| repositories.len() > 1) {
            for repository in repositories {
                let others = repositories.iter().filter(|other| *other != repository);
                sources.entry(repository).or_default().extend(others);
            }
        }
        sources
    }
}
