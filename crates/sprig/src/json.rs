//! JSON as Go's `encoding/json` writes and reads it.

mod read;
mod write;

pub use read::{first, first_exact, read};
pub use write::{Style, unsupported, write};
