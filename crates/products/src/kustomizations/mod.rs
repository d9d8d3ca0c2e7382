//! Kustomizations: folders of this machine, and what they name elsewhere.

mod build;
mod chart;
mod elsewhere;
mod files;
mod gather;
mod locked;
mod relative;

pub use build::{BuildError, Kustomized, build};
pub use chart::PulledChart;
pub use elsewhere::{Elsewhere, Pin, Wanted};
pub use files::{BuildFiles, TOP};
pub use gather::options;
pub(crate) use gather::{Objects, of_folder};
pub use locked::{Locked, moved};
pub use relative::relative;
