//! A server on this machine, on a thread of its own.

use anyhow::{Context as _, Result};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// A running server; it ends when this is dropped.
pub(super) struct Listener {
    address: String,
    _runtime: Runtime,
}

impl Listener {
    /// Takes connections, each of which `converse` serves; one that breaks ends its own conversation.
    pub(super) fn start<F, C, T>(converse: F) -> Result<Self>
    where
        F: Fn(TcpStream) -> C + Send + 'static,
        C: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .context("a thread for a server")?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?.to_string();
        runtime.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(converse(client));
            }
        });
        Ok(Self { address, _runtime: runtime })
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }
}
