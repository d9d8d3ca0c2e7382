//! What may start next: a table of units with counters, no I/O and no waiting.
//!
//! A unit is one blob or one manifest in one repository of the target. A manifest waits for the units that it names. Of the
//! units of one blob a single one is in flight; the others wait for it and then mount.

mod build;
mod flights;
mod jobs;
mod repair;
mod settle;
mod unit;

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;

use sealift_reference::Digest;

use super::content::SMALL_BYTES;
use super::ends::{Done, Id, Job, Outcome};
use super::{CopyError, CopyOptions, Observer, Replace, Summary};
use crate::plan::{Node, Plan, PlannedImage};
use unit::{Flight, Place, PlaceId, RootState, Slot, Sparse, Unit};

/// Uploads that may be announced before a body has a permit, so that round trips hide behind bodies.
const LOOK_AHEAD: usize = 4;

/// Failures of the target's network in a row, without any success, after which the run ends.
const NETWORK_FAILURES: u32 = 3;

pub(super) struct Schedule {
    images: Vec<PlannedImage>,
    nodes: BTreeMap<Digest, Node>,
    options: CopyOptions,
    observer: Arc<dyn Observer>,
    roots: Vec<RootState>,
    /// Roots of each image that are not settled.
    roots_left: Vec<usize>,
    /// Roots whose tag was not looked up yet.
    unanswered: usize,
    /// All tags were looked up, and nothing has begun.
    is_surveyed: bool,
    /// Repositories with a right tag and without all that hangs on it.
    unsure: Vec<PlaceId>,
    units: Vec<Unit>,
    places: Vec<Place>,
    documents: HashMap<(PlaceId, Digest), Id>,
    blobs: HashMap<(PlaceId, Digest), Id>,
    flights: HashMap<Digest, Flight>,
    /// Where shared blobs are sent.
    homes: HashMap<Digest, sealift_reference::Repository>,
    /// In how many repositories each manifest is written.
    copies: HashMap<Digest, usize>,
    /// Images of which this run wrote something.
    copied: Vec<bool>,
    /// Reasons by image, until it is settled.
    failures: HashMap<usize, Vec<Arc<CopyError>>>,
    /// Blob units that were made and not started.
    fresh: Vec<Id>,
    large: BinaryHeap<Urgency>,
    small: BinaryHeap<Urgency>,
    requests: VecDeque<Request>,
    active: Active,
    sparse: Sparse,
    /// Sparse indexes that wait for the answer to the first.
    parked: Vec<Id>,
    stopped: Option<Arc<CopyError>>,
    network_failures: u32,
    summary: Summary,
}

/// Largest first, then in the order of the lock.
type Urgency = (u64, std::cmp::Reverse<Id>);

#[derive(Clone, Copy, Debug)]
enum Request {
    Document(Id),
    Expand(Id),
    Lacking(Id),
    Mount(Id),
    Probe(Id),
    Tag(Id),
}

#[derive(Debug, Default)]
struct Active {
    large: usize,
    small: usize,
    requests: usize,
}

impl Schedule {
    pub(super) fn new(plan: &Plan, options: CopyOptions, observer: Arc<dyn Observer>) -> Self {
        let mut schedule = Self {
            images: plan.images.clone(),
            nodes: plan.nodes.clone(),
            options,
            observer,
            roots: Vec::new(),
            roots_left: plan.images.iter().map(|image| image.roots.len()).collect(),
            unanswered: 0,
            is_surveyed: false,
            unsure: Vec::new(),
            units: Vec::new(),
            places: Vec::new(),
            documents: HashMap::new(),
            blobs: HashMap::new(),
            flights: HashMap::new(),
            homes: plan.homes(),
            copies: HashMap::new(),
            copied: vec![false; plan.images.len()],
            failures: HashMap::new(),
            fresh: Vec::new(),
            large: BinaryHeap::new(),
            small: BinaryHeap::new(),
            requests: VecDeque::new(),
            active: Active::default(),
            sparse: Sparse::Unknown,
            parked: Vec::new(),
            stopped: None,
            network_failures: 0,
            summary: Summary::default(),
        };
        schedule.ask_for_tags();
        schedule
    }

    /// Returns the next job that may start now.
    pub(super) fn next_job(&mut self) -> Option<Job> {
        if self.stopped.is_some() {
            return None;
        }
        loop {
            if self.active.requests < self.options.limits.requests.max(1)
                && let Some(request) = self.requests.pop_front()
            {
                if let Some(job) = self.request_job(request) {
                    self.active.requests += 1;
                    return Some(job);
                }
                continue;
            }
            let id = self.next_body()?;
            if let Some(job) = self.body_job(id) {
                return Some(job);
            }
        }
    }

    /// Takes the largest blob whose kind has a place free.
    fn next_body(&mut self) -> Option<Id> {
        let limits = self.options.limits;
        if self.active.large < limits.bodies.max(1) + LOOK_AHEAD
            && let Some((_, id)) = self.large.pop()
        {
            return Some(id.0);
        }
        if self.active.small < limits.requests.max(1)
            && let Some((_, id)) = self.small.pop()
        {
            return Some(id.0);
        }
        None
    }

    /// Takes what a job came to.
    pub(super) fn finished(&mut self, done: Done) {
        let id = done.id;
        match done.outcome {
            Outcome::Blob(result) => {
                self.free(id);
                self.blob_finished(id, result);
            }
            other => {
                self.active.requests -= 1;
                self.request_finished(id, other);
            }
        }
    }

    fn request_finished(&mut self, id: Id, outcome: Outcome) {
        match outcome {
            Outcome::Blob(result) => self.blob_finished(id, result),
            Outcome::Document(result) => self.document_finished(id, result),
            Outcome::Expand(result) => self.expanded(id, result),
            Outcome::Lacking(result) => self.lacking(id, result),
            Outcome::Probe(found) => self.probed(id, found),
            Outcome::Tag(result) => self.tag_found(id, result),
        }
    }

    fn free(&mut self, id: Id) {
        match self.units[id].slot {
            Slot::Large => self.active.large -= 1,
            Slot::Request => self.active.requests -= 1,
            Slot::Small => self.active.small -= 1,
        }
    }

    /// Returns what was done. Called when no job is left; what is unsettled then was stopped.
    pub(super) fn into_summary(mut self) -> Summary {
        let stopped = self.stopped.take();
        for root in 0..self.roots.len() {
            let RootState { place, digest, .. } = &self.roots[root];
            let stuck = || {
                let repository = self.places[*place].repository.clone();
                Arc::new(CopyError::Stuck { repository, digest: digest.clone() })
            };
            // A root that is settled stays as it is.
            self.root_settled(root, vec![stopped.clone().unwrap_or_else(stuck)]);
        }
        self.summary
    }

    /// Notes a success or failure at the target, and stops the run where no write can succeed any more.
    fn note(&mut self, error: Option<&Arc<CopyError>>) {
        let Some(error) = error else {
            self.network_failures = 0;
            return;
        };
        let is_network = error.kind() == Some(crate::StoreErrorKind::Network)
            && error.side() == super::Side::Target;
        self.network_failures += u32::from(is_network);
        if error.is_fatal() || self.network_failures >= NETWORK_FAILURES {
            self.stopped.get_or_insert_with(|| Arc::clone(error));
        }
    }
}

/// Returns the manifests below `root` and itself, children first, each once.
fn below(nodes: &BTreeMap<Digest, Node>, root: &Digest) -> Vec<Digest> {
    let mut seen = BTreeSet::new();
    let mut order = Vec::new();
    let mut stack = vec![(root, false)];
    while let Some((digest, children_done)) = stack.pop() {
        if children_done {
            order.push(digest.clone());
        } else if let Some(node) = nodes.get(digest)
            && seen.insert(digest)
        {
            stack.push((digest, true));
            stack.extend(node.documents.iter().rev().map(|child| (child, false)));
        }
    }
    order
}

fn may_replace(replace: &Replace, digest: &Digest) -> bool {
    match replace {
        Replace::Any => true,
        Replace::Only(known) => known.contains(digest),
    }
}
