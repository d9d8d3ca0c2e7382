//! The rows of the tables.

use std::collections::BTreeSet;
use std::sync::Arc;

use sealift_reference::{Digest, Repository, Tag};

use super::super::CopyError;
use super::super::ends::Id;

pub(super) type PlaceId = usize;

/// Reasons kept per unit; more would only repeat each other.
const REASONS: usize = 10;

/// One blob or one manifest in one repository of the target.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) place: PlaceId,
    /// Where it is read.
    pub(super) source: Repository,
    pub(super) digest: Digest,
    pub(super) kind: Kind,
    pub(super) state: State,
    /// Which limit the running job counts against.
    pub(super) slot: Slot,
    /// Units that this one waits for and that are not settled.
    pub(super) waiting: usize,
    pub(super) children: Vec<Id>,
    /// Units that wait for this one.
    pub(super) dependents: Vec<Id>,
    /// Roots that are done with this unit.
    pub(super) roots: Vec<Id>,
    pub(super) errors: Vec<Arc<CopyError>>,
    /// The target was asked for the manifest.
    pub(super) is_probed: bool,
}

#[derive(Debug)]
pub(super) enum Kind {
    Blob { size_bytes: u64 },
    Document(DocumentUnit),
}

#[derive(Debug, Default)]
pub(super) struct DocumentUnit {
    pub(super) tag: Option<Tag>,
    /// Its children have units.
    pub(super) is_connected: bool,
    /// Absent children were added because the target wants them.
    pub(super) is_expanded: bool,
    /// Lost children were sent again once.
    pub(super) is_repaired: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Done,
    Failed,
    /// In a queue of the schedule.
    Queued,
    Running,
    /// For its children, or for the flight of its blob.
    Waiting,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Large,
    Request,
    Small,
}

impl Unit {
    pub(super) fn new(place: PlaceId, source: Repository, digest: Digest, kind: Kind) -> Self {
        Self {
            place,
            source,
            digest,
            kind,
            state: State::Waiting,
            slot: Slot::Request,
            waiting: 0,
            children: Vec::new(),
            dependents: Vec::new(),
            roots: Vec::new(),
            errors: Vec::new(),
            is_probed: false,
        }
    }

    pub(super) fn is_settled(&self) -> bool {
        matches!(self.state, State::Done | State::Failed)
    }

    pub(super) fn size_bytes(&self) -> u64 {
        match self.kind {
            Kind::Blob { size_bytes } => size_bytes,
            Kind::Document(_) => 0,
        }
    }

    pub(super) fn document(&mut self) -> Option<&mut DocumentUnit> {
        match &mut self.kind {
            Kind::Blob { .. } => None,
            Kind::Document(document) => Some(document),
        }
    }

    pub(super) fn tag(&self) -> Option<&Tag> {
        match &self.kind {
            Kind::Blob { .. } => None,
            Kind::Document(document) => document.tag.as_ref(),
        }
    }

    /// Adds reasons that are not there yet.
    pub(super) fn blame(&mut self, errors: &[Arc<CopyError>]) {
        for error in errors {
            if self.errors.len() < REASONS
                && !self.errors.iter().any(|known| Arc::ptr_eq(known, error))
            {
                self.errors.push(Arc::clone(error));
            }
        }
    }
}

/// A repository of the target.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) repository: Repository,
    /// Manifests that are there with all that is below them: their tags were right.
    pub(super) present: BTreeSet<Digest>,
    /// Something was found there that this run did not write, so manifests may be there too: they are asked for first.
    pub(super) is_warm: bool,
    /// Questions for manifests that are not answered.
    pub(super) probing: usize,
    /// Blob units that wait for these answers.
    pub(super) held: Vec<Id>,
}

/// The state of one digest among all repositories.
#[derive(Debug, Default)]
pub(super) struct Flight {
    /// Where the target has it.
    pub(super) present: BTreeSet<PlaceId>,
    /// The unit that sends it, or is about to.
    pub(super) leader: Option<Id>,
    /// Units that will mount it.
    pub(super) waiting: Vec<Id>,
}

/// Whether the target takes an index with absent children: found out by trying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sparse {
    Refuses,
    Takes,
    Trying,
    Unknown,
}

/// A root of an image.
#[derive(Debug)]
pub(super) struct RootState {
    pub(super) image: usize,
    pub(super) place: PlaceId,
    pub(super) digest: Digest,
    pub(super) tag: Option<Tag>,
    pub(super) progress: RootProgress,
    /// The unit that writes it.
    pub(super) unit: Option<Id>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RootProgress {
    /// Not asked for, or to be copied.
    Pending,
    Settled,
    /// Its tag is right.
    There,
}
