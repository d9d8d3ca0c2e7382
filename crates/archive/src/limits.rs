//! The budgets of archives (`specs/security.md` §3), named so that an error can say which one was reached.

/// Length of a path in bytes.
pub const PATH_BYTES: usize = 1024;

/// Parts of a path.
pub const PATH_PARTS: usize = 64;

/// Length of one part of a path in bytes: what every file system takes.
pub const PART_BYTES: usize = 255;

/// Output of a gzip stream up to which no ratio is asked.
pub const RATIO_FREE_BYTES: u64 = 10 << 20;

/// Output bytes for each input byte above [`RATIO_FREE_BYTES`]; the largest in real charts is 22.
pub const RATIO: u64 = 200;
