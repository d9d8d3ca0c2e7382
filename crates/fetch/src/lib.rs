//! Gets charts: folders, archives, chart repositories, OCI registries; renders nothing.

mod address;
mod artifact;
mod cache;
mod chart_folder;
mod classic;
mod dependencies;
mod encoding;
mod error;
mod fetcher;
mod identity;
mod index;
mod json;
pub mod limits;
mod name;
mod observer;
mod oci;
mod package;
mod provenance;
mod remote;
mod repositories;
mod settings;

pub use artifact::artifact;
pub use chart_folder::{ChartFiles, ChartFolder};
pub use dependencies::{DependencyArchive, Gathered, LockFile, Need, Placed, Requests};
pub use error::Error;
pub use fetcher::Fetcher;
pub use identity::Identity;
pub use index::{Entry, Index};
pub use limits::Limits;
pub use observer::Observer;
pub use oci::OciReference;
pub use package::Package;
pub use remote::{Fetched, Remote};
pub use repositories::{Access, KnownRepository, Repositories};
pub use settings::FetchSettings;
