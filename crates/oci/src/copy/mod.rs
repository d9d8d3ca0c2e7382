//! The one copy engine: any source, any target.
//!
//! The plan is known before the first byte, so a scheduler decides what may start, and tasks only move bytes: nothing that
//! holds a permit ever waits for anything else. Children are written before parents. A digest crosses the wire once per run;
//! other repositories mount it. The target is the journal: a run that was killed and runs again asks the target what is there.

mod content;
mod ends;
mod error;
mod observer;
mod schedule;

use std::collections::BTreeSet;
use std::sync::Arc;

use sealift_reference::Digest;
use tokio::task::JoinSet;

pub use error::{CopyError, Side};
pub use observer::Observer;

use crate::plan::Plan;
use crate::{Source, Target};
use ends::Ends;
use schedule::Schedule;

/// How a run behaves.
#[derive(Clone, Debug, Default)]
pub struct CopyOptions {
    /// Which tags at the target may be moved.
    pub replace: Replace,
    /// Whether a right tag means that everything below it is there.
    pub trust_tags: TrustTags,
    /// What runs at a time.
    pub limits: Limits,
}

/// Which tags that name other content may be moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replace {
    /// All.
    Any,
    /// Those that name one of these digests (of the locks that were shipped before). A tag that names anything else may
    /// belong to somebody else: the image fails and the tag stays.
    Only(BTreeSet<Digest>),
}

impl Default for Replace {
    fn default() -> Self {
        Self::Only(BTreeSet::new())
    }
}

/// Whether a tag that names the right digest means that everything below it is there.
///
/// A registry refuses a manifest whose children are absent, so it does, with one exception: some registries take indexes
/// without all their platforms (GHCR does), and then a run that chose fewer platforms leaves a right tag behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrustTags {
    /// It does: one request per tag.
    Always,
    /// It does not: the manifests of an index are asked for as well, one request each.
    Never,
    /// It does not, and neither does a manifest: every blob is asked for, one request each, and manifests are written again. For
    /// a target that has lost content behind the back of its own tags.
    Nothing,
    /// It does, except for an index of which the plan leaves out something.
    #[default]
    UnlessSparse,
}

/// What runs at a time.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bodies at a time. 16 gain nothing over 8 (measured on loopback); crane uses 4, oras and dockerd 3.
    pub bodies: usize,
    /// Bodies of blobs below 256 KiB that may run besides, hidden behind the large ones.
    pub small_bodies: usize,
    /// Requests without a large body at a time.
    pub requests: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bodies: 8, small_bodies: 4, requests: 16 }
    }
}

/// What a run did.
#[derive(Debug, Default)]
pub struct Summary {
    /// Images that are at the target now, skipped ones included.
    pub images_done: usize,
    /// Images that were at the target before: their tags named the right digest.
    pub images_skipped: usize,
    /// Images that are not at the target, each with its reasons.
    pub failed: Vec<ImageFailure>,
    /// Manifests written.
    pub documents_written: u64,
    /// Blobs and their bytes by how they came to be where they are, counted per repository.
    pub sent: Counted,
    /// Linked by the target from another of its repositories.
    pub mounted: Counted,
    /// Found in the repository.
    pub already_there: Counted,
    /// Requests that the engine made at the target, as far as it sees them (a store may need several for one).
    pub requests: EngineRequests,
    /// What a refused sparse index made necessary.
    pub sparse_refused: Option<SparseRefused>,
}

/// A number of things and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// How many.
    pub count: u64,
    /// Their bytes.
    pub size_bytes: u64,
}

/// Calls of the engine by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EngineRequests {
    /// Tags asked for at the target, or digests where there is no tag.
    pub tags: u64,
    /// Manifests asked for at the target by digest, after it was seen that the repository has content.
    pub probes: u64,
    /// Blobs written, mounted or found.
    pub blobs: u64,
    /// Manifests read from the source and written.
    pub documents: u64,
    /// Children asked for after the target missed one.
    pub repairs: u64,
}

/// An image that failed.
#[derive(Clone, Debug)]
pub struct ImageFailure {
    /// As the lock names it.
    pub name: String,
    /// Distinct reasons, at most ten.
    pub errors: Vec<Arc<CopyError>>,
}

/// Manifests of platforms that were not chosen, sent because the target refuses an index without them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SparseRefused {
    /// Manifests.
    pub documents: usize,
    /// Bytes of the manifests and their distinct blobs.
    pub size_bytes: u64,
}

impl Summary {
    /// Returns whether every image is at the target.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty()
    }
}

/// Copies the images of a plan.
///
/// Failures are collected by image and the rest goes on, except where the target takes no writes at all. Must run inside a
/// tokio runtime; dropping the future ends all transfers, and nothing wrong stays: whatever was committed was verified.
pub async fn copy<S, T>(
    plan: &Plan,
    source: Arc<S>,
    target: Arc<T>,
    options: &CopyOptions,
    observer: Arc<dyn Observer>,
) -> Summary
where
    S: Source + 'static,
    T: Target + 'static,
{
    observer.planned(&plan.totals());
    let mut schedule = Schedule::new(plan, options.clone(), Arc::clone(&observer));
    let ends = Arc::new(Ends::new(source, target, options.limits, observer));
    let mut running = JoinSet::new();
    loop {
        while let Some(job) = schedule.next_job() {
            running.spawn(Arc::clone(&ends).run(job));
        }
        match running.join_next().await {
            Some(Ok(done)) => schedule.finished(done),
            Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
            None => break,
        }
    }
    schedule.into_summary()
}
