//! The budgets of archives, each with its source, and named so that an error can say which one was reached.

/// Length of a path in bytes: a quarter of Linux's `PATH_MAX`. The longest in 155 real charts has 118.
pub const PATH_BYTES: usize = 1024;

/// Parts of a path. The deepest in 155 real charts has 10.
pub const PATH_PARTS: usize = 64;

/// Length of one part of a path in bytes: what every file system takes.
pub const PART_BYTES: usize = 255;

/// Output of a gzip stream up to which no ratio is asked: an output that every machine can hold.
pub const RATIO_FREE_BYTES: u64 = 10 << 20;

/// Output bytes for each input byte above [`RATIO_FREE_BYTES`]: deflate itself reaches 1,032, the largest in 155 real charts is
/// 22.
pub const RATIO: u64 = 200;

/// Bytes of one extension header of a tar archive: pax records or a long name. Go takes 1 MiB (CVE-2022-2879).
pub const EXTENSION_BYTES: u64 = 64 << 10;
