//! Kustomizations: folders of this machine, and what they name elsewhere.

mod build;
mod elsewhere;
mod files;
mod gather;
mod relative;

pub use build::{BuildError, Kustomized, build};
pub use elsewhere::{Elsewhere, Pin, Wanted};
pub use files::BuildFiles;
pub use gather::options;
pub(crate) use gather::{Objects, of_folder};
pub use relative::relative;
