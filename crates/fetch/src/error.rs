//! Why a chart could not be had.

use sealift_archive::PathError;
use sealift_sprig::semver::ConstraintError;

/// Why a chart could not be had. Repositories stand here as they were written, without what is secret in them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An index has one version twice, and not the same.
    #[error(
        "{repository} has chart `{chart}` {version} {count} times, with unlike digests or addresses"
    )]
    Ambiguous {
        /// Its name.
        chart: String,
        /// As the index writes it.
        version: String,
        /// Its URL.
        repository: String,
        /// How often.
        count: usize,
    },
    /// A text that says no set of versions.
    #[error("`{text}` is no version and no constraint")]
    Constraint {
        /// As written.
        text: String,
        /// Why.
        source: ConstraintError,
    },
    /// The index of a repository says something of a chart that cannot be read.
    #[error("in the index of {repository}, `{key}` {why}")]
    Entry {
        /// Its URL.
        repository: String,
        /// Such as `entries.nginx[3].urls`.
        key: String,
        /// Behind the key.
        why: String,
    },
    /// A file or folder cannot be read or written.
    #[error(transparent)]
    File(#[from] sealift_files::Error),
    /// What a repository calls its index is none.
    #[error("the index of {repository} cannot be used: {why}")]
    Index {
        /// Its URL.
        repository: String,
        /// Such as `it has no apiVersion`.
        why: String,
    },
    /// The index of a repository is too large.
    #[error("the index of {repository} has more than {limit} bytes")]
    IndexLimit {
        /// Its URL.
        repository: String,
        /// The budget.
        limit: usize,
    },
    /// The index of a repository is no YAML, or too much of it.
    #[error("the index of {repository} cannot be read as YAML")]
    IndexYaml {
        /// Its URL.
        repository: String,
        /// Where and why.
        source: sealift_goyaml::Error,
    },
    /// A name or version that may become part of a path.
    #[error("`{}` is no {what} of a chart", text.escape_debug())]
    Name {
        /// `name` or `version`.
        what: &'static str,
        /// As it came.
        text: String,
    },
    /// A folder without `Chart.yaml`.
    #[error("`{folder}` is no chart: it has no Chart.yaml")]
    NoChart {
        /// As typed.
        folder: String,
    },
    /// A repository does not have the chart.
    #[error("{repository} has no chart `{chart}`{}", among("; did it mean", nearest))]
    NoSuchChart {
        /// The name that was asked for.
        chart: String,
        /// Its URL.
        repository: String,
        /// Names that are written alike.
        nearest: Vec<String>,
    },
    /// A repository does not have the version of the chart.
    #[error(
        "{repository} has no {} of chart `{chart}`{}",
        wanted(version),
        among("; it has", nearest)
    )]
    NoSuchVersion {
        /// The name.
        chart: String,
        /// What was asked for; empty for any release.
        version: String,
        /// Its URL.
        repository: String,
        /// The versions next to it.
        nearest: Vec<String>,
    },
    /// A file of a chart has a name that no archive may hold.
    #[error("a file of the chart `{folder}` has no name for an archive")]
    Path {
        /// As typed.
        folder: String,
        /// Which, and why.
        source: PathError,
    },
    /// The index of a repository has a key twice.
    #[error("the index of {repository} says something twice")]
    RepeatedKey {
        /// Its URL.
        repository: String,
        /// Where, and what.
        source: sealift_goyaml::Error,
    },
}

impl Error {
    /// Returns the class of hostile or broken content, as messages say it in brackets; `None` where nobody but the world
    /// around us is at fault, or where the cause says it.
    #[must_use]
    pub fn class(&self) -> Option<&'static str> {
        match self {
            Self::Ambiguous { .. } | Self::RepeatedKey { .. } => Some("ambiguous"),
            Self::Entry { .. } | Self::Index { .. } => Some("type"),
            Self::IndexLimit { .. } => Some("limit"),
            Self::IndexYaml { source, .. } => Some(of_yaml(source)),
            Self::Name { .. } => Some("name"),
            Self::Path { .. } => Some("path"),
            _ => None,
        }
    }
}

fn of_yaml(error: &sealift_goyaml::Error) -> &'static str {
    use sealift_goyaml::ErrorKind as Kind;
    match error.kind {
        Kind::Aliases
        | Kind::AliasBytes { .. }
        | Kind::Depth { .. }
        | Kind::InputBytes { .. }
        | Kind::Nodes { .. } => "limit",
        _ => "type",
    }
}

fn wanted(version: &str) -> String {
    if version.is_empty() { "release".to_owned() } else { format!("version `{version}`") }
}

/// `; it has 1, 2, 3`, or nothing.
fn among(words: &str, names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!("{words} {}", names.join(", ")) }
}
