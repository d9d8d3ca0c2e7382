//! Why something could not be copied.

use std::fmt;

use sealift_reference::{Digest, Repository, Tag};

use crate::{ManifestError, StoreError, StoreErrorKind};

/// One end of a copy: the first question of every failed mirror.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Where content is read.
    Source,
    /// Where content is written.
    Target,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Source => "source",
            Self::Target => "target",
        })
    }
}

/// Why content could not be copied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// A manifest is not what it was when the lock was made, or cannot be used.
    #[error("source {repository}: manifest {digest} is refused")]
    Manifest {
        /// Where it was read.
        repository: Repository,
        /// Which one.
        digest: Digest,
        /// Why.
        source: ManifestError,
    },
    /// The target refuses an index with absent children, and the source does not have them.
    #[error(
        "target {repository}: index {index} is refused without all its platforms, and {child} is not in the source"
    )]
    Sparse {
        /// Where the index was to be written.
        repository: Repository,
        /// The index.
        index: Digest,
        /// The manifest that both lack.
        child: Digest,
    },
    /// One end did not do what it was asked.
    #[error("{side} {repository}: cannot {action} {what}")]
    Store {
        /// Which end.
        side: Side,
        /// Where at that end.
        repository: Repository,
        /// A verb and its kind of object, such as `write blob`.
        action: &'static str,
        /// A digest or tag.
        what: String,
        /// What the store said.
        source: StoreError,
    },
    /// The plan names a manifest that it does not describe, or that waits for itself: no honest graph does either.
    #[error("target {repository}: manifest {digest} cannot be reached: the graph is broken")]
    Stuck {
        /// Where it was to be written.
        repository: Repository,
        /// The manifest.
        digest: Digest,
    },
    /// The tag names content that is in none of our locks.
    #[error(
        "target {repository}: tag {tag} names {names}, which this lock does not know; the lock says {wants}"
    )]
    TagTaken {
        /// Where.
        repository: Repository,
        /// Which tag.
        tag: Tag,
        /// What it names now.
        names: Digest,
        /// What it was to name.
        wants: Digest,
    },
}

impl CopyError {
    /// Returns the end that failed.
    #[must_use]
    pub fn side(&self) -> Side {
        match self {
            Self::Manifest { .. } => Side::Source,
            Self::Sparse { .. } | Self::Stuck { .. } | Self::TagTaken { .. } => Side::Target,
            Self::Store { side, .. } => *side,
        }
    }

    /// Returns what the store said, where a store said something.
    #[must_use]
    pub fn kind(&self) -> Option<StoreErrorKind> {
        match self {
            Self::Store { source, .. } => Some(source.kind),
            _ => None,
        }
    }

    /// Returns whether nothing more can be written to the target, so that the run must stop.
    pub(crate) fn is_fatal(&self) -> bool {
        let fatal = matches!(
            self.kind(),
            Some(StoreErrorKind::ReadOnly | StoreErrorKind::Tls | StoreErrorKind::Disk)
        );
        fatal && self.side() == Side::Target
    }
}
