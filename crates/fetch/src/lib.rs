//! Gets charts: folders, archives, chart repositories, OCI registries; renders nothing.

mod error;
mod folder;
mod index;
pub mod limits;
mod name;
mod observer;
mod package;

pub use error::Error;
pub use folder::{ChartFiles, folder, ignore_file};
pub use index::{Entry, Index};
pub use limits::Limits;
pub use observer::Observer;
pub use package::Package;
