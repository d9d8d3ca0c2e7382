//! What a store in memory was asked.

use std::collections::BTreeMap;

/// The kinds of requests that a registry knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Request {
    /// `GET` of a blob.
    GetBlob,
    /// `GET` of a manifest.
    GetDocument,
    /// `HEAD` of a blob.
    HeadBlob,
    /// `HEAD` of a manifest by digest.
    HeadDocument,
    /// `HEAD` of a manifest by tag.
    HeadTag,
    /// `GET` of the referrers of a digest.
    ListReferrers,
    /// `GET` of the tags, which says whether a repository is new.
    ListTags,
    /// `POST` of an upload with `mount` and `from`; where it is refused it is the start of an upload.
    Mount,
    /// `PUT` of a manifest.
    PutDocument,
    /// `PUT` of a blob.
    SendBlob,
    /// `POST` of an upload.
    StartUpload,
}

/// How many requests of each kind there were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requests(pub(super) BTreeMap<Request, u64>);

impl Requests {
    /// Returns the number of one kind.
    #[must_use]
    pub fn of(&self, request: Request) -> u64 {
        self.0.get(&request).copied().unwrap_or_default()
    }

    /// Returns the number of all kinds.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }
}
