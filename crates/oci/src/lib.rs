//! Content model, source and target traits, the one copy engine, layout and in-memory stores, image builder.
//!
//! Registry, layout, bundle and memory implement one pair of traits, [`Source`] and [`Target`]; [`copy::copy`] carries a plan
//! from any of them to any other. Bytes are never changed: manifests are parsed strictly ([`Manifest::parse`]) and sent as they
//! were received.
//!
//! ```
//! use std::sync::Arc;
//!
//! use sealift_oci::copy::{CopyOptions, copy};
//! use sealift_oci::image::ImageBuilder;
//! use sealift_oci::plan::Plan;
//! use sealift_oci::resolve::{ResolveSettings, resolve};
//! use sealift_oci::Memory;
//! use sealift_inventory::{Artifact, Class, Confidence, Finding, Inventory, Origin, Prefix};
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! // An image at the source.
//! let source = Arc::new(Memory::new());
//! let image = ImageBuilder::new("linux/amd64".parse()?).layer(&[("app", b"hello")])?.build();
//! image.write(&*source, &"docker.io/library/hello".parse()?, Some(&"v1".parse()?)).await?;
//!
//! // What a scan found, pinned to digests, and carried to another registry.
//! let found = Finding {
//!     artifact: Artifact::Image("hello:v1".parse()?),
//!     origin: Origin::new(),
//!     set_by: Vec::new(),
//!     class: Class::Required,
//!     confidence: Confidence::Certain,
//! };
//! let inventory = Inventory::collect([found], [], []);
//! let settings = ResolveSettings::default();
//! let resolved = resolve(inventory.artifacts(), &settings, Arc::clone(&source), &()).await?;
//! let registry: Prefix = "registry.corp:5000/ml".parse()?;
//! let plan = Plan::of(&resolved.lock, &resolved.graph, &registry)?;
//! let target = Arc::new(Memory::new());
//! let summary = copy(&plan, source, target, &CopyOptions::default(), Arc::new(())).await;
//! assert!(summary.is_complete());
//! assert_eq!(summary.sent.count, 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod copy;
mod descriptor;
mod error;
mod front;
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
pub use front::Front;
pub use layout::Layout;
pub use manifest::{Body, Hint, Manifest, parse_config};
pub use manifest_error::ManifestError;
pub use memory::{InMemory, Memory, Request, Requests, read_blob};
pub use store::{
    Blob, BlobStream, BoxFuture, Content, Document, Foreseen, Resolved, Source, Target, Written,
};
pub use verified::{verified, verified_from};
