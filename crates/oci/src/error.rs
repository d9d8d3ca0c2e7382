//! Why a store could not do what it was asked.

use std::fmt;

/// What went wrong at one store. Which side it is (source or target) is added by the copy engine.
#[derive(Debug)]
pub struct StoreError {
    /// What kind of failure this is; policy (retry, exit code, hint) asks this, never the text.
    pub kind: StoreErrorKind,
    /// What could not be done, with its identity: host, repository, digest or tag, status and the registry's own words.
    pub message: String,
    /// The cause, not repeated in `message`.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The kinds of [`StoreError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// A manifest names content that the target says it lacks (`MANIFEST_BLOB_UNKNOWN` and its kin).
    ChildUnknown,
    /// The wrong bytes arrived, or more or fewer than there are ([`crate::verified()`]). Once more may help: they may have been spoilt on their way.
    Digest,
    /// Credentials would have gone where they may not be seen.
    Credential,
    /// Credentials are missing, wrong, or lack the right.
    Denied,
    /// A disk is full or not writable.
    Disk,
    /// The tag names other content and may not be moved.
    Immutable,
    /// A host announced another length than that of the content, or did not keep to it. Never transient.
    Length,
    /// Something is larger, deeper or longer than its budget.
    Limit,
    /// A name that may not be used.
    Name,
    /// The host cannot be reached, or the connection broke and every retry failed.
    Network,
    /// The content is not there.
    NotFound,
    /// The host takes no writes.
    ReadOnly,
    /// A server sent us where it may not.
    Redirect,
    /// The store refused for a reason of its own (quota, policy, invalid).
    Refused,
    /// Certificates do not hold, or the host does not speak TLS.
    Tls,
    /// What arrived is not what the protocol says.
    Protocol,
}

impl StoreError {
    /// Makes an error without a cause.
    pub fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// Adds the cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}
