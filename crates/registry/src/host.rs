//! What is known about one registry host during a run.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sealift_oci::{StoreError, StoreErrorKind};
use sealift_reference::Digest;
use tokio::sync::OnceCell;
use tokio::time::Instant;
use url::Url;

use crate::address::{Origin, Reach};
use crate::auth::Tokens;
use crate::challenge::Challenge;
use crate::counts::RequestKind;
use crate::expect::Question;
use crate::limits::{BODIES, SMALL_REQUESTS};
use crate::pressure::{Permit, Pressure};

/// One host as in references, such as `docker.io`.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) name: String,
    pub(crate) base: OnceCell<Base>,
    pub(crate) reach: OnceCell<Reach>,
    pub(crate) tokens: Tokens,
    /// Held while a fallback tag is read, changed and written.
    pub(crate) fallback: tokio::sync::Mutex<()>,
    challenge: Mutex<Option<Challenge>>,
    facts: Mutex<Facts>,
    state: Mutex<State>,
    reads: Arc<Pressure>,
    writes: Arc<Pressure>,
    small: Arc<Pressure>,
}

/// Where and how the host is spoken to; settled by the first request.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    pub(crate) url: Url,
    pub(crate) origin: Origin,
}

impl Base {
    /// Returns whether a URL is at the registry itself: same scheme, host and port.
    pub(crate) fn holds(&self, url: &Url) -> bool {
        Origin::of(url).as_ref() == Some(&self.origin)
    }
}

/// What was learned from answers; nothing is decided by the host's name.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Whether the referrers API is there, once that is known.
    pub(crate) referrers: Option<bool>,
    /// The size of chunks, once a whole blob was refused.
    pub(crate) chunk_bytes: Option<u64>,
    /// Whether a blob in one piece is refused whatever its size.
    pub(crate) only_chunks: bool,
    /// Blobs that went in chunks after faults that may have had another reason.
    pub(crate) odd_chunks: u32,
    /// Whether a large body asks before its first byte.
    pub(crate) question: Question,
    /// The smallest chunk that the host takes.
    pub(crate) least_chunk_bytes: u64,
    /// Mounts in a row that failed, by target and source repository.
    pub(crate) failed_mounts: HashMap<(String, String), u32>,
    /// Whether a mount from the repository itself was refused where a plain session was opened.
    pub(crate) refuses_own_mounts: bool,
    /// Whether repositories are new, known or being asked.
    pub(crate) new: HashMap<String, Arc<OnceCell<bool>>>,
    /// Repositories of which it was foreseen that a run asks whether they are new.
    pub(crate) foreseen_lists: HashSet<String>,
    /// Upload sessions that were opened and not used yet, by repository and the blob that is not there.
    pub(crate) sessions: HashMap<(String, Digest), Url>,
    /// Blobs that were said to be there when their upload was to begin, and were not asked for yet, by repository.
    pub(crate) claimed: HashSet<(String, Digest)>,
    /// Blobs that were sent or mounted in this run, by repository: a later question about them is asked.
    pub(crate) written: HashSet<(String, Digest)>,
    /// Pulls that are left, as the host counts them.
    pub(crate) rate: Option<RateLimit>,
}

/// The pulls that a host still allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Pulls that are left.
    pub remaining: u64,
    /// The time in seconds over which they are counted.
    pub window_seconds: u64,
}

#[derive(Debug)]
struct State {
    pause_until: Option<Instant>,
    last_success: Instant,
    dead: Option<(StoreErrorKind, String)>,
}

impl Host {
    /// Makes a host with so many bodies at a time, each way.
    pub(crate) fn new(name: &str, bodies: usize) -> Self {
        let state = State { pause_until: None, last_success: Instant::now(), dead: None };
        Self {
            name: name.to_owned(),
            base: OnceCell::new(),
            reach: OnceCell::new(),
            tokens: Tokens::default(),
            fallback: tokio::sync::Mutex::default(),
            challenge: Mutex::default(),
            facts: Mutex::default(),
            state: Mutex::new(state),
            reads: Pressure::new(bodies),
            writes: Pressure::new(bodies),
            small: Pressure::new(SMALL_REQUESTS),
        }
    }

    /// A host about which nothing needs to be found out.
    pub(crate) fn at(base: Base) -> Self {
        let name = crate::text::authority(&base.url);
        Self { base: OnceCell::new_with(Some(base)), ..Self::new(&name, BODIES) }
    }

    pub(crate) fn facts(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn challenge(&self) -> Option<Challenge> {
        self.challenge.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn learn_challenge(&self, challenge: Challenge) {
        *self.challenge.lock().unwrap_or_else(PoisonError::into_inner) = Some(challenge);
    }

    /// Waits for a place among the requests on their way, and until the host may be asked again. Bodies read have other places
    /// than bodies written: a copy within one host holds one of each, and would else wait for itself.
    pub(crate) async fn permit(&self, kind: RequestKind) -> Permit {
        let permit = self.pressure(kind).acquire().await;
        while let Some(until) = self.paused_until() {
            tokio::time::sleep_until(until).await;
        }
        permit
    }

    fn pressure(&self, kind: RequestKind) -> &Arc<Pressure> {
        match kind {
            RequestKind::BlobGet => &self.reads,
            RequestKind::UploadPatch | RequestKind::UploadPut => &self.writes,
            _ => &self.small,
        }
    }

    /// Notes that a request of a kind went well.
    pub(crate) fn went_well(&self, kind: RequestKind) {
        self.succeeded();
        self.pressure(kind).succeeded();
    }

    /// Keeps all requests back until a time, and lets fewer go at once then. Those that were on their way together, and are all
    /// told the same, halve that number once; `true` for the first of them.
    pub(crate) fn slow_down(&self, until: Instant) -> bool {
        let first = self.paused_until().is_none();
        if first {
            for kind in [&self.reads, &self.writes, &self.small] {
                kind.halve();
            }
        }
        self.pause(until);
        first
    }

    /// Keeps all requests to the host back until a time.
    fn pause(&self, until: Instant) {
        let mut state = self.state();
        state.pause_until = state.pause_until.max(Some(until));
    }

    fn paused_until(&self) -> Option<Instant> {
        self.state().pause_until.filter(|until| *until > Instant::now())
    }

    pub(crate) fn succeeded(&self) {
        self.state().last_success = Instant::now();
    }

    pub(crate) fn last_success(&self) -> Instant {
        self.state().last_success
    }

    /// Remembers that the host cannot be used at all, so that the next request does not find it out anew.
    pub(crate) fn bury(&self, error: &StoreError) {
        self.state().dead = Some((error.kind, error.message.clone()));
    }

    pub(crate) fn dead(&self) -> Option<StoreError> {
        self.state().dead.clone().map(|(kind, message)| StoreError::new(kind, message))
    }
}
