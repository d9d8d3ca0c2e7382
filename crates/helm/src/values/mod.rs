//! Values: what users and charts say, made one.

mod documents;
mod read;

pub use read::{ReadError, ReadErrorKind, merged, value, values};
