//! Budgets for what clients send and for what this server does at a time, each with its source.

use std::time::Duration;

/// Bytes of a request's head. Apache and nginx take lines of 8 KiB, Go's servers heads of 1 MiB; a client of registries sends
/// little beside a password.
pub(crate) const HEAD_BYTES: usize = 16 << 10;

/// Fields of a head: what hyper and Apache take unless told otherwise.
pub(crate) const HEAD_FIELDS: usize = 100;

/// In which a head must be complete and a TLS handshake done: as long as Go's clients, which most of ours are, wait for a
/// handshake.
pub(crate) const HEAD_TIME: Duration = Duration::from_secs(10);

/// Connections at a time. Each may have a file open, and most systems give a process 1,024 of both together.
pub(crate) const CONNECTIONS: usize = 256;

/// Uploads at a time: a dozen clients with Docker's five.
pub(crate) const UPLOADS: usize = 64;

/// How long an upload may rest between two requests. Distribution keeps them for a week, in which a disk fills; a client that
/// lost its connection is back within minutes.
pub(crate) const UPLOAD_REST: Duration = Duration::from_hours(1);

/// How long an upload rests at least before it makes room for another, when all places are taken: as [`STALL`].
pub(crate) const EVICT_AFTER: Duration = STALL;

/// Between two looks for uploads that rest: small against [`UPLOAD_REST`].
pub(crate) const SWEEP: Duration = Duration::from_mins(1);

/// How long a body may bring nothing: as long as nginx waits for more of one.
pub(crate) const STALL: Duration = Duration::from_mins(1);

/// Bytes of one blob: above any layer (ECR takes 52 GB), and an end for a client that never stops.
pub(crate) const BLOB_BYTES: u64 = 1 << 40;

/// How long open requests may go on after the signal to stop: `docker stop` kills after as long.
pub(crate) const DRAIN: Duration = Duration::from_secs(10);

/// Passwords that are checked, and blobs that are hashed, at a time. Each takes a core, and small machines have two.
pub(crate) const CHECKS: usize = 2;

/// Right passwords that are remembered by their hash: one for each of [`CONNECTIONS`].
pub(crate) const REMEMBERED: usize = CONNECTIONS;

/// After an accept that failed, as without file descriptors. Go's servers wait from 5 ms up to 1 s.
pub(crate) const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Between two writings of `index.json` while many tags are pushed: some megabytes, at most twenty times a second.
pub(crate) const INDEX_PAUSE: Duration = Duration::from_millis(50);

/// Tags that one push may set: so many of the longest (128 characters) fit in a head of [`HEAD_BYTES`].
pub(crate) const PUSHED_TAGS: usize = 100;

/// Names in one answer: distribution's largest page of a catalog.
pub(crate) const PAGE: usize = 1000;

/// Bytes of a file that are read at a time. With [`PIECES_IN_FLIGHT`], all of [`CONNECTIONS`] hold 128 MiB.
pub(crate) const PIECE_BYTES: u64 = 256 << 10;

/// Pieces of one answer in memory: one is sent while the next is read.
pub(crate) const PIECES_IN_FLIGHT: usize = 2;

/// Bytes of a file that are hashed at a time, by each of [`CHECKS`].
pub(crate) const HASHED_BYTES: usize = 1 << 20;

/// Frames of a body between the network and the disk. One has some 400 KiB at most (hyper's buffer), so an upload holds 3 MiB.
pub(crate) const FRAMES_IN_FLIGHT: usize = 8;

/// Bytes of a refused body that are read so that the client hears why: four of the chunks that this project's client sends. A
/// layer that is larger breaks off.
pub(crate) const DRAINED_BYTES: usize = 256 << 20;

/// A tag's file holds a digest (135 bytes at most), a link's file a media type (255 at most, RFC 6838).
pub(crate) const SMALL_FILE_BYTES: u64 = 1024;

/// The file `oci-layout` holds one short object.
pub(crate) const LAYOUT_FILE_BYTES: u64 = 4096;
