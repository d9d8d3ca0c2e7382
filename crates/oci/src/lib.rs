//! Content model, source and target traits, the one copy engine, layout and in-memory stores, image builder.

mod error;
mod store;

pub use error::{StoreError, StoreErrorKind};
pub use store::{Blob, BlobStream, BoxFuture, Content, Document, Resolved, Source, Target, Written};
