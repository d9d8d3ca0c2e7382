//! Scripted registry with faults: an HTTP server on 127.0.0.1 whose every answer, and every way to break one, is written down.
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! use sealift_testkit::{Entry, Reply, Script, Server};
//!
//! let script = Script::new()
//!     .entry(Entry::get("/v2/").reply(Reply::status(503)).times(1))
//!     .entry(Entry::get("/v2/").reply(Reply::status(200).body("{}")));
//! let server = Server::start(script).await;
//! assert!(server.address().starts_with("127.0.0.1:"));
//! assert!(server.requests().is_empty());
//! # });
//! ```

#![expect(
    clippy::disallowed_methods,
    clippy::must_use_candidate,
    clippy::print_stderr,
    reason = "code of tests: it reads the environment, writes plain files and says what it skips"
)]

mod connection;
mod docker_registry;
mod identity;
mod proxy;
mod reply;
mod script;
mod server;
mod test_env;
mod upstream;

pub use docker_registry::{DockerRegistry, which};
pub use identity::Identity;
pub use proxy::Proxy;
pub use reply::Reply;
pub use script::{Entry, Recorded, Script};
pub use server::Server;
pub use test_env::{Ran, TestEnv};
