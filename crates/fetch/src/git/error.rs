//! Why a git repository is not read.

use sealift_archive::{GzipError, TarReadError};
use sealift_reference::Digest;

use super::Commit;

/// Why a git repository is not read. Addresses are shown without user, password and query.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GitError {
    /// An address that is not reached by https.
    #[error("the git repository `{repository}` {why}")]
    Address {
        /// As written.
        repository: String,
        /// Behind it.
        why: &'static str,
    },
    /// A name that no branch, tag or commit can have.
    #[error("`{reference}` is no name of a branch, tag or commit: it {why}")]
    Reference {
        /// As written.
        reference: String,
        /// Behind it.
        why: &'static str,
    },
    /// What a server says of its branches and tags is not what git says.
    #[error("{repository} does not answer as a git repository: {why}")]
    Answer {
        /// Its address.
        repository: String,
        /// What is wrong.
        why: &'static str,
    },
    /// A repository has no such branch or tag.
    #[error("{repository} has no branch or tag {}", named(reference))]
    Missing {
        /// Its address.
        repository: String,
        /// What was looked for; empty for the default branch.
        reference: String,
    },
    /// No archive is offered where hosts of repositories offer it.
    #[error("{repository} offers no archive of commit {commit}, at none of {}", tried.join(", "))]
    NoArchive {
        /// Its address.
        repository: String,
        /// The commit.
        commit: Commit,
        /// Where it was looked for.
        tried: Vec<String>,
    },
    /// The archive is none, or one that is not read.
    #[error("the archive of {repository} at commit {commit} cannot be read")]
    Archive {
        /// Its address.
        repository: String,
        /// The commit.
        commit: Commit,
        /// Why.
        source: TarReadError,
    },
    /// Another commit came than was asked for.
    #[error("{repository} was asked for commit {commit}, and sent `{got}`")]
    OtherCommit {
        /// Its address.
        repository: String,
        /// What was asked for.
        commit: Commit,
        /// What the archive says of itself.
        got: String,
    },
    /// The files of a commit are not those of the lock.
    #[error("the files of {repository} at commit {commit} should be {said}, but are {got}")]
    OtherTree {
        /// Its address.
        repository: String,
        /// The commit.
        commit: Commit,
        /// What the lock says.
        said: Digest,
        /// What came.
        got: Digest,
    },
}

impl GitError {
    /// Returns the class of hostile or broken content, as messages say it in brackets.
    #[must_use]
    pub fn class(&self) -> Option<&'static str> {
        match self {
            Self::Address { .. } | Self::Reference { .. } => Some("name"),
            Self::Answer { .. } => Some("type"),
            Self::Archive { source, .. } => source.class(),
            Self::OtherCommit { .. } | Self::OtherTree { .. } => Some("digest"),
            Self::Missing { .. } | Self::NoArchive { .. } => None,
        }
    }

    /// Returns whether a limit was reached while the archive was unpacked.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        let Self::Archive { source, .. } = self else { return false };
        match source {
            TarReadError::Limit { .. } => true,
            TarReadError::Read(error) => {
                let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<GzipError>());
                inner.is_some_and(GzipError::is_limit)
            }
            _ => false,
        }
    }
}

fn named(reference: &str) -> String {
    if reference.is_empty() { "at all".to_owned() } else { format!("`{reference}`") }
}
