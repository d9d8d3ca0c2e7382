//! Go's regular expressions: syntax, meaning and error texts, in linear time.
//!
//! Charts and kustomizations hold patterns that Go's `regexp` compiles. Rust's
//! engine is of the same family, but its syntax is not: `x{` and `\Q.\E` are
//! refused there, `\d` means another set, `a**` is accepted. So this crate reads
//! the pattern itself, as Go 1.26 does with `regexp.Compile`, and hands the
//! meaning to `regex-automata`.
//!
//! ```
//! use sealift_goregex::Regex;
//!
//! let tag = Regex::new(r"^v?(?P<major>\d+)\.(\d+)")?;
//! let found = tag.replace_all(b"v1.27.3", b"${major}-$2", usize::MAX)?;
//! assert_eq!(found, b"1-27.3");
//!
//! let error = Regex::new("(abc").unwrap_err();
//! assert_eq!(error.to_string(), "error parsing regexp: missing closing ): `(abc`");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Bytes
//!
//! A Go string may hold bytes that are not UTF-8. Go reads each such byte as
//! U+FFFD of width one, so `.` matches it and `^.$` does not match two. The same
//! holds here: a text that is not UTF-8 is searched with each such byte replaced,
//! and all positions are translated back.
//!
//! # Where it differs from Go
//!
//! - A pattern of more than 64 KiB, a program of more than 10 MiB (Go: 128 MiB,
//!   counted differently), more than 250 levels (Go: 1,000) are refused, with Go's
//!   texts `expression too large` and `expression nests too deeply`.
//! - A pattern that Go refuses for two reasons is refused for the first; a limit
//!   that is reached may hide a mistake that follows.
//!
//! A single search is linear in the text. As in Go, finding all matches can be
//! quadratic: each search may read to the end to find that it matched early.

mod error;
mod flags;
mod matches;
mod parser;
mod pattern;
mod piece;
mod quote;
mod regex;
mod replace;
mod spelled;
mod split;
mod template;
mod text;
mod unicode;

pub use error::{Error, ErrorKind};
pub use quote::quote_meta;
pub use regex::Regex;
pub use replace::TooLong;

/// Bytes of the longest pattern that is read.
pub const MAX_PATTERN_BYTES: usize = 64 << 10;

/// Bytes of the largest program that a pattern may become.
pub const MAX_PROGRAM_BYTES: usize = 10 << 20;

/// Levels that groups and repetitions may nest.
pub const MAX_DEPTH: usize = 250;
