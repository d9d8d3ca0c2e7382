//! From a lock and its graph to a plan.

use sealift_inventory::{
    Graph, GraphNode, Lock, LockedChart, LockedImage, NamingError, Prefix, TargetName,
};
use sealift_reference::{Digest, MediaKind, Reference, Repository};

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

/// The host of what is on this machine.
const LOCAL: &str = "localhost";

/// Where the artifacts of a lock go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The registry of images.
    pub images: Prefix,
    /// The registry of charts.
    pub charts: Prefix,
}

impl From<&Prefix> for Destination {
    /// All to one registry.
    fn from(registry: &Prefix) -> Self {
        Self { images: registry.clone(), charts: registry.clone() }
    }
}

impl From<&Self> for Destination {
    fn from(destination: &Self) -> Self {
        destination.clone()
    }
}

impl Plan {
    /// Plans to carry the images and charts of a lock to where they belong.
    ///
    /// # Errors
    ///
    /// Where lock and graph do not belong together, or a name with its host is longer than 255 characters.
    pub fn of(lock: &Lock, graph: &Graph, to: impl Into<Destination>) -> Result<Self, PlanError> {
        let to = to.into();
        let got = graph.digest();
        if let Some(wants) = lock.graph.clone().filter(|wants| *wants != got) {
            return Err(PlanError::Graph { wants, got });
        }
        let mut plan = Self::default();
        let images = lock.images().map(|image| planned(image, &to.images));
        let charts = lock.charts().map(|chart| planned_chart(chart, &to.charts));
        for planned in images.chain(charts) {
            let planned = planned?;
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

fn planned(image: &LockedImage, registry: &Prefix) -> Result<PlannedImage, PlanError> {
    let name = image.image.to_string();
    let target = at(&name, &image.target, registry)?;
    let first =
        Root { digest: image.tagged_digest().clone(), tag: Some(image.target.tag().clone()) };
    let with =
        image.with.iter().map(|with| Root { digest: with.digest.clone(), tag: with.tag.clone() });
    Ok(PlannedImage {
        name,
        source: image.from.clone().unwrap_or_else(|| image.image.repository().clone()),
        target: target.repository().clone(),
        roots: std::iter::once(first).chain(with).collect(),
    })
}

fn planned_chart(chart: &LockedChart, registry: &Prefix) -> Result<PlannedImage, PlanError> {
    let name = chart.to_string();
    let target = at(&name, &chart.target, registry)?;
    let root = Root { digest: chart.manifest.clone(), tag: Some(chart.target.tag().clone()) };
    Ok(PlannedImage {
        source: chart_source(chart),
        target: target.repository().clone(),
        roots: vec![root],
        name,
    })
}

/// Returns where a chart is read: the repository of `oci://…`. Of others it is a name for messages, made of the host of their
/// URL.
#[must_use]
pub fn chart_source(chart: &LockedChart) -> Repository {
    let above = match chart.repository.split_once("://") {
        Some(("oci", rest)) => rest.trim_end_matches('/'),
        Some((_, rest)) => rest.split(['/', '?', '#']).next().unwrap_or(rest),
        None => LOCAL,
    };
    let source = format!("{above}/{}", chart.chart).parse();
    source.unwrap_or_else(|_| Repository::new(LOCAL, "chart").expect("it is a repository"))
}

fn at(name: &str, target: &TargetName, registry: &Prefix) -> Result<Reference, PlanError> {
    target.at(registry).map_err(|source| PlanError::Name {
        image: name.to_owned(),
        registry: registry.clone(),
        source,
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
