//! Why a file or folder could not be read or written.

use std::io;

/// Why a file or folder could not be read or written. Paths stand here as they were typed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another process writes it at the moment.
    #[error("`{path}` is in use by another process")]
    Busy {
        /// As typed.
        path: String,
    },
    /// A link that leads out of the tree in which links are followed, in a circle, or to nothing.
    #[error("`{path}` is a link that leads out of `{tree}`, in a circle or to nothing")]
    Escape {
        /// As typed, with the parts below the folder.
        path: String,
        /// As typed.
        tree: String,
    },
    /// Something private that others own or can change.
    #[error("`{path}` {why}")]
    Foreign {
        /// As typed.
        path: String,
        /// Such as `belongs to another user`.
        why: &'static str,
    },
    /// The operating system said no.
    #[error("cannot {action} `{path}`")]
    Io {
        /// What was tried: `read`, `create`, …
        action: &'static str,
        /// As typed.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// Larger or deeper than a budget allows.
    #[error("`{path}` has more than {limit} {unit}")]
    Limit {
        /// As typed.
        path: String,
        /// The budget.
        limit: u64,
        /// What is counted: `bytes`, `files`, `levels of folders`.
        unit: &'static str,
    },
    /// A link where none is followed.
    #[error("`{path}` is a link, and none is followed there")]
    Link {
        /// As typed, with the parts below the folder.
        path: String,
    },
    /// A name that could leave its folder.
    #[error("`{name}` is no name below a folder")]
    Name {
        /// The name as it came.
        name: String,
    },
    /// A pattern that matches nothing.
    #[error("no file matches `{pattern}`")]
    NoMatch {
        /// As typed.
        pattern: String,
    },
    /// A device, a pipe, a socket, or a folder where a file must be.
    #[error("`{path}` is {found}, not {wanted}")]
    Type {
        /// As typed.
        path: String,
        /// What it is, such as `a folder`.
        found: &'static str,
        /// What it should be.
        wanted: &'static str,
    },
    /// Not UTF-8 where text is read.
    #[error("`{path}` is not UTF-8 text: byte {byte} is wrong")]
    Utf8 {
        /// As typed.
        path: String,
        /// The offset of the first wrong byte.
        byte: usize,
    },
}

impl Error {
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<String>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    fn io_kind(&self) -> Option<io::ErrorKind> {
        if let Self::Io { source, .. } = self { Some(source.kind()) } else { None }
    }

    /// Returns the class of hostile or broken content, as messages say it in brackets; `None` for what is nobody's fault but
    /// the world's.
    #[must_use]
    pub fn class(&self) -> Option<&'static str> {
        match self {
            Self::Escape { .. } | Self::Link { .. } => Some("link"),
            Self::Limit { .. } => Some("limit"),
            Self::Name { .. } => Some("path"),
            Self::Type { .. } | Self::Utf8 { .. } => Some("type"),
            _ => None,
        }
    }

    /// Returns whether there is nothing of that name.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NoMatch { .. }) || self.io_kind() == Some(io::ErrorKind::NotFound)
    }

    /// Returns whether the disk, or a quota on it, is full.
    #[must_use]
    pub fn is_full(&self) -> bool {
        matches!(
            self.io_kind(),
            Some(
                io::ErrorKind::StorageFull
                    | io::ErrorKind::QuotaExceeded
                    | io::ErrorKind::FileTooLarge
            )
        )
    }

    /// Returns whether the content, not the disk, is at fault: a link, a pipe, too large, not text.
    #[must_use]
    pub fn is_content(&self) -> bool {
        !matches!(
            self,
            Self::Io { .. } | Self::Busy { .. } | Self::Foreign { .. } | Self::NoMatch { .. }
        )
    }
}
