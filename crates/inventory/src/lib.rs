//! The nouns of a shipment and their file formats.
//!
//! Everything here is a value: no file is opened, no clock is read. A file is read from its text with the name that
//! errors print, strictly: an unknown key, a wrong type, a duplicate key are errors with their place. Written are block
//! style YAML and sorted lists, so that the same value gives the same bytes.

mod artifact;
mod class;
mod finding;
mod format;
mod inventory;
mod origin;
mod plain;
mod step;

pub use artifact::Artifact;
pub use class::{Class, Confidence};
pub use finding::{Address, Finding, SetBy, Unresolved};
pub use format::{API_VERSION, ApiVersion, FormatError};
pub use inventory::{Entry, Inventory};
pub use origin::Origin;
pub use plain::Plain;
pub use step::Step;
