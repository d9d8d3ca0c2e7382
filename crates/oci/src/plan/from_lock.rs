//! From a lock and its graph to a plan.

use sealift_inventory::{Graph, GraphNode, IndexChoice, Lock, LockedImage, NamingError, Prefix};
use sealift_reference::{Digest, MediaKind};

use super::{Node, Plan, PlannedImage, Root};
use crate::Blob;

/// Why a lock cannot be carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The graph is not the one that the lock names.
    #[error("the lock names graph {wants}, and this one is {got}")]
    Graph {
        /// What the lock says.
        wants: Digest,
        /// The hash of the graph at hand.
        got: Digest,
    },
    /// A target name and its registry make no reference that clients can pull.
    #[error("{image} has no name at {registry}")]
    Name {
        /// The image.
        image: String,
        /// The target registry.
        registry: Prefix,
        /// Why.
        source: NamingError,
    },
    /// The graph says nothing about a manifest of the lock.
    #[error("{image}: manifest {digest} is not in the graph")]
    Unknown {
        /// The image.
        image: String,
        /// The manifest.
        digest: Digest,
    },
}

impl Plan {
    /// Plans to carry the images of a lock to `registry`.
    ///
    /// # Errors
    ///
    /// Where lock and graph do not belong together, or a name with its host is longer than 255 characters.
    pub fn of(lock: &Lock, graph: &Graph, registry: &Prefix) -> Result<Self, PlanError> {
        let got = graph.digest();
        if let Some(wants) = lock.graph.clone().filter(|wants| *wants != got) {
            return Err(PlanError::Graph { wants, got });
        }
        let mut plan = Self::default();
        for image in lock.images() {
            let planned = planned(image, registry)?;
            for root in &planned.roots {
                plan.add(graph, &planned.name, &root.digest)?;
            }
            plan.images.push(planned);
        }
        Ok(plan)
    }

    fn add(&mut self, graph: &Graph, image: &str, root: &Digest) -> Result<(), PlanError> {
        if graph.get(root).is_none() {
            return Err(PlanError::Unknown { image: image.to_owned(), digest: root.clone() });
        }
        let mut open = vec![root.clone()];
        while let Some(digest) = open.pop() {
            if self.nodes.contains_key(&digest) {
                continue;
            }
            let Some(found) = graph.get(&digest) else { continue };
            let node = node(graph, found);
            open.extend(node.documents.iter().cloned());
            self.nodes.insert(digest, node);
        }
        Ok(())
    }
}

/// Returns the digest that is tagged at the target: of the index, or of the one platform that was asked for instead of it.
pub(crate) fn tagged_digest(image: &LockedImage) -> &Digest {
    let child = image.platforms.values().next().filter(|_| image.index == Some(IndexChoice::Child));
    child.unwrap_or(&image.digest)
}

fn planned(image: &LockedImage, registry: &Prefix) -> Result<PlannedImage, PlanError> {
    let name = image.image.to_string();
    let target = image.target.at(registry).map_err(|source| PlanError::Name {
        image: name.clone(),
        registry: registry.clone(),
        source,
    })?;
    let first =
        Root { digest: tagged_digest(image).clone(), tag: Some(image.target.tag().clone()) };
    let with =
        image.with.iter().map(|with| Root { digest: with.digest.clone(), tag: with.tag.clone() });
    Ok(PlannedImage {
        name,
        source: image.from.clone().unwrap_or_else(|| image.image.repository().clone()),
        target: target.repository().clone(),
        roots: std::iter::once(first).chain(with).collect(),
    })
}

/// A child with a line of its own is a manifest; another child of an index is absent; all others are blobs.
fn node(graph: &Graph, found: &GraphNode) -> Node {
    let is_index = found.media_type.kind() == MediaKind::Index;
    let mut node = Node {
        size_bytes: found.size,
        media_type: found.media_type.clone(),
        documents: Vec::new(),
        blobs: Vec::new(),
        absent: Vec::new(),
    };
    for (digest, size_bytes) in &found.children {
        let child = Blob { digest: digest.clone(), size_bytes: *size_bytes };
        if graph.get(digest).is_some() {
            node.documents.push(child.digest);
        } else if is_index {
            node.absent.push(child);
        } else {
            node.blobs.push(child);
        }
    }
    node
}
