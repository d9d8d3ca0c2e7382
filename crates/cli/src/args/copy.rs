//! `lock`, `diff`, `mirror`, `verify` and `handoff`.

use std::num::NonZeroU64;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::{InputArgs, LimitArgs, RegistryArgs, Shard, units};

/// Blobs that are transferred at a time, unless `--jobs` says otherwise.
pub(crate) const JOBS: u16 = 8;

/// Pin every artifact to its digest
///
/// Asks the registries what each tag names, and writes digests, platforms, sizes, target names and reasons to the lock file, with
/// sealift.graph beside it. Nothing is written when an image cannot be resolved.
#[derive(Debug, Args)]
pub(crate) struct LockArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Write this lock file
    #[arg(long, value_name = "FILE", default_value = "sealift.lock")]
    pub(crate) lock: PathBuf,
    /// Take this platform, such as linux/amd64, instead of those of sealift.yaml (can be repeated)
    #[arg(long, value_name = "OS/ARCH")]
    pub(crate) platform: Vec<String>,
    /// What is carried beside the images
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = WithSignatures::Signatures)]
    pub(crate) with: WithSignatures,
    /// Write nothing: compare with the lock file, exit 1 when it is not what would be written
    #[arg(long)]
    pub(crate) check: bool,
    /// Use no network: take what the lock file has, and fail on what it lacks
    #[arg(long)]
    pub(crate) offline: bool,
    /// Print the new lock as JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

/// What is looked for beside each image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WithSignatures {
    /// Signatures of the images
    Signatures,
    /// Signatures, attestations, SBOMs and all else that refers to the images
    All,
    /// Nothing
    None,
}

/// Print what a new lock adds, drops and moves
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The lock that the far side has
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The new lock
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Copy everything in the lock from its registries to a private one
///
/// Byte for byte, children before parents, each digest once. Stopped at any moment and run again, it goes on where it was: what is
/// at the target is not sent again.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own on the command line")]
pub(crate) struct MirrorArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// The registry to write to, with an optional path: registry.corp:5000/ml
    #[arg(long, value_name = "REGISTRY")]
    pub(crate) to: String,
    /// Charts go to this registry instead
    #[arg(long, value_name = "REGISTRY")]
    pub(crate) charts_to: Option<String>,
    /// Read this lock file
    #[arg(long, value_name = "FILE", default_value = "sealift.lock", conflicts_with_all = ["inputs", "image_list", "file"])]
    pub(crate) lock: PathBuf,
    /// Use the lock although its inputs have changed
    #[arg(long)]
    pub(crate) stale: bool,
    /// Mirror although the lock says that something is undecided
    #[arg(long)]
    pub(crate) allow_undecided: bool,
    /// Move tags at the target that name other content
    #[arg(long)]
    pub(crate) replace_tags: bool,
    /// Trust no tag: ask for every blob, and send what a damaged target has lost
    #[arg(long)]
    pub(crate) repair: bool,
    /// Write nothing: print what would be sent, mounted and left, with requests and bytes, and what is missing for it. To
    /// learn whether pushes are allowed, an empty upload is opened in each project, which expires
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Copy only this part of the lock, such as 2/4: the parts are disjoint, the same at each run, and all together are the whole
    #[arg(long, value_name = "N/OF", value_parser = units::shard)]
    pub(crate) shard: Option<Shard>,
    /// Try a request again for so long, such as 10m, instead of six times
    #[arg(long, value_name = "TIME", value_parser = units::duration)]
    pub(crate) retry_for: Option<Duration>,
    /// Move at most so many bytes a second each way, such as 50MiB/s
    #[arg(long, value_name = "RATE", value_parser = units::rate)]
    pub(crate) limit_rate: Option<NonZeroU64>,
    /// Read layers that the source does not have from this host, where their manifest says so (can be repeated)
    ///
    /// Such layers (Windows) carry addresses outside of any registry. Without this they are read from the source only.
    #[arg(long, value_name = "HOST")]
    pub(crate) foreign_from: Vec<String>,
    /// Blobs transferred at a time
    #[arg(short, long, value_name = "N", default_value_t = JOBS, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(crate) jobs: u16,
    /// Print one JSON event a line on stdout (docs/schemas/mirror-events.json); with --dry-run the plan
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

/// Check that every manifest, platform and blob of the lock is at the target
///
/// By digest. Exit code 1 when something is missing; each missing piece is named with the image that needs it.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The registry to look in, with an optional path: registry.corp:5000/ml
    #[arg(long, value_name = "REGISTRY")]
    pub(crate) to: String,
    /// Charts go to this registry instead
    #[arg(long, value_name = "REGISTRY")]
    pub(crate) charts_to: Option<String>,
    /// Read this lock file
    #[arg(long, value_name = "FILE", default_value = "sealift.lock")]
    pub(crate) lock: PathBuf,
    /// Use the lock although its inputs have changed
    #[arg(long)]
    pub(crate) stale: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

/// Write the settings that make the far side use the private registry
///
/// Writes containerd's hosts.toml for every source host, a pull secret with placeholders, the lock, and a README.md that says what to
/// apply, in which order.
#[derive(Debug, Args)]
pub(crate) struct HandoffArgs {
    /// The private registry, with an optional path: registry.corp:5000/ml
    #[arg(long, value_name = "REGISTRY")]
    pub(crate) to: String,
    /// The folder to write; it must not exist yet, or be one that sealift wrote
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Read this lock file
    #[arg(long, value_name = "FILE", default_value = "sealift.lock")]
    pub(crate) lock: PathBuf,
    /// Use the lock although its inputs have changed
    #[arg(long)]
    pub(crate) stale: bool,
    /// Write the pull secret with the real credentials of the private registry to this file (mode 0600), which must lie outside DIR
    #[arg(long, value_name = "FILE")]
    pub(crate) write_secrets: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}
