//! From an inventory to a lock: tags to digests, indexes to platforms, images to the signatures that go with them.

mod error;
mod known;
mod lookup;
mod rebuild;
mod signatures;
mod walk;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use sealift_inventory::{
    Companion, Entry, Graph, GraphNode, IndexChoice, Lock, LockedArtifact, LockedImage,
    NamingError, NamingRules, Remap,
};
use sealift_reference::{Digest, MediaType, Platform, Reference, Repository};
use tokio::task::JoinSet;

use error::Failure;
pub use error::ResolveError;
pub use rebuild::{RebuildError, rebuild};
pub use signatures::With;

use crate::Source;
use lookup::Lookup;

/// How images are resolved.
#[derive(Clone, Debug, Default)]
pub struct ResolveSettings {
    /// The platforms to take; empty for all that each image has. An image that lacks one of them fails.
    pub platforms: Vec<Platform>,
    /// What happens to the other platforms of an index; `Sparse` unless said. `Child` needs exactly one platform.
    pub index: Option<IndexChoice>,
    /// The names at the target.
    pub naming: NamingRules,
    /// Sources that moved.
    pub remap: Remap,
    /// What is looked for besides the image.
    pub with: With,
    /// Images looked up at a time; 0 for the default of 16: more gain nothing on loopback, and registries limit clients.
    pub jobs: usize,
}

/// What came out: as much of the lock as could be resolved, and what could not.
#[derive(Debug, Default)]
pub struct Resolution {
    /// Images only, sorted, with totals and the digest of the graph. The rest of the head is for the caller to fill in.
    pub lock: Lock,
    /// Every manifest below the images.
    pub graph: Graph,
    /// Images that could not be resolved.
    pub failed: Vec<Unresolvable>,
}

/// An image that could not be resolved.
#[derive(Debug)]
pub struct Unresolvable {
    /// The image.
    pub image: Reference,
    /// Where it is needed, one origin a line, sorted; at most 20.
    pub because: Vec<String>,
    /// Why it could not be resolved.
    pub error: Box<ResolveError>,
}

/// Is told about images as they are resolved.
pub trait ResolveObserver: Send + Sync {
    /// The number of images is known.
    fn started(&self, _images: usize) {}

    /// An image has its digest.
    fn resolved(&self, _image: &Reference, _digest: &Digest) {}

    /// An image failed; the others go on.
    fn failed(&self, _image: &Reference, _error: &ResolveError) {}
}

impl ResolveObserver for () {}

/// What was found out about one image.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) digest: Digest,
    pub(crate) media_type: MediaType,
    pub(crate) platforms: BTreeMap<Platform, Digest>,
    /// Every platform that is offered.
    pub(crate) has: BTreeSet<Platform>,
    pub(crate) is_sparse: bool,
    pub(crate) is_index: bool,
    pub(crate) index: Option<IndexChoice>,
    pub(crate) nodes: BTreeMap<Digest, GraphNode>,
    pub(crate) with: Vec<Companion>,
}

/// Resolves the images among `entries`, several at a time; entries of other kinds are passed over.
///
/// An image that fails is reported with its origins and the rest is finished. Must run inside a tokio runtime.
///
/// # Errors
///
/// [`NamingError::Taken`] when two images would share a name at the target and are unlike; nothing can be shipped then.
pub async fn resolve<S: Source + 'static>(
    entries: &[Entry],
    settings: &ResolveSettings,
    source: Arc<S>,
    observer: &dyn ResolveObserver,
) -> Result<Resolution, NamingError> {
    let images = images(entries);
    observer.started(images.len());
    let found = look_up(&images, settings, &source, observer).await;
    Resolution::of(images, found, settings)
}

/// Resolves the images among `entries` by a lock that was made before, without asking anybody.
///
/// An image that the lock does not have, or has for other platforms or from elsewhere, fails. What goes with an image stays.
///
/// # Errors
///
/// As [`resolve`].
pub fn offline(
    entries: &[Entry],
    settings: &ResolveSettings,
    lock: &Lock,
    graph: &Graph,
) -> Result<Resolution, NamingError> {
    let images = images(entries);
    let found =
        images.iter().map(|(_, image)| known::found(image, settings, lock, graph)).collect();
    Resolution::of(images, found, settings)
}

fn images(entries: &[Entry]) -> Vec<(&Entry, &Reference)> {
    entries.iter().filter_map(|entry| Some((entry, entry.artifact.reference()?))).collect()
}

impl Resolution {
    fn of(
        images: Vec<(&Entry, &Reference)>,
        found: Vec<Result<Found, Failure>>,
        settings: &ResolveSettings,
    ) -> Result<Self, NamingError> {
        let mut resolution = Self::default();
        let mut done = Vec::new();
        for ((entry, image), found) in images.into_iter().zip(found) {
            match found {
                Ok(found) => done.push((entry, image, found)),
                Err(error) => resolution.failed.push(Unresolvable {
                    image: image.clone(),
                    because: because(entry, image),
                    error,
                }),
            }
        }
        let names =
            settings.naming.assign(done.iter().map(|(_, image, found)| (*image, &found.digest)))?;
        for (entry, image, found) in done {
            // Names were assigned to exactly these images.
            let Some(target) = names.target(image).cloned() else { continue };
            let locked = locked(entry, image, &found, target, settings);
            found
                .nodes
                .into_iter()
                .for_each(|(digest, node)| resolution.graph.insert(digest, node));
            resolution.lock.artifacts.push(LockedArtifact::Image(locked));
        }
        resolution.finish(settings);
        Ok(resolution)
    }

    /// Adds what needs the whole graph: sizes, sums, the digest of the graph.
    fn finish(&mut self, settings: &ResolveSettings) {
        let (lock, graph) = (&mut self.lock, &self.graph);
        for artifact in &mut lock.artifacts {
            let LockedArtifact::Image(image) = artifact else { continue };
            image.size = graph.closure([image.tagged_digest()]).bytes();
        }
        let all = graph.closure(lock.roots());
        lock.totals = lock.totals(all.blobs.len() as u64, all.bytes());
        lock.graph = Some(graph.digest());
        lock.platforms.clone_from(&settings.platforms);
        lock.sort();
    }
}

async fn look_up<S: Source + 'static>(
    images: &[(&Entry, &Reference)],
    settings: &ResolveSettings,
    source: &Arc<S>,
    observer: &dyn ResolveObserver,
) -> Vec<Result<Found, Failure>> {
    let jobs = if settings.jobs == 0 { 16 } else { settings.jobs };
    let mut waiting: VecDeque<_> = images.iter().enumerate().collect();
    let mut running = JoinSet::new();
    let mut found: BTreeMap<usize, Result<Found, Failure>> = BTreeMap::new();
    loop {
        while running.len() < jobs
            && let Some((index, (_, image))) = waiting.pop_front()
        {
            let lookup = Lookup::new(Arc::clone(source), image, settings);
            running.spawn(async move { (index, lookup.image().await) });
        }
        match running.join_next().await {
            Some(Ok((index, result))) => {
                match &result {
                    Ok(found) => observer.resolved(images[index].1, &found.digest),
                    Err(error) => observer.failed(images[index].1, error),
                }
                found.insert(index, result);
            }
            Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
            None => return found.into_values().collect(),
        }
    }
}

fn locked(
    entry: &Entry,
    image: &Reference,
    found: &Found,
    target: sealift_inventory::TargetName,
    settings: &ResolveSettings,
) -> LockedImage {
    LockedImage {
        image: image.clone(),
        from: settings.remap.apply(image.repository()),
        digest: found.digest.clone(),
        media_type: found.media_type.clone(),
        platforms: found.platforms.clone(),
        size: 0,
        index: found.index,
        target,
        class: entry.class,
        with: found.with.clone(),
        rebuilt: None,
        because: because(entry, image),
    }
}

fn because(entry: &Entry, image: &Reference) -> Vec<String> {
    Lock::because(&image.to_string(), entry.findings.iter().map(|finding| &finding.origin))
}

/// Where an image is read.
fn read_from(image: &Reference, settings: &ResolveSettings) -> Repository {
    settings.remap.apply(image.repository()).unwrap_or_else(|| image.repository().clone())
}
