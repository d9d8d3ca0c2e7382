//! Gets charts: folders, archives, chart repositories, OCI registries; renders nothing.

mod error;
mod folder;
pub mod limits;
mod package;

pub use error::Error;
pub use folder::{ChartFiles, folder, ignore_file};
pub use limits::Limits;
pub use package::Package;
