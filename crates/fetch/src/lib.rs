//! Gets charts: folders, archives, chart repositories, OCI registries; and what is in git repositories. Renders nothing.
//!
//! A chart on this machine is a [`ChartFolder`] or a [`Package`]; one that is elsewhere is a [`Remote`], which a [`Fetcher`]
//! gets. [`ChartSource::locate`] tells them apart as Helm does. What a chart needs is gathered by [`Fetcher::build`] and
//! [`Fetcher::update`], and then written or kept in memory. Each has an [`Identity`] for the lock.
//!
//! ```
//! use std::sync::Arc;
//!
//! use sealift_fetch::{ChartFolder, FetchSettings, Fetcher, Requests};
//! use sealift_files::{Folder, Links, Tree};
//! use sealift_helm::Chart;
//! use sealift_registry::{Registry, Settings};
//!
//! # let place = tempfile::tempdir()?;
//! # let write = |path: &str, text: &str| {
//! #     let path = place.path().join(path);
//! #     fs_err::create_dir_all(path.parent().unwrap()).and_then(|()| fs_err::write(path, text))
//! # };
//! # write("app/Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n- {name: common, version: ^1, repository: 'file://../common'}\n")?;
//! # write("common/Chart.yaml", "apiVersion: v2\nname: common\nversion: 1.4.0\n")?;
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let settings = FetchSettings { offline: true, ..FetchSettings::default() };
//! let load = settings.load();
//! let fetcher = Fetcher::new(Registry::new(&Settings::default())?, settings, Arc::new(()))?;
//!
//! // `app` needs `file://../common`, which lies in the same tree.
//! let tree = Arc::new(Tree::new(Folder::open(place.path())?, Links::Inside));
//! let app = ChartFolder::new(tree, "app", load);
//! let (chart, mut files) = app.load()?;
//! let requests = Requests::of(&chart, &fetcher.settings().repositories, load.profile)?;
//! let gathered = fetcher.build(&app, &requests, "2026-01-02T03:04:05Z").await?;
//!
//! gathered.attach(&mut files, &load);
//! let chart = Chart::load(files.files, &load)?;
//! assert_eq!(chart.dependencies[0].metadata.version, "1.4.0");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
mod artifact;
mod cache;
mod chart_folder;
mod classic;
mod dependencies;
mod encoding;
mod error;
mod fetcher;
pub mod git;
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
mod source;
mod web_file;

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
pub use provenance::check_provenance;
pub use remote::{Fetched, Remote};
pub use repositories::{Access, KnownRepository, Repositories};
pub use settings::FetchSettings;
pub use source::{Beside, ChartSource};
