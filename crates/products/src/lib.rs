//! One module per product: from its configuration to an inventory, and from a lock to its handoff.
//!
//! So far `generic`: manifests, images, image lists and charts.

pub mod charts;
mod error;
pub mod generic;
mod inputs;
pub mod kustomizations;
pub mod limits;
mod naming;
pub mod set_by;
mod targets;

pub use error::Error;
pub use inputs::{Inputs, Local};
pub use naming::naming_rules;
pub use targets::lead_back;
