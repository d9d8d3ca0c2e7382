//! What `mirror --json` prints: one of these a line, the last one the summary.

use std::collections::BTreeMap;

use sealift_oci::Blob;
use sealift_oci::copy::Counted;
use sealift_reference::Repository;
use sealift_registry::Counts;
use serde::Serialize;

/// One line.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "event",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub(crate) enum Event {
    /// The run begins: what the lock comes to, whatever is at the target already.
    Planned {
        /// Images and charts.
        images: usize,
        /// Distinct manifests.
        manifests: usize,
        /// Distinct blobs.
        blobs: usize,
        /// Bytes of both.
        bytes: u64,
    },
    /// The preflight found out that images cannot be copied. Each of them has an event `failed` too.
    Missing {
        /// `source` or `target`.
        side: String,
        /// The repository that was asked.
        repository: String,
        /// What it said.
        error: String,
        /// What helps: a command, or what to set up.
        hints: Vec<String>,
        /// Those that are not copied.
        images: Vec<String>,
    },
    /// A project of the target has less room than what is sent to it may take. It is tried all the same: some may be there.
    Scarce {
        /// One of the project.
        repository: String,
        /// Bytes that it may still take.
        left: u64,
        /// Bytes of all that goes there.
        needed: u64,
    },
    /// The tag of an image names the right digest at the target: nothing is done.
    Skipped {
        /// As the lock names it.
        image: String,
        /// At the target.
        repository: String,
    },
    /// Bytes of a blob begin to move. After a break the same blob starts again.
    Started(OfBlob),
    /// The target linked a blob from another of its repositories.
    Mounted(OfBlob),
    /// A blob was sent.
    Copied(OfBlob),
    /// A blob was found in its repository.
    Present(OfBlob),
    /// A manifest was written.
    Manifest {
        /// Of the manifest.
        digest: String,
        /// At the target.
        repository: String,
        /// Null where it was written by digest only.
        tag: Option<String>,
    },
    /// A request failed and is made again after a wait.
    Retried {
        /// As in references.
        host: String,
        /// `broken`, `busy`, `refused`, `server` or `wrong`.
        cause: String,
        /// What was said.
        error: String,
        /// The wait.
        seconds: f64,
    },
    /// Nothing is sent to a host for a while, because it asked for that.
    Waiting {
        /// As in references.
        host: String,
        /// Why.
        reason: String,
        /// How long.
        seconds: f64,
    },
    /// The target refuses an index without all its platforms, so that the others are sent as well.
    SparseRefused {
        /// Of the index.
        digest: String,
        /// Manifests that are sent besides.
        manifests: usize,
        /// Their bytes, with those of their blobs.
        bytes: u64,
    },
    /// An image failed, once for each reason; the others go on.
    Failed {
        /// As the lock names it.
        image: String,
        /// `source` or `target`.
        side: String,
        /// Why.
        error: String,
    },
    /// An image and all that goes with it are at the target.
    Done {
        /// As the lock names it.
        image: String,
        /// At the target.
        repository: String,
    },
    /// The run is over.
    Summary(Summary),
}

/// A blob, and the repository of the target that it is for. Of `started` it is the one that it is read from.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct OfBlob {
    digest: String,
    bytes: u64,
    repository: String,
}

impl OfBlob {
    pub(super) fn new(blob: &Blob, repository: &Repository) -> Self {
        let Blob { digest, size_bytes } = blob;
        Self { digest: digest.to_string(), bytes: *size_bytes, repository: repository.to_string() }
    }
}

/// What a run came to.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    /// Images that are at the target now.
    pub(crate) images: usize,
    /// Charts that are at the target now.
    pub(crate) charts: usize,
    /// Images and charts that were there before, and their bytes.
    pub(crate) skipped: Skipped,
    /// Images and charts that failed.
    pub(crate) failed: usize,
    /// Manifests written.
    pub(crate) manifests: u64,
    /// Bytes of blobs that came from the sources, those of broken transfers included.
    pub(crate) read: Bytes,
    /// Blobs sent.
    pub(crate) sent: Blobs,
    /// Blobs that the target linked from another repository.
    pub(crate) mounted: Blobs,
    /// Blobs found in their repository.
    pub(crate) already_there: Blobs,
    /// Tries that were made again, by cause: `broken`, `busy`, `refused`, `server`, `wrong`.
    pub(crate) retried: BTreeMap<String, u64>,
    /// What was read and not sent: what came twice, and what was refused.
    pub(crate) read_again: Bytes,
    /// Requests by side and kind, those for tokens, of retries and redirects included.
    pub(crate) requests: Requests,
    /// From the first request of the copy to the last.
    pub(crate) seconds: f64,
}

/// Images that were there.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct Skipped {
    pub(crate) images: usize,
    pub(crate) bytes: u64,
}

/// A number of bytes.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct Bytes {
    pub(crate) bytes: u64,
}

/// A number of blobs and their bytes, counted for each repository.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct Blobs {
    pub(crate) blobs: u64,
    pub(crate) bytes: u64,
}

impl From<Counted> for Blobs {
    fn from(counted: Counted) -> Self {
        Self { blobs: counted.count, bytes: counted.size_bytes }
    }
}

/// Requests by side.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct Requests {
    pub(crate) total: u64,
    /// By kind, such as `GET blob`.
    pub(crate) source: BTreeMap<String, u64>,
    /// By kind, such as `PUT manifest`.
    pub(crate) target: BTreeMap<String, u64>,
}

impl Requests {
    pub(crate) fn of(source: &Counts, target: &Counts) -> Self {
        Self {
            total: source.total() + target.total(),
            source: by_kind(source),
            target: by_kind(target),
        }
    }
}

fn by_kind(counts: &Counts) -> BTreeMap<String, u64> {
    let mut kinds = BTreeMap::new();
    for (kind, count) in counts.requests.values().flatten() {
        *kinds.entry(kind.to_string()).or_default() += count;
    }
    kinds
}

/// The schema of a line.
#[cfg(feature = "schema")]
pub(crate) fn schema() -> serde_json::Value {
    let generator = schemars::generate::SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<Event>();
    schema.insert("title".to_owned(), "One line of `sealift mirror --json`".into());
    schema.to_value()
}
