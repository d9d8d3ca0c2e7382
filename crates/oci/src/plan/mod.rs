//! What a run has to do, worked out before the first byte moves.

mod from_lock;
mod homes;
mod shard;

use std::collections::{BTreeMap, BTreeSet};

use sealift_reference::{Digest, MediaType, Repository, Tag};

pub use from_lock::{Destination, PlanError, chart_source};
pub use shard::ShardError;

use crate::{Blob, Descriptor, Document, Manifest};

/// Images and charts to copy, and the manifests that they are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Every manifest below the roots, by digest.
    pub nodes: BTreeMap<Digest, Node>,
    /// In the order of the lock.
    pub images: Vec<PlannedImage>,
}

/// One manifest, and what must be there before it may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Length of the document.
    pub size_bytes: u64,
    /// As its own `mediaType` or its parent says.
    pub media_type: MediaType,
    /// Manifests that are copied with it; each has a node of its own.
    pub documents: Vec<Digest>,
    /// Config and layers.
    pub blobs: Vec<Blob>,
    /// Manifests that it names and that are left out, because their platform was not chosen. They have no node.
    pub absent: Vec<Blob>,
}

/// An image or a chart of the lock: where it is read, where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedImage {
    /// As the lock names it.
    pub name: String,
    /// Where the bytes are read.
    pub source: Repository,
    /// Where they go.
    pub target: Repository,
    /// The image itself first, then signatures and what else is carried along.
    pub roots: Vec<Root>,
}

/// A manifest that is copied for its own sake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// A key of [`Plan::nodes`].
    pub digest: Digest,
    /// The name at the target; `None` for what is found through its subject.
    pub tag: Option<Tag>,
}

/// What a plan comes to if nothing is there yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Images and charts of the plan.
    pub images: usize,
    /// Distinct manifests.
    pub documents: usize,
    /// Distinct blobs.
    pub blobs: usize,
    /// Bytes of the distinct blobs and manifests.
    pub size_bytes: u64,
}

impl Plan {
    /// Returns every manifest below `root` and itself, children first, each once.
    #[must_use]
    pub fn below(&self, root: &Digest) -> Vec<&Digest> {
        let mut seen = BTreeSet::new();
        let mut order = Vec::new();
        // An explicit stack, since graphs come from files: (digest, whether its children are done).
        let mut stack = vec![(root, false)];
        while let Some((digest, done)) = stack.pop() {
            let Some((digest, node)) = self.nodes.get_key_value(digest) else { continue };
            if done {
                order.push(digest);
            } else if seen.insert(digest) {
                stack.push((digest, true));
                stack.extend(node.documents.iter().rev().map(|child| (child, false)));
            }
        }
        order
    }

    /// Returns the distinct blobs below `root`, in order of first need.
    #[must_use]
    pub fn blobs_below(&self, root: &Digest) -> Vec<&Blob> {
        let mut seen = BTreeSet::new();
        let blobs = self.below(root).into_iter().filter_map(|digest| self.nodes.get(digest));
        blobs.flat_map(|node| &node.blobs).filter(|blob| seen.insert(&blob.digest)).collect()
    }

    /// Returns the bytes of the distinct content of some images.
    #[must_use]
    pub fn bytes_of<'a>(&self, images: impl IntoIterator<Item = &'a PlannedImage>) -> u64 {
        self.totals_of(images).size_bytes
    }

    /// Returns the sums over distinct content.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.totals_of(&self.images)
    }

    fn totals_of<'a>(&self, images: impl IntoIterator<Item = &'a PlannedImage>) -> Totals {
        let images: Vec<_> = images.into_iter().collect();
        let roots = images.iter().flat_map(|image| &image.roots);
        let documents: BTreeSet<_> = roots.flat_map(|root| self.below(&root.digest)).collect();
        let nodes: Vec<_> = documents.iter().filter_map(|digest| self.nodes.get(*digest)).collect();
        let blobs: BTreeMap<_, _> = nodes
            .iter()
            .flat_map(|node| &node.blobs)
            .map(|blob| (&blob.digest, blob.size_bytes))
            .collect();
        let sizes = nodes.iter().map(|node| node.size_bytes).chain(blobs.values().copied());
        Totals {
            images: images.len(),
            documents: documents.len(),
            blobs: blobs.len(),
            size_bytes: sizes.fold(0, u64::saturating_add),
        }
    }
}

impl Node {
    /// Makes the node of a manifest with everything that it names.
    #[must_use]
    pub fn complete(document: &Document, manifest: &Manifest) -> Self {
        Self {
            size_bytes: document.bytes.len() as u64,
            media_type: manifest.media_type.clone(),
            documents: manifest.documents().iter().map(|child| child.digest.clone()).collect(),
            blobs: manifest.blobs().map(Descriptor::blob).collect(),
            absent: Vec::new(),
        }
    }
}
