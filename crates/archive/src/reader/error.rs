//! Why an archive is not read.

use std::io;

use crate::{GzipError, PathError};

/// Why an archive is not read, or not to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TarReadError {
    /// Two readers could find different names or contents in it.
    #[error("entry {entry:?} can be read in two ways: {reason}")]
    Ambiguous {
        /// The name of the entry, as far as it is known.
        entry: String,
        /// Why.
        reason: Ambiguity,
    },
    /// Not tar, or cut short.
    #[error("not a tar archive: {reason} at byte {offset_bytes}")]
    Broken {
        /// What is wrong.
        reason: &'static str,
        /// Where the block begins.
        offset_bytes: u64,
    },
    /// Something is larger than a limit.
    #[error("{what} of more than {limit} {unit}: entry {entry:?}")]
    Limit {
        /// The name of the entry, as far as it is known.
        entry: String,
        /// What is too large.
        what: &'static str,
        /// The limit.
        limit: u64,
        /// What is counted.
        unit: &'static str,
    },
    /// A hard link, or a symbolic one where nobody asked for any: nothing here ever follows or writes it.
    #[error("entry {entry:?} is a link to {target:?}")]
    Link {
        /// The name of the entry.
        entry: String,
        /// Where it leads.
        target: String,
    },
    /// A name that no file may have.
    #[error("entry with a refused name")]
    Path(#[from] PathError),
    /// The input failed; it may be a [`GzipError`].
    #[error("cannot read the archive")]
    Read(#[from] io::Error),
    /// A file that should be below a root folder is not.
    #[error("entry {entry:?} is not in a folder")]
    Root {
        /// The name of the entry.
        entry: String,
    },
    /// Neither a regular file nor a directory.
    #[error("entry {entry:?} is {kind}, neither a file nor a directory")]
    Type {
        /// The name of the entry.
        entry: String,
        /// What it is.
        kind: &'static str,
    },
}

impl From<GzipError> for TarReadError {
    fn from(error: GzipError) -> Self {
        Self::Read(match error {
            GzipError::Invalid(error) => error,
            limit => io::Error::other(limit),
        })
    }
}

/// In what readers of tar disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Ambiguity {
    /// Bytes that are not zero after the end.
    #[error("there are bytes after the end")]
    AfterEnd,
    /// The same name twice, or one name for a file and a directory.
    #[error("its name stands in the archive already")]
    Duplicate,
    /// An extension without an entry after it, or one that is cut short.
    #[error("an extension belongs to no entry")]
    Dangling,
    /// A directory with content.
    #[error("a directory has content")]
    DirectorySize,
    /// More than one extension for one entry.
    #[error("it has two extensions")]
    Extensions,
    /// A global header with more than a comment.
    #[error("a global header has the key {}", .0.name())]
    Global(Key),
    /// A header of no known format: bytes where the format has none.
    #[error("its header is of no known format")]
    Header,
    /// The type in the mode is not the type of the entry.
    #[error("its mode is that of another type")]
    Mode,
    /// A NUL inside a name.
    #[error("its name holds a NUL")]
    Nul,
    /// A number that readers take differently.
    #[error("a number in its header is malformed")]
    Number,
    /// Records that do not end where they say.
    #[error("an extension is malformed")]
    Records,
    /// A key that stands twice, is empty, or says how bytes are to be read.
    #[error("an extension has the key {} that cannot be trusted", .0.name())]
    Refused(Key),
    /// Both kinds of separators in one name: it is not clear which one ends the root folder.
    #[error("its name has both / and \\")]
    Separators,
    /// Two sizes.
    #[error("its size is {ustar_bytes} in one place and {pax_bytes} in another")]
    Size {
        /// In the header.
        ustar_bytes: u64,
        /// In the extension.
        pax_bytes: u64,
    },
    /// An extension in a header of a format that has none of its kind.
    #[error("it is an extension, in a header of a format without it")]
    Type,
    /// A file with holes.
    #[error("it is sparse")]
    Sparse,
    /// Where a link leads is no text.
    #[error("where it leads is no UTF-8")]
    Target,
}

/// A key of an extension, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Key {
    /// `hdrcharset`.
    Charset,
    /// `linkpath`.
    LinkPath,
    /// Any other.
    Other,
    /// `path`.
    Path,
    /// `size`.
    Size,
}

impl Key {
    pub(super) fn of(key: &[u8]) -> Self {
        match key {
            b"hdrcharset" => Self::Charset,
            b"linkpath" => Self::LinkPath,
            b"path" => Self::Path,
            b"size" => Self::Size,
            _ => Self::Other,
        }
    }

    /// Returns the key as it is written, where it is one that has a meaning.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Charset => "`hdrcharset`",
            Self::LinkPath => "`linkpath`",
            Self::Other => "of no known meaning",
            Self::Path => "`path`",
            Self::Size => "`size`",
        }
    }
}

impl TarReadError {
    pub(super) fn ambiguous(entry: impl Into<String>, reason: Ambiguity) -> Self {
        Self::Ambiguous { entry: entry.into(), reason }
    }

    /// Returns the class of the refusal: `ambiguous`, `limit`, `link`, `path` or `type`; `None` when the input failed.
    #[must_use]
    pub fn class(&self) -> Option<&'static str> {
        Some(match self {
            Self::Ambiguous { .. } => "ambiguous",
            Self::Broken { .. } | Self::Type { .. } => "type",
            Self::Limit { .. } => "limit",
            Self::Link { .. } => "link",
            Self::Path(_) | Self::Root { .. } => "path",
            Self::Read(error) => return gzip_class(error),
        })
    }
}

fn gzip_class(error: &io::Error) -> Option<&'static str> {
    let gzip = error.get_ref()?.downcast_ref::<GzipError>();
    match gzip {
        Some(error) if error.is_limit() => Some("limit"),
        _ => None,
    }
}
