//! How many requests of which kind were sent to which host.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum RequestKind {
    /// Bytes of a blob.
    BlobGet,
    /// Whether a blob is there.
    BlobHead,
    /// A file of a web server.
    Download,
    /// A manifest.
    ManifestGet,
    /// What a tag names, or whether a manifest is there.
    ManifestHead,
    /// A manifest, written.
    ManifestPut,
    /// The first request to a host.
    Ping,
    /// How much a project may take.
    Quota,
    /// Documents that name a subject.
    Referrers,
    /// A page of tags.
    Tags,
    /// A token; counted at the registry that wants it.
    Token,
    /// Some bytes of a blob, written.
    UploadPatch,
    /// A mount, or a new upload session.
    UploadPost,
    /// The last or only bytes of a blob, written.
    UploadPut,
    /// How much of a blob a session has.
    UploadStatus,
}

impl fmt::Display for RequestKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BlobGet => "GET blob",
            Self::BlobHead => "HEAD blob",
            Self::Download => "GET file",
            Self::ManifestGet => "GET manifest",
            Self::ManifestHead => "HEAD manifest",
            Self::ManifestPut => "PUT manifest",
            Self::Ping => "ping",
            Self::Quota => "GET quota",
            Self::Referrers => "GET referrers",
            Self::Tags => "GET tags",
            Self::Token => "token",
            Self::UploadPatch => "PATCH upload",
            Self::UploadPost => "POST upload",
            Self::UploadPut => "PUT upload",
            Self::UploadStatus => "GET upload",
        })
    }
}

/// Why a try was made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum RetryCause {
    /// The connection was not made, broke, or stood still.
    Broken,
    /// The host asked to slow down: 429 or 503.
    Busy,
    /// The answer said that another try may help: a lost upload session, a body that is too large in one piece.
    Refused,
    /// The host had a fault of its own: another 5xx.
    Server,
    /// The bytes had another digest than they should.
    Wrong,
}

impl fmt::Display for RetryCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Broken => "broken",
            Self::Busy => "busy",
            Self::Refused => "refused",
            Self::Server => "server",
            Self::Wrong => "wrong",
        })
    }
}

/// The requests sent so far, those of retries and redirects included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By host as in references, then by kind.
    pub requests: BTreeMap<String, BTreeMap<RequestKind, u64>>,
    /// Tries that failed and were made again.
    pub retries: BTreeMap<RetryCause, u64>,
}

impl Counts {
    /// Returns the number of requests of one kind to all hosts.
    #[must_use]
    pub fn of(&self, kind: RequestKind) -> u64 {
        self.requests.values().filter_map(|kinds| kinds.get(&kind)).sum()
    }

    /// Returns how many tries were made again.
    #[must_use]
    pub fn retried(&self) -> u64 {
        self.retries.values().sum()
    }

    /// Returns the number of all requests.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.requests.values().flat_map(BTreeMap::values).sum()
    }
}

/// Counts while requests run.
#[derive(Debug, Default)]
pub(crate) struct Counter(Mutex<Counts>);

impl Counter {
    pub(crate) fn request(&self, host: &str, kind: RequestKind) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.requests.get_mut(host) {
            Some(kinds) => *kinds.entry(kind).or_default() += 1,
            None => drop(counts.requests.insert(host.to_owned(), BTreeMap::from([(kind, 1)]))),
        }
    }

    pub(crate) fn retry(&self, cause: RetryCause) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.retries.entry(cause).or_default() += 1;
    }

    pub(crate) fn snapshot(&self) -> Counts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
