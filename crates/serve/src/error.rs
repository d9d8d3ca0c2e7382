//! Why a server does not start.

use std::net::SocketAddr;

/// Why a server does not start. Once it runs, a failure is the answer to one request.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// As given.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// Writing is open to the network without a password or without TLS.
    #[error("a writable registry on {address}, which is not loopback, needs {missing}")]
    Open {
        /// As given.
        address: SocketAddr,
        /// What would make it safe.
        missing: &'static str,
    },
    /// The folder cannot be read or written.
    #[error("cannot use the folder as a registry")]
    Folder(#[from] sealift_files::Error),
    /// The folder holds something else.
    #[error("`{path}` is no OCI layout: {reason}")]
    Layout {
        /// As typed.
        path: String,
        /// What is wrong.
        reason: String,
    },
}
