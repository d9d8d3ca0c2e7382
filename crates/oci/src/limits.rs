//! Budgets for what is read from outside, each with its source.
//!
//! Each says what other tools do, or why another number was chosen.

/// Bytes of a manifest or index.
///
/// containers/image, oras and distribution use 4 MiB as well; larger ones are refused by most registries (2.8.2 refused 4.3 MB).
pub const MANIFEST_BYTES: usize = 4 << 20;

/// Bytes of an image config that is parsed (containers/image: 4 MiB). Configs that are only carried have no limit of their own.
pub const CONFIG_BYTES: u64 = 4 << 20;

/// Levels of JSON in a manifest, index or config. Real ones have fewer than ten; Go allows 10,000, `serde_json` 128.
pub const JSON_DEPTH: usize = 64;

/// Levels of indexes below each other. Nesting is legal (image-spec, image-index.md) and rare; real ones have at most two.
pub const INDEX_DEPTH: usize = 4;

/// Entries of an index.
pub const INDEX_CHILDREN: usize = 4096;

/// Layers of a manifest. containerd runs at most 128; artifacts may have more.
pub const LAYERS: usize = 1000;

/// Manifests below one root.
pub const DOCUMENTS_PER_ROOT: usize = 20_000;

/// Documents that refer to one subject.
pub const REFERRERS: usize = 1000;

/// Levels of referrers of referrers (the stricter of the two numbers in the notes).
pub const REFERRER_DEPTH: usize = 3;

/// Bytes of a blob of something that goes with an image, such as a signature or an SBOM (cosign: 128 MiB).
pub const ATTACHMENT_BYTES: u64 = 128 << 20;

/// Bytes of the `index.json` of a layout: 20 MiB, as containerd's importer takes at most.
pub const LAYOUT_INDEX_BYTES: usize = 20 << 20;

/// The largest size that a descriptor may claim: Go's readers keep it in an `int64`.
pub const SIZE_BYTES: u64 = i64::MAX as u64;

/// Bytes at the end of a blob that are kept back until its hash is known to be right.
pub const HOLD_BACK_BYTES: usize = 64 << 10;

/// Bytes of manifests kept in memory during a copy for their next use; others are read again.
pub const DOCUMENT_CACHE_BYTES: usize = 16 << 20;

/// Bytes of a blob between two kept states of its hash: a broken upload is taken up again from the last one. 100 bytes each.
pub const CHECKPOINT_BYTES: u64 = 16 << 20;
