//! Why a chart is not loaded.

use sealift_archive::{GzipError, PathError, TarReadError};

use super::decode::DecodeError;
use super::validate::ValidationError;
use crate::values::ReadError;

/// Why a chart is not loaded.
///
/// The texts are those of Helm where Helm has one, whole: an error says all that its cause says.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The archive is refused, or none.
    #[error("cannot load the chart archive: {}", chain(.0))]
    Archive(TarReadError),
    /// `Chart.yaml`, `Chart.lock` or what they were called before cannot be read.
    #[error("cannot load {file}: {error}")]
    Decode {
        /// The file.
        file: &'static str,
        /// What is wrong.
        error: DecodeError,
    },
    /// An archive holds no file.
    #[error("no files in chart archive")]
    Empty,
    /// The chart is larger than a limit.
    #[error("{what} of the chart is larger than the limit of {limit}")]
    Limit {
        /// What is too large; a file by its name.
        what: String,
        /// The limit.
        limit: u64,
        /// The name of the limit.
        name: &'static str,
    },
    /// There is no `Chart.yaml`.
    #[error("Chart.yaml file is missing")]
    Missing,
    /// A file has a name that no file may have.
    #[error("cannot load the chart: {0}")]
    Path(PathError),
    /// A chart inside the chart is not loaded.
    #[error("error unpacking subchart {name} in {parent}: {error}")]
    Subchart {
        /// The name of its file or folder below `charts/`.
        name: String,
        /// The name of the chart it is in.
        parent: String,
        /// Why.
        error: Box<Self>,
    },
    /// A folder has the name of an archive.
    #[error("error unpacking subchart tar in {parent}: expected {name}, got {found}")]
    SubchartFolder {
        /// The name of the folder below `charts/`.
        name: String,
        /// The name of the chart it is in.
        parent: String,
        /// The first file in it.
        found: String,
    },
    /// A chart of a newer kind.
    #[error("unsupported chart version: apiVersion {}", sealift_gotemplate::quoted(.api_version))]
    Unsupported {
        /// What `Chart.yaml` says.
        api_version: String,
    },
    /// `Chart.yaml` lacks something, or holds what it must not.
    #[error(transparent)]
    Validation(#[from] ValidationError),
    /// `values.yaml` cannot be read.
    #[error("cannot load values.yaml: {0}")]
    Values(ReadError),
}

impl LoadError {
    /// Returns the class of a refusal: `path`, `link`, `ambiguous`, `limit`, `type` or `name`; `None` for what is only wrong.
    #[must_use]
    pub fn class(&self) -> Option<&'static str> {
        match self {
            Self::Archive(error) => error.class(),
            Self::Limit { .. } => Some("limit"),
            Self::Path(_) => Some("path"),
            Self::Subchart { error, .. } => error.class(),
            Self::Validation(error) => error.class(),
            _ => None,
        }
    }

    /// Returns the name of the limit that was reached, such as `chart-bytes`; `None` also for one that nobody can set.
    #[must_use]
    pub fn limit(&self) -> Option<&'static str> {
        match self {
            Self::Archive(TarReadError::Limit { what, unit, .. }) => match (*what, *unit) {
                ("archive", "entries") => Some("chart-entries"),
                ("archive", _) => Some("chart-bytes"),
                ("file", _) => Some("chart-file-bytes"),
                _ => None,
            },
            Self::Archive(TarReadError::Read(error)) => of_gzip(error),
            Self::Limit { name, .. } => Some(name),
            Self::Subchart { error, .. } => error.limit(),
            _ => None,
        }
    }

    /// Returns the file in the chart, its line and its column, from 1, where that is known. Files of a chart inside an archive
    /// stand below the name of the archive.
    #[must_use]
    pub fn place(&self) -> Option<(String, u32, u32)> {
        match self {
            Self::Decode { file, error } => Some(((*file).to_owned(), error.line, error.column)),
            Self::Values(error) => Some(("values.yaml".to_owned(), error.line, error.column)),
            Self::Subchart { name, error, .. } => {
                let (file, line, column) = error.place()?;
                Some((format!("charts/{name}/{file}"), line, column))
            }
            _ => None,
        }
    }
}

fn of_gzip(error: &std::io::Error) -> Option<&'static str> {
    match error.get_ref()?.downcast_ref::<GzipError>()? {
        GzipError::Ratio { .. } => Some("chart-ratio"),
        error => error.is_limit().then_some("chart-bytes"),
    }
}

/// An error and its causes, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text.push_str(": ");
        text.push_str(&error.to_string());
        next = error.source();
    }
    text
}
