//! A part of a plan, for several machines that share the work without talking.

use std::collections::{BTreeMap, BTreeSet};

use sealift_reference::Digest;

use super::Plan;

/// Blobs above this many bytes keep their images together: sending a smaller one twice costs less than an uneven share.
const LARGE_BYTES: u64 = 8 << 20;

/// Why there is no such shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no shard {number} of {of}: shards are numbered from 1")]
pub struct ShardError {
    /// The number that was asked for.
    pub number: usize,
    /// How many there are.
    pub of: usize,
}

impl Plan {
    /// Returns shard `number` (from 1) `of` so many: disjoint, complete together, balanced by bytes, and the same on every
    /// machine. Images that share a blob above 8 MiB are in one shard.
    ///
    /// # Errors
    ///
    /// [`ShardError`] for a number that is not from 1 to `of`.
    pub fn shard(&self, number: usize, of: usize) -> Result<Self, ShardError> {
        if number == 0 || number > of {
            return Err(ShardError { number, of });
        }
        let mut chosen = BTreeSet::new();
        let mut loads = vec![0_u64; of];
        for (size_bytes, group) in self.groups() {
            let lightest = (0..of).min_by_key(|shard| (loads[*shard], *shard)).unwrap_or_default();
            loads[lightest] = loads[lightest].saturating_add(size_bytes);
            if lightest + 1 == number {
                chosen.extend(group);
            }
        }
        let images: Vec<_> = chosen.into_iter().map(|image| self.images[image].clone()).collect();
        let roots = images.iter().flat_map(|image| &image.roots);
        let below: BTreeSet<&Digest> = roots.flat_map(|root| self.below(&root.digest)).collect();
        let nodes = self.nodes.iter().filter(|(digest, _)| below.contains(digest));
        Ok(Self {
            nodes: nodes.map(|(digest, node)| (digest.clone(), node.clone())).collect(),
            images,
        })
    }

    /// Returns images that belong together with their bytes, largest first, then in the order of the lock.
    fn groups(&self) -> Vec<(u64, Vec<usize>)> {
        let mut leaders: Vec<usize> = (0..self.images.len()).collect();
        let mut first_with: BTreeMap<&Digest, usize> = BTreeMap::new();
        let mut blobs: Vec<BTreeMap<&Digest, u64>> = vec![BTreeMap::new(); self.images.len()];
        for (image, planned) in self.images.iter().enumerate() {
            for blob in planned.roots.iter().flat_map(|root| self.blobs_below(&root.digest)) {
                blobs[image].insert(&blob.digest, blob.size_bytes);
                if blob.size_bytes > LARGE_BYTES {
                    let other = *first_with.entry(&blob.digest).or_insert(image);
                    let (a, b) = (leader(&leaders, other), leader(&leaders, image));
                    leaders[a.max(b)] = a.min(b);
                }
            }
        }
        let mut groups: BTreeMap<usize, (BTreeMap<&Digest, u64>, Vec<usize>)> = BTreeMap::new();
        for (image, blobs) in blobs.into_iter().enumerate() {
            let group = groups.entry(leader(&leaders, image)).or_default();
            group.0.extend(blobs);
            group.1.push(image);
        }
        let sum = |blobs: BTreeMap<_, u64>| blobs.into_values().fold(0, u64::saturating_add);
        let mut groups: Vec<_> =
            groups.into_values().map(|(blobs, images)| (sum(blobs), images)).collect();
        groups.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        groups
    }
}

/// The first image of the group of an image. Links lead to smaller numbers only, so the walk ends.
fn leader(leaders: &[usize], mut image: usize) -> usize {
    while leaders[image] != image {
        image = leaders[image];
    }
    image
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Blob;
    use crate::plan::{Node, PlannedImage, Root};

    /// One image for each list of blobs: `(content, bytes)`.
    fn plan(images: &[&[(&str, u64)]]) -> Plan {
        let mut plan = Plan::default();
        for (number, blobs) in images.iter().enumerate() {
            let digest = Digest::sha256(number.to_string().as_bytes());
            let blob = |(name, size_bytes): &(&str, u64)| Blob {
                digest: Digest::sha256(name.as_bytes()),
                size_bytes: *size_bytes,
            };
            let node = Node {
                size_bytes: 1,
                media_type: "application/vnd.oci.image.manifest.v1+json".into(),
                documents: Vec::new(),
                blobs: blobs.iter().map(blob).collect(),
                absent: Vec::new(),
            };
            plan.nodes.insert(digest.clone(), node);
            let repository: sealift_reference::Repository =
                format!("r.io/{number}").parse().unwrap();
            plan.images.push(PlannedImage {
                name: number.to_string(),
                source: repository.clone(),
                target: repository,
                roots: vec![Root { digest, tag: None }],
            });
        }
        plan
    }

    fn names(plan: &Plan) -> Vec<&str> {
        plan.images.iter().map(|image| image.name.as_str()).collect()
    }

    #[test]
    fn images_that_share_a_large_blob_stay_together_and_the_rest_is_balanced() {
        const MIB: u64 = 1 << 20;
        let shared = ("base", 100 * MIB);
        let images: [&[_]; 4] =
            [&[shared, ("a", 1)], &[("b", 60 * MIB)], &[shared, ("c", 1)], &[("d", 30 * MIB)]];
        let plan = plan(&images);
        assert_eq!(names(&plan.shard(1, 2).unwrap()), ["0", "2"]);
        assert_eq!(names(&plan.shard(2, 2).unwrap()), ["1", "3"]);
        assert_eq!(plan.shard(1, 2).unwrap().nodes.len(), 2);
    }

    #[test]
    fn a_number_that_is_no_shard_is_refused() {
        let plan = plan(&[&[("a", 1)]]);
        for (number, of) in [(0, 2), (3, 2), (1, 0)] {
            assert_eq!(plan.shard(number, of), Err(ShardError { number, of }));
        }
        assert_eq!(names(&plan.shard(2, 2).unwrap()), [""; 0]);
    }
}
