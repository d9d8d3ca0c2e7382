//! Why a chart could not be had.

use sealift_archive::PathError;

/// Why a chart could not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder cannot be read or written.
    #[error(transparent)]
    File(#[from] sealift_files::Error),
    /// A folder without `Chart.yaml`.
    #[error("`{folder}` is no chart: it has no Chart.yaml")]
    NoChart {
        /// As typed.
        folder: String,
    },
    /// A file of a chart has a name that no archive may hold.
    #[error("a file of the chart `{folder}` has no name for an archive")]
    Path {
        /// As typed.
        folder: String,
        /// Which, and why.
        source: PathError,
    },
}

impl Error {
    /// Returns the class of hostile or broken content, as messages say it in brackets; `None` where nobody but the world
    /// around us is at fault, or where the cause says it.
    #[must_use]
    pub fn class(&self) -> Option<&'static str> {
        match self {
            Self::Path { .. } => Some("path"),
            Self::File(_) | Self::NoChart { .. } => None,
        }
    }
}
