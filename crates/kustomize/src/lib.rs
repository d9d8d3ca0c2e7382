//! Kustomizations built natively: what `kustomize build` v5.8 prints, byte for byte.
//!
//! | module | what kustomize calls it |
//! |---|---|
//! | [`loader`] | `internal/loader`, `filesys`: folders that are built, and which files they may read |
//! | [`kustomization`] | `types`: the file `kustomization.yaml` |
//! | [`resource`] | `resource`: objects, their history, and where they were written |
//! | [`id`] | `resid` |
//!
//! The crate is pure: files are passed in as [`Files`], nothing is fetched and no program is run.
//!
//! ```
//! use sealift_kustomize::{MemoryFiles, Options, build};
//!
//! let mut files = MemoryFiles::new();
//! files.file("/app/kustomization.yaml", "resources: [pod.yaml]\nimages:\n- name: nginx\n  newTag: '1.27'\n");
//! files.file("/app/pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: a, image: nginx}]\n");
//! let built = build(&files, "/app", &Options::default())?;
//! assert!(built.to_yaml()?.contains("image: nginx:1.27"));
//! # Ok::<(), sealift_kustomize::Error>(())
//! ```

mod accumulate;
mod build;
mod config;
mod error;
mod filters;
mod generators;
pub mod id;
pub mod kustomization;
mod limits;
pub mod loader;
mod openapi;
mod order;
#[doc(hidden)]
#[expect(clippy::must_use_candidate, reason = "not part of the API")]
pub mod raw;
mod resmap;
pub mod resource;
mod selector;
mod yaml;

#[doc(hidden)]
pub use build::accumulate;
pub use build::{Built, Options, build};
pub use error::Error;
pub use loader::{
    Entry, Fetched, FileError, Files, LoadRestrictions, MemoryFiles, RemoteChart, RepoSpec,
    RepoSpecError,
};
pub use order::Reorder;
pub use resource::Resource;
pub use yaml::{Json, Node};

/// Why the parts of a build fail; [`Error`] holds them.
pub mod errors {
    pub use crate::accumulate::VarError;
    pub use crate::config::ConflictError;
    pub use crate::filters::field::FieldError;
    pub use crate::filters::json_patch::JsonPatchError;
    pub use crate::filters::replacement::ReplacementError;
    pub use crate::filters::strategic_merge::MergeError;
    pub use crate::generators::{GenerateError, PairError};
    pub use crate::kustomization::{DecodeError, KustomizationError};
    pub use crate::limits::Exceeded;
    pub use crate::loader::{LoadError, RepoSpecError};
    pub use crate::openapi::CustomSchemaError;
    pub use crate::order::SortError;
    pub use crate::resmap::{AbsorbError, RepeatedId, TargetError};
    pub use crate::resource::ResourceError;
    pub use crate::selector::{LabelSelectorError, SelectorError};
    pub use crate::yaml::edit::WrongKind;
    pub use crate::yaml::{AnchorError, ReadError, ValueError};
}
