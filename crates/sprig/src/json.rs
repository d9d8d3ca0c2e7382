//! JSON as Go's `encoding/json` writes and reads it.

mod read;
mod write;

pub use read::first;
pub(crate) use read::read;
pub(crate) use write::{Style, write};
