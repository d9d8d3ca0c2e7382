//! Kustomizations: folders of this machine, and what they name elsewhere.

mod build;
mod elsewhere;
mod files;

pub use build::{BuildError, build};
pub use elsewhere::{Elsewhere, Pin, Wanted};
pub use files::BuildFiles;
