//! The one copy engine: any source, any target.
//!
//! The plan is known before the first byte, so a scheduler decides what may start, and tasks only move bytes: nothing that
//! holds a permit ever waits for anything else. Children are written before parents. A digest crosses the wire once per run;
//! other repositories mount it. The target is the journal: a run that was killed and runs again asks the target what is there.

mod content;
mod ends;
mod error;
mod observer;
mod preflight;
mod schedule;

use std::collections::BTreeSet;
use std::sync::Arc;

use sealift_reference::Digest;
use tokio::task::JoinSet;

pub use error::{CopyError, Side};
pub use observer::Observer;
pub use preflight::{Preflight, Refusal};

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
    /// Bytes of these images, what they share counted for each.
    pub skipped_bytes: u64,
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
    /// Bytes of blobs that came from the source, those of broken transfers included.
    pub read_bytes: u64,
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
    /// Of a rehearsal: requests that writing the blobs would take at the target.
    pub foreseen: u64,
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

/// A copy that is about to be made.
///
/// Failures are collected by image and the rest goes on, except where the target takes no writes at all. Must run inside a
/// tokio runtime; dropping the future ends all transfers, and nothing wrong stays: whatever was committed was verified.
pub struct Copy<S, T> {
    /// Where it reads.
    pub source: Arc<S>,
    /// Where it writes.
    pub target: Arc<T>,
    /// How.
    pub options: CopyOptions,
    /// Who is told.
    pub observer: Arc<dyn Observer>,
    /// Who may refuse images once it is known what the target lacks, and before the first byte.
    pub preflight: Arc<dyn Preflight>,
}

impl<S: Source + 'static, T: Target + 'static> Copy<S, T> {
    /// Copies the images of a plan.
    pub async fn run(&self, plan: &Plan) -> Summary {
        self.with(plan, self.ends()).await
    }

    /// Finds out what [`Copy::run`] would do: the target is asked, nothing is written and no content read.
    ///
    /// What would be sent, mounted and found counts as if it had been. A target that takes no sparse index is not recognised.
    pub async fn rehearse(&self, plan: &Plan) -> Summary {
        self.with(plan, self.ends().rehearsing()).await
    }

    fn ends(&self) -> Ends<S, T> {
        let (source, target) = (Arc::clone(&self.source), Arc::clone(&self.target));
        Ends::new(source, target, self.options.limits, Arc::clone(&self.observer))
    }

    async fn with(&self, plan: &Plan, ends: Ends<S, T>) -> Summary {
        self.observer.planned(&plan.totals());
        let mut schedule = Schedule::new(plan, self.options.clone(), Arc::clone(&self.observer));
        let ends = Arc::new(ends);
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
            if let Some(wanted) = schedule.surveyed() {
                schedule.begin(self.preflight.check(plan, &wanted).await);
            }
        }
        let mut summary = schedule.into_summary();
        summary.read_bytes = ends.read_bytes();
        summary.requests.foreseen = ends.foreseen_requests();
        summary
    }
}

/// Copies the images of a plan, without a preflight.
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
    let (options, preflight) = (options.clone(), Arc::new(()));
    Copy { source, target, options, observer, preflight }.run(plan).await
}
