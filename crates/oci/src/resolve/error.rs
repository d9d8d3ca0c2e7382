//! Why an image could not be resolved.

use sealift_reference::{Digest, Platform, Repository};

use crate::{ManifestError, StoreError, StoreErrorKind};

/// Why an image could not be resolved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResolveError {
    /// An index names a manifest that the repository does not have.
    #[error("source {repository}: manifest {digest}{} is named by its index and is not there", .platform.as_ref().map(|platform| format!(" for {platform}")).unwrap_or_default())]
    ChildMissing {
        /// Where.
        repository: Repository,
        /// The manifest.
        digest: Digest,
        /// What it is for.
        platform: Option<Platform>,
    },
    /// More than a budget allows.
    #[error("{what}: more than {limit}")]
    Limit {
        /// What there is too much of, and where.
        what: String,
        /// The budget.
        limit: usize,
    },
    /// A manifest or config that cannot be used.
    #[error("source {repository}: {digest} is refused")]
    Manifest {
        /// Where.
        repository: Repository,
        /// Which one.
        digest: Digest,
        /// Why.
        source: ManifestError,
    },
    /// The repository or the tag is unknown.
    #[error("source {repository}: {} {name} is not there", if name.contains(':') { "digest" } else { "tag" })]
    NotFound {
        /// Where.
        repository: Repository,
        /// The tag or digest.
        name: String,
    },
    /// The lock does not say it, and nobody may be asked.
    #[error("without the network it cannot be resolved: {why}")]
    Offline {
        /// What the lock has instead.
        why: String,
    },
    /// One platform is wanted in place of the index, and the settings do not name exactly one.
    #[error(
        "an index can be replaced by its child only where one platform is chosen, and {count} are"
    )]
    OnePlatform {
        /// How many are.
        count: usize,
    },
    /// The image is not built for a platform that is wanted.
    #[error("no {wants}: the image has {}", list(.has))]
    Platform {
        /// What is wanted.
        wants: Platform,
        /// What there is.
        has: Vec<Platform>,
    },
    /// The source did not do what it was asked.
    #[error("source {repository}: cannot {action} {what}")]
    Store {
        /// Where.
        repository: Repository,
        /// A verb and its kind of object, such as `read manifest`.
        action: &'static str,
        /// A digest or tag.
        what: String,
        /// What the store said.
        source: StoreError,
    },
}

impl ResolveError {
    /// Returns what the store said, where a store said something.
    #[must_use]
    pub fn kind(&self) -> Option<StoreErrorKind> {
        match self {
            Self::ChildMissing { .. } | Self::NotFound { .. } => Some(StoreErrorKind::NotFound),
            Self::Store { source, .. } => Some(source.kind),
            _ => None,
        }
    }
}

fn list(platforms: &[Platform]) -> String {
    if platforms.is_empty() {
        return "no platform".to_owned();
    }
    platforms.iter().map(Platform::to_string).collect::<Vec<_>>().join(", ")
}

/// Errors are large and rare.
pub(super) type Failure = Box<ResolveError>;
