//! Where a blob that several repositories need is sent, so that the others can mount it from there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sealift_reference::{Digest, Repository};

use super::Plan;

impl Plan {
    /// Returns, for each repository of the target, the repositories that it will mount from.
    ///
    /// A token must name each of them, so they are few: of the repositories that need a blob, one is its home. Where an image is there before the run, the engine
    /// may mount from its repository as well when the home does not have the blob yet.
    #[must_use]
    pub fn mount_sources(&self) -> BTreeMap<Repository, BTreeSet<Repository>> {
        let homes = self.homes();
        let mut sources: BTreeMap<Repository, BTreeSet<Repository>> = BTreeMap::new();
        for (repository, blobs) in self.blobs_by_repository() {
            let from = blobs
                .iter()
                .filter_map(|digest| homes.get(*digest))
                .filter(|home| *home != repository);
            let from: BTreeSet<_> = from.cloned().collect();
            if !from.is_empty() {
                sources.insert(repository.clone(), from);
            }
        }
        sources
    }

    /// Returns the repository that each shared blob is sent to: of those that need it, the one that shares most blobs with
    /// others. A blob that one repository alone needs is not among them.
    #[must_use]
    pub fn homes(&self) -> HashMap<Digest, Repository> {
        let by_repository = self.blobs_by_repository();
        let mut needed_by: BTreeMap<&Digest, Vec<&Repository>> = BTreeMap::new();
        for (repository, blobs) in &by_repository {
            for digest in blobs {
                needed_by.entry(digest).or_default().push(repository);
            }
        }
        needed_by.retain(|_, repositories| repositories.len() > 1);
        let mut shared: BTreeMap<&Repository, usize> = BTreeMap::new();
        for repository in needed_by.values().flatten() {
            *shared.entry(repository).or_default() += 1;
        }
        let most = |repositories: &[&Repository]| {
            // The first of equals, so that the same plan gives the same homes.
            repositories
                .iter()
                .rev()
                .max_by_key(|repository| shared.get(*repository))
                .map(|home| (*home).clone())
        };
        let homes = needed_by
            .into_iter()
            .filter_map(|(digest, needed)| Some((digest.clone(), most(&needed)?)));
        homes.collect()
    }

    fn blobs_by_repository(&self) -> BTreeMap<&Repository, BTreeSet<&Digest>> {
        let mut blobs: BTreeMap<&Repository, BTreeSet<&Digest>> = BTreeMap::new();
        for image in &self.images {
            let below = image.roots.iter().flat_map(|root| self.blobs_below(&root.digest));
            blobs.entry(&image.target).or_default().extend(below.map(|blob| &blob.digest));
        }
        blobs
    }
}
