//! Why something cannot be loaded.

use super::files::FileError;
use super::path;
use crate::limits::Exceeded;

/// Why a file or a folder cannot be loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file must be named and a folder is.
    #[error("'{0}' must resolve to a file")]
    NotAFile(String),
    /// A path cannot be followed.
    #[error("cannot follow '{path}': {cause}")]
    Links {
        /// The path.
        path: String,
        /// Where it ends.
        cause: FileError,
    },
    /// A file is outside of the folder that names it, and that is not allowed.
    #[error("security; file '{file}' is not in or below '{root}'{}", led_out(file, root))]
    Outside {
        /// The file, as it was named.
        file: String,
        /// The folder.
        root: String,
    },
    /// An entry is empty.
    #[error("the path of a folder is empty")]
    EmptyPath,
    /// A folder is named by an absolute path.
    #[error("the path of a folder cannot be absolute: '{0}'")]
    Absolute(String),
    /// A part of a path has `..` inside a name.
    #[error("path {path:?} is ambiguous, it would be read as {cleaned:?}")]
    Ambiguous {
        /// The path.
        path: String,
        /// What is left of it.
        cleaned: String,
    },
    /// A folder is needed and there is none.
    #[error("no folder to build at '{path}': {reason}")]
    NotAFolder {
        /// The path.
        path: String,
        /// What is there.
        reason: String,
    },
    /// A kustomization names a folder that is being built.
    #[error("cycle: '{candidate}' contains '{visited}', which is being built")]
    Cycle {
        /// The folder that is named.
        candidate: String,
        /// The folder that is being built.
        visited: String,
    },
    /// Something that is elsewhere was not fetched.
    #[error(
        "'{0}' is remote and was not fetched: build with the network, or put a copy of the folder beside the kustomization"
    )]
    Unfetched(String),
    /// Something that is elsewhere cannot be had.
    #[error("cannot get '{address}': {reason}")]
    Absent {
        /// As written.
        address: String,
        /// Why not.
        reason: String,
    },
    /// A repository leads back to itself.
    #[error("cycle: '{address}' is named by '{visited}', which is being built")]
    RepositoryCycle {
        /// As written.
        address: String,
        /// The address that led there.
        visited: String,
    },
    /// A folder of a repository, or one that a kustomization in it names, is outside of it.
    #[error("security; folder '{folder}' is outside of the repository '{repository}'")]
    OutsideRepository {
        /// The folder, without links.
        folder: String,
        /// The top folder of the repository.
        repository: String,
    },
    /// A text is needed and the file is none.
    #[error("'{0}' is not UTF-8")]
    NotText(String),
    /// The build reads too much.
    #[error(transparent)]
    Limit(#[from] Exceeded),
}

impl LoadError {
    /// The class of what is hostile or beyond a limit, as messages have it in brackets.
    #[must_use]
    pub fn class(&self) -> Option<&'static str> {
        match self {
            Self::Outside { file, root } if is_led_out(file, root) => Some("link"),
            Self::Outside { .. }
            | Self::Absolute(_)
            | Self::Ambiguous { .. }
            | Self::Cycle { .. }
            | Self::RepositoryCycle { .. }
            | Self::OutsideRepository { .. } => Some("path"),
            Self::Unfetched(_) => Some("remote"),
            Self::File(error) | Self::Links { cause: error, .. } => error.class,
            Self::Limit(_) => Some("limit"),
            _ => None,
        }
    }
}

/// Whether links led out of a folder: where a file was named, it would be inside.
fn is_led_out(file: &str, root: &str) -> bool {
    path::is_within(path::folder(file), root)
}

fn led_out(file: &str, root: &str) -> &'static str {
    if is_led_out(file, root) { ": a link leads out" } else { "" }
}
