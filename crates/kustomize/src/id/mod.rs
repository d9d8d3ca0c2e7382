//! What tells objects apart.

mod gvk;
mod res_id;
mod scope;

pub use gvk::Gvk;
pub use res_id::ResId;

pub(crate) use gvk::split_api_version;
pub(crate) use scope::is_cluster_scoped;
