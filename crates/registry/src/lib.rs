//! The HTTP registry client: authentication, retry, uploads; implements the traits of `oci`.
//!
//! A [`Registry`] is made from [`Settings`], which the command line resolves: this crate reads no environment. Repositories
//! carry their host, so one client serves any number of registries.
//!
//! ```
//! use sealift_registry::{Registry, Settings};
//!
//! let registry = Registry::new(&Settings::default())?;
//! assert_eq!(registry.counts().total(), 0);
//! # Ok::<(), sealift_oci::StoreError>(())
//! ```

mod address;
mod auth;
mod body;
mod challenge;
mod client;
mod counts;
mod credentials;
mod disk;
mod download;
mod exchange;
mod expect;
mod failure;
mod foreign;
mod host;
pub mod limits;
mod mirrors;
mod pace;
mod pages;
mod payload;
mod ping;
mod pressure;
mod proxy;
mod publish;
mod quota;
mod read;
mod realm;
mod redirect;
mod referrers;
mod registry;
mod request;
mod retry;
mod scope;
mod secret;
mod settings;
mod text;
mod throttle;
mod tls;
mod token;
mod transfer;
mod travel;
mod upload;
mod verifier;
mod watch;

pub use counts::{Counts, RequestKind, RetryCause};
pub use credentials::{Credential, CredentialFiles, Found, Login, login, logout};
pub use download::{Download, Downloaded};
pub use foreign::foreign_host;
pub use host::RateLimit;
pub use mirrors::{Mirror, Mirrors, RegistriesFiles};
pub use proxy::ProxySettings;
pub use quota::Quota;
pub use realm::TrustedRealm;
pub use registry::Registry;
pub use retry::Timing;
pub use secret::Secret;
pub use settings::Settings;
pub use throttle::Throttle;
pub use tls::{HostFiles, Trust};
pub use watch::{Retry, Wait, Watch, Watcher};
