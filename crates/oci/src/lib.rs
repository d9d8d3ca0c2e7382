//! Content model, source and target traits, the one copy engine, layout and in-memory stores, image builder.

pub mod copy;
mod descriptor;
mod error;
pub mod image;
mod json;
mod layout;
pub mod limits;
mod manifest;
mod manifest_error;
mod memory;
pub mod plan;
pub mod resolve;
mod store;
mod verified;
pub mod verify;

pub use descriptor::Descriptor;
pub use error::{StoreError, StoreErrorKind};
pub use layout::Layout;
pub use manifest::{Body, Hint, Manifest, parse_config};
pub use manifest_error::ManifestError;
pub use memory::{InMemory, Memory, Request, Requests, read_blob};
pub use store::{
    Blob, BlobStream, BoxFuture, Content, Document, Resolved, Source, Target, Written,
};
pub use verified::{verified, verified_from};
