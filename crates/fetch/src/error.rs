//! Why a chart could not be had.

use sealift_archive::{GzipError, PathError};
use sealift_helm::chart::{IgnoreError, LoadError, LockError};
use sealift_oci::{ManifestError, StoreError};
use sealift_reference::Digest;
use sealift_sprig::semver::ConstraintError;

use crate::Need;

/// Why a chart could not be had. Repositories stand here as they were written, without what is secret in them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A text that is no address of a repository or chart.
    #[error("`{address}` {why}")]
    Address {
        /// As written, without user, password and query.
        address: String,
        /// Such as `is no URL`.
        why: &'static str,
    },
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
    /// Other bytes came than the index or the lock says.
    #[error("{what} should be {said}, but is {got}")]
    Digest {
        /// The chart.
        what: String,
        /// What was announced.
        said: Digest,
        /// What came.
        got: Digest,
    },
    /// A git repository is not read.
    #[error(transparent)]
    Git(#[from] crate::git::GitError),
    /// A server encoded its answer in a way that nobody asked for.
    #[error("{what} came encoded as `{encoding}`, which nobody asked for")]
    Encoding {
        /// What was asked for.
        what: String,
        /// The name of the encoding.
        encoding: String,
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
    /// A packed answer cannot be unpacked.
    #[error("{what} cannot be unpacked")]
    Gzip {
        /// What was asked for.
        what: String,
        /// Why.
        source: GzipError,
        /// The name of the limit, where it may be one that can be set.
        limit: Option<&'static str>,
    },
    /// The `.helmignore` of a chart cannot be read.
    #[error("{folder}/.helmignore cannot be read")]
    Ignore {
        /// The chart, as typed.
        folder: String,
        /// Why.
        source: IgnoreError,
    },
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
    /// Something is larger than its budget.
    #[error("{what} has {got} bytes, more than {limit}")]
    Limit {
        /// What was asked for.
        what: String,
        /// The budget.
        limit: u64,
        /// What was announced.
        got: u64,
    },
    /// A chart cannot be loaded.
    #[error("{what} cannot be loaded")]
    Load {
        /// Which one.
        what: String,
        /// Why.
        source: Box<LoadError>,
    },
    /// `Chart.lock` was not made of the dependencies that stand beside it; in the words of Helm.
    #[error(transparent)]
    Lock(LockError),
    /// A manifest that could be understood in two ways, or not at all.
    #[error("the manifest of {what} is refused")]
    Manifest {
        /// The reference.
        what: String,
        /// Why.
        source: ManifestError,
    },
    /// What `Chart.yaml` says cannot be written as JSON.
    #[error("the metadata of chart `{name}` cannot be written: {why}")]
    Metadata {
        /// The chart.
        name: String,
        /// Why.
        why: String,
    },
    /// A name or version that may become part of a path.
    #[error("`{}` is no {what} of a chart", text.escape_debug())]
    Name {
        /// `name` or `version`.
        what: &'static str,
        /// As it came.
        text: String,
    },
    /// An index does not say where a chart is.
    #[error("{what} has no address")]
    NoAddress {
        /// The chart.
        what: String,
    },
    /// A folder without `Chart.yaml`.
    #[error("`{folder}` is no chart: it has no Chart.yaml")]
    NoChart {
        /// As typed.
        folder: String,
    },
    /// A text that says no place of a chart.
    #[error(
        "`{text}` is no folder, no archive, no URL, and no chart of a named repository (NAME/CHART)"
    )]
    NoSource {
        /// As typed.
        text: String,
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
    /// A registry does not have the version of the chart.
    #[error("{what} has no {}{}", wanted(version), among("; it has", nearest))]
    NoSuchTag {
        /// The reference, without a tag.
        what: String,
        /// What was asked for; empty for any release.
        version: String,
        /// The highest versions.
        nearest: Vec<String>,
    },
    /// An archive is larger than its budget.
    #[error("`{path}` has more than {limit} bytes")]
    PackageLimit {
        /// As typed.
        path: String,
        /// The budget.
        limit: u64,
    },
    /// Something in a registry that is not a chart.
    #[error("{what} is no chart: {why}")]
    NotAChart {
        /// The reference.
        what: String,
        /// What it is.
        why: String,
    },
    /// No version fits.
    #[error("chart `{chart}` needs what is nowhere: {}", missing.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    NoVersions {
        /// What needs them.
        chart: String,
        /// Those without a version that fits.
        missing: Vec<Need>,
    },
    /// The network is refused, and the cache does not have it.
    #[error("{what} is not in the cache, and the network is refused")]
    Offline {
        /// What is needed.
        what: String,
    },
    /// Two dependencies would be one file.
    #[error("two dependencies with unlike content would both be `charts/{file}`")]
    OneName {
        /// Its name.
        file: String,
    },
    /// Another chart came than the one that was asked for.
    #[error("{what} says that its name is `{name}`")]
    OtherChart {
        /// What was asked for.
        what: String,
        /// In its `Chart.yaml`.
        name: String,
    },
    /// A chart needs one that lies out of the tree.
    #[error("`{path}`, which `{chart}` needs, lies out of `{tree}`")]
    Outside {
        /// The path of the chart, as typed.
        chart: String,
        /// Behind `file://`.
        path: String,
        /// The tree, as typed.
        tree: String,
    },
    /// A chart cannot be packed.
    #[error("the chart in `{folder}` cannot be packed: {why}")]
    Pack {
        /// As typed.
        folder: String,
        /// Why.
        why: String,
    },
    /// A file of a chart has a name that no archive may hold.
    #[error("a file of the chart `{folder}` has no name for an archive")]
    Path {
        /// As typed.
        folder: String,
        /// Which, and why.
        source: PathError,
    },
    /// A text that is no reference to a chart in a registry.
    #[error("`{text}` is no reference to a chart: {why}")]
    Reference {
        /// As written.
        text: String,
        /// Why.
        why: String,
    },
    /// Helm's `repositories.yaml` cannot be used. What is in it is not shown.
    #[error("`{path}` cannot be used: {why}")]
    RepositoriesFile {
        /// As typed.
        path: String,
        /// Why.
        why: String,
    },
    /// The index of a repository has a key twice.
    #[error("the index of {repository} says something twice")]
    RepeatedKey {
        /// Its URL.
        repository: String,
        /// Where, and what.
        source: sealift_goyaml::Error,
    },
    /// The provenance of a chart was to be checked and does not hold.
    #[error("{what} cannot be verified: {why}")]
    Signature {
        /// The chart.
        what: String,
        /// Why.
        why: &'static str,
    },
    /// A server did not give what was asked for.
    #[error("cannot get {what}")]
    Store {
        /// What was asked for.
        what: String,
        /// Who answered what.
        source: StoreError,
    },
    /// A server gave more than may be.
    #[error("cannot get {what}")]
    StoreLimit {
        /// What was asked for.
        what: String,
        /// What was too large.
        source: StoreError,
        /// The name of the limit.
        limit: &'static str,
    },
    /// A piece of work ended without a result.
    #[error("a piece of work broke off: {0}")]
    Task(String),
    /// A reference with a tag, and another version beside it.
    #[error("{what}:{tag} is not version `{version}`")]
    TwoVersions {
        /// The reference, without the tag.
        what: String,
        /// In the reference.
        tag: String,
        /// Beside it.
        version: String,
    },
    /// A repository that `repositories.yaml` does not have.
    #[error("no chart repository is named `{name}`{}", among("; did it mean", nearest))]
    UnknownRepository {
        /// The name.
        name: String,
        /// Names that are written alike.
        nearest: Vec<String>,
    },
}

impl Error {
    /// Returns what to do next, where there is something to do.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Address { .. } => {
                "a repository is a URL, `oci://HOST/PATH`, `@NAME` of a repository of Helm's, or `file://../FOLDER`"
            }
            Self::Constraint { .. } => {
                "a version is such as 1.2.3, and a constraint such as `^1.2`, `~1.2.3`, `>=1.2 <2` or `1.x`"
            }
            Self::File(sealift_files::Error::Escape { .. }) | Self::Outside { .. } => {
                "name the folder that holds both, or follow links to wherever they lead with --follow-links"
            }
            Self::Lock(_) | Self::NoVersions { .. } => {
                "`sealift helm dependency update CHART` finds versions anew and writes the lock"
            }
            Self::NoSuchTag { version, .. } | Self::NoSuchVersion { version, .. }
                if version.is_empty() =>
            {
                "prereleases are meant only where that is said: --version '>0.0.0-0'"
            }
            Self::Offline { .. } => "run it once without --offline",
            Self::UnknownRepository { .. } => {
                "`helm repo add NAME URL` gives a repository a name; its URL can stand there as well"
            }
            _ => return None,
        })
    }

    /// Returns the name of the limit that was reached, for `--limit NAME=VALUE`; `None` also for one that nobody can set.
    #[must_use]
    pub fn limit(&self) -> Option<&'static str> {
        match self {
            Self::File(sealift_files::Error::Limit { unit, .. }) => match *unit {
                "bytes" => Some("chart-file-bytes"),
                "bytes in all its files" => Some("chart-bytes"),
                "files and folders" => Some("chart-entries"),
                // A path has as many parts wherever it is.
                _ => None,
            },
            Self::IndexLimit { .. } => Some("repository-index-bytes"),
            Self::IndexYaml { source, .. } if of_yaml(source) == "limit" => {
                Some("repository-index-bytes")
            }
            Self::Gzip { source, limit, .. } if source.is_limit() => *limit,
            Self::Limit { .. } | Self::PackageLimit { .. } => Some("chart-bytes"),
            Self::Load { source, .. } => source.limit(),
            Self::StoreLimit { limit, .. } => Some(limit),
            _ => None,
        }
    }

    /// Returns the class of hostile or broken content, as messages say it in brackets; `None` where nobody but the world
    /// around us is at fault, or where the cause says it.
    #[must_use]
    pub fn class(&self) -> Option<&'static str> {
        match self {
            Self::Ambiguous { .. } | Self::RepeatedKey { .. } => Some("ambiguous"),
            Self::Digest { .. } => Some("digest"),
            Self::File(error) => error.class(),
            Self::Git(error) => error.class(),
            Self::Encoding { .. } | Self::Entry { .. } | Self::Index { .. } => Some("type"),
            Self::Gzip { source, .. } => Some(if source.is_limit() { "limit" } else { "type" }),
            Self::IndexLimit { .. } | Self::Limit { .. } | Self::PackageLimit { .. } => {
                Some("limit")
            }
            Self::IndexYaml { source, .. } => Some(of_yaml(source)),
            Self::Load { source, .. } => source.class(),
            Self::Address { .. } | Self::Name { .. } | Self::OtherChart { .. } => Some("name"),
            Self::Outside { .. } | Self::Path { .. } => Some("path"),
            Self::Signature { .. } => Some("signature"),
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
