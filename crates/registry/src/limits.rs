//! Budgets for everything that comes from a registry or from a credential helper.

use std::time::Duration;

/// Bytes of one manifest or index, as containers/image, oras and distribution allow.
pub const MANIFEST_BYTES: usize = 4 << 20;

/// Bytes of a token server's answer.
pub const TOKEN_BYTES: usize = 128 << 10;

/// Bytes of an error answer that are read.
pub const ERROR_BYTES: usize = 64 << 10;

/// Bytes of the headers of an answer.
pub const HEADER_BYTES: usize = 64 << 10;

/// Characters of a registry's own words that are shown.
pub const SHOWN_CHARACTERS: usize = 300;

/// Bytes of one page of tags.
pub const TAG_PAGE_BYTES: usize = 8 << 20;

/// Tags of one repository.
pub const TAGS: usize = 200_000;

/// Bytes of all tag pages of one repository.
pub const TAG_BYTES: usize = 64 << 20;

/// Documents that may name one subject.
pub const REFERRERS: usize = 1000;

/// Redirects of one request.
pub const REDIRECTS: usize = 5;

/// Tries of one request.
pub const TRIES: u32 = 6;

/// Progress in bytes that gives the tries back.
pub const PROGRESS_BYTES: u64 = 1 << 20;

/// Scopes of one token.
pub const SCOPES: usize = 16;

/// Bytes of the URL of a token request.
pub const TOKEN_URL_BYTES: usize = 4 << 10;

/// Bytes that a credential helper may print.
pub const HELPER_BYTES: usize = 64 << 10;

/// Bytes of a credential file, or of a file with certificates or mirrors.
pub const FILE_BYTES: u64 = 4 << 20;

/// Blobs below this length are sent to a new repository without asking first whether it has them.
pub const ASK_BYTES: u64 = 256 << 10;

/// Bytes of one chunk of an upload.
pub const CHUNK_BYTES: u64 = 64 << 20;

/// Bytes of one chunk where the larger ones are refused: GHCR takes at most 4 MiB.
pub const SMALL_CHUNK_BYTES: u64 = 4 << 20;

/// From this length on a blob is sent in chunks after two breaks.
pub const LARGE_BLOB_BYTES: u64 = 1 << 30;

/// How long a credential helper may take.
pub const HELPER_TIME: Duration = Duration::from_secs(30);

/// Blob bodies on their way from a host, and as many to it: 16 gained nothing in measurements.
pub const BODIES: usize = 8;

/// Small requests on their way to a host.
pub const SMALL_REQUESTS: usize = 16;
