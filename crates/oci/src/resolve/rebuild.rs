//! The graph of a lock, read again where its file is lost.

use std::sync::Arc;

use sealift_inventory::{
    Artifact, Class, Confidence, Entry, Finding, Graph, Inventory, Layout, Lock, LockedImage,
    Naming, NamingError, Origin,
};
use sealift_reference::{Digest, Reference};

use super::{Resolution, ResolveError, ResolveSettings, With, resolve};
use crate::Source;
use crate::plan::chart_source;

/// Why a graph could not be made again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RebuildError {
    /// The registries give another graph than the one that the lock names.
    #[error("the registries give graph {got}, and the lock names {wants}")]
    Different {
        /// What the lock says.
        wants: Digest,
        /// What came out.
        got: Digest,
    },
    /// A manifest of the lock cannot be read.
    #[error("{image}: its manifests cannot be read again")]
    Image {
        /// Which one.
        image: String,
        /// Why.
        source: Box<ResolveError>,
    },
    /// Two entries of the lock are at odds.
    #[error("the lock contradicts itself")]
    Naming(#[from] NamingError),
}

/// Reads all manifests of a lock by digest, and returns their graph: the one that the lock names. Must run inside a tokio runtime.
///
/// # Errors
///
/// [`RebuildError`]; nothing of a wrong graph is returned.
pub async fn rebuild<S: Source + 'static>(
    lock: &Lock,
    source: Arc<S>,
) -> Result<Graph, RebuildError> {
    let naming = Naming { layout: Layout::KeepHost, ..Naming::default() };
    let whole =
        ResolveSettings { naming: naming.into(), with: With::None, ..ResolveSettings::default() };
    let chosen = ResolveSettings {
        platforms: lock.platforms.clone(),
        index: lock.images().find_map(|image| image.index),
        ..whole.clone()
    };
    let images = lock.images().map(|image| at(image, &image.digest));
    let with = lock
        .images()
        .flat_map(|image| image.with.iter().map(move |companion| at(image, &companion.digest)));
    let charts = lock
        .charts()
        .map(|chart| Reference::new(chart_source(chart), None, Some(chart.manifest.clone())));
    let beside = with.chain(charts);
    let images = resolve(&entries(images), &chosen, Arc::clone(&source), &()).await?;
    let beside = resolve(&entries(beside), &whole, source, &()).await?;
    let graph = merged([images, beside])?;
    match (&lock.graph, graph.digest()) {
        (Some(wants), got) if *wants != got => {
            Err(RebuildError::Different { wants: wants.clone(), got })
        }
        _ => Ok(graph),
    }
}

/// A manifest at the place where the lock has read it.
fn at(image: &LockedImage, digest: &Digest) -> Reference {
    let repository = image.from.as_ref().unwrap_or_else(|| image.image.repository());
    Reference::new(repository.clone(), None, Some(digest.clone()))
}

fn entries(references: impl Iterator<Item = Reference>) -> Vec<Entry> {
    let findings = references.map(|reference| Finding {
        artifact: Artifact::Image(reference),
        origin: Origin::new(),
        set_by: Vec::new(),
        class: Class::Required,
        confidence: Confidence::Certain,
    });
    Inventory::collect(findings, [], []).artifacts().to_vec()
}

fn merged(parts: [Resolution; 2]) -> Result<Graph, RebuildError> {
    let mut graph = Graph::default();
    for part in parts {
        if let Some(failed) = part.failed.into_iter().next() {
            return Err(RebuildError::Image {
                image: failed.image.to_string(),
                source: failed.error,
            });
        }
        for (digest, node) in part.graph.nodes() {
            graph.insert(digest.clone(), node.clone());
        }
    }
    Ok(graph)
}
