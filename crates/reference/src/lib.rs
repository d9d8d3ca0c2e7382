//! OCI references, digests, platforms and media types that cannot be wrong once made.
//!
//! ```
//! use sealift_reference::Reference;
//!
//! let image: Reference = "nginx".parse()?;
//! assert_eq!(image.to_string(), "docker.io/library/nginx:latest");
//! assert_eq!(image.written(), "nginx");
//! # Ok::<(), sealift_reference::ParseError>(())
//! ```
//!
//! The grammar is that of distribution/reference (commit 0965666), stricter where that accepts what nobody can pull:
//! ports are 1 to 65535, IPv6 addresses are addresses, a host without `.`, `:` or the name `localhost` is a path.

mod digest;
mod error;
mod host;
mod lint;
pub mod media_type;
mod path;
mod platform;
mod reference;
mod repository;
mod tag;

pub use digest::{Algorithm, Digest, Hasher};
pub use error::ParseError;
pub use lint::Lint;
pub use media_type::{MediaKind, MediaType};
pub use platform::Platform;
pub use reference::Reference;
pub use repository::Repository;
pub use tag::Tag;
