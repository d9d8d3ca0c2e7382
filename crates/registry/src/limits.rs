//! Budgets for everything that comes from a registry or from a credential helper, each with its source.

use std::time::Duration;

/// Bytes of one manifest or index, as containers/image, oras and distribution allow.
pub const MANIFEST_BYTES: usize = 4 << 20;

/// Bytes of a token server's answer: as oras; go-containerregistry takes 64 KiB, containers/image 1 MiB.
pub const TOKEN_BYTES: usize = 128 << 10;

/// Bytes of an error answer that are read: as go-containerregistry.
pub const ERROR_BYTES: usize = 64 << 10;

/// Bytes of the headers of an answer. Go's clients take 10 MiB; redirects to signed URLs, the longest real ones, have a few
/// kilobytes.
pub const HEADER_BYTES: usize = 64 << 10;

/// Characters of a registry's own words that are shown: some lines on a terminal.
pub const SHOWN_CHARACTERS: usize = 300;

/// Bytes of one page of tags: [`TAGS`] at 40 bytes, for registries that have no pages.
pub const TAG_PAGE_BYTES: usize = 8 << 20;

/// Tags of one repository: a tag for each of a hundred builds a day, for five years.
pub const TAGS: usize = 200_000;

/// Bytes of all tag pages of one repository: [`TAGS`] of the longest tags (128 characters) twice over.
pub const TAG_BYTES: usize = 64 << 20;

/// Documents that may name one subject: as many as cosign takes layers, which are signatures, of one document.
pub const REFERRERS: usize = 1000;

/// Redirects of one request. Go, containerd and regclient follow 10; real registries send one or two.
pub const REDIRECTS: usize = 5;

/// Tries of one request: oras and regclient have 5, go-containerregistry 3; one more, since a copy runs unattended.
pub const TRIES: u32 = 6;

/// Progress in bytes that gives the tries back: far more than a connection brings that breaks at once.
pub const PROGRESS_BYTES: u64 = 1 << 20;

/// Time without a failure over which less progress gives the tries back: a line of some kilobytes a second breaks no oftener for
/// that.
pub const PROGRESS_TIME: Duration = Duration::from_mins(1);

/// Progress in bytes that gives the tries back after [`PROGRESS_TIME`]: what a body brings in it that just does not stand still.
/// So the tries of a blob have an end, however its source trickles.
pub const SLOW_PROGRESS_BYTES: u64 = 60 << 10;

/// Scopes of one token: with repository names of the usual length they fit in [`TOKEN_URL_BYTES`].
pub const SCOPES: usize = 16;

/// Bytes of the URL of a token request: half of the 8 KiB that nginx and Apache take for a line.
pub const TOKEN_URL_BYTES: usize = 4 << 10;

/// Bytes that a credential helper may print: a server, a user and a secret. Tokens of clouds have a few kilobytes.
pub const HELPER_BYTES: usize = 64 << 10;

/// Bytes of a credential file, or of a file with certificates or mirrors: all certificates that Debian trusts take 220 KB.
pub const FILE_BYTES: u64 = 4 << 20;

/// Blobs up to this length are not asked for first: the request that opens their upload asks as well, and only what it finds is
/// asked for, to be sure. Where a registry does not answer that, sending one again takes 13 ms on a line of 40 Mbit/s, a quarter
/// of a round trip of 50 ms that asking takes. At a registry it is less work than one more request.
pub const TINY_BYTES: u64 = 64 << 10;

/// Blobs below this length are sent to a new repository without asking first whether it has them: they take less time than a
/// round trip on a line of 40 Mbit/s with 50 ms.
pub const ASK_BYTES: u64 = 256 << 10;

/// Bytes of one chunk of an upload: below the 100 MB at which Cloudflare ends a request.
pub const CHUNK_BYTES: u64 = 64 << 20;

/// Bytes of one chunk where the larger ones are refused: GHCR takes at most 4 MiB.
pub const SMALL_CHUNK_BYTES: u64 = 4 << 20;

/// From this length on a blob is sent in chunks after two breaks: below it, sending it anew costs less than the chunks.
pub const LARGE_BLOB_BYTES: u64 = 1 << 30;

/// From this length on a body waits for the host to agree, after the host has refused one in its middle: below it, sending in
/// vain costs less than the wait.
pub const EXPECT_BYTES: u64 = 64 << 20;

/// How long such a body waits. What the host says to go on does not reach us through the HTTP client; a refusal does.
pub const EXPECT_TIME: Duration = Duration::from_secs(1);

/// How long a credential helper may take: those of clouds ask a server, which takes seconds.
pub const HELPER_TIME: Duration = Duration::from_secs(30);

/// Blob bodies on their way from a host, and as many to it: 16 gained nothing in measurements.
pub const BODIES: usize = 8;

/// Small requests on their way to a host: two for each of [`BODIES`], so that none waits for what it needs next.
pub const SMALL_REQUESTS: usize = 16;
