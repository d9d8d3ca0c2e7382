//! The embedded registry: a folder, served by the distribution protocol.
//!
//! The folder is an OCI layout (`oci-layout`, `index.json`, `blobs/`) with the repositories beside it in `sealift/`, so that
//! other tools read it as it lies there. Without [`Access::Writable`] the router knows no route that writes.
//!
//! ```
//! # let place = tempfile::tempdir()?;
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! use sealift_files::Folder;
//! use sealift_serve::{Access, Server, Settings};
//!
//! let folder = Folder::open(place.path())?;
//! let settings = Settings { access: Access::Writable, ..Settings::default() };
//! let server = Server::bind(folder, settings, ()).await?;
//! assert!(server.address().ip().is_loopback());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod body;
mod error;
mod fault;
mod guard;
mod handle;
mod htpasswd;
mod limits;
mod observer;
mod pages;
mod pushed;
mod query;
mod range;
mod reads;
mod receive;
mod route;
mod server;
mod settings;
mod store;
mod tls;
mod upload;
mod writes;

pub use error::Error;
pub use htpasswd::{Htpasswd, HtpasswdError};
pub use observer::{Observer, Seen};
pub use server::Server;
pub use settings::{Access, Limits, Settings};
pub use tls::{Tls, TlsError};
