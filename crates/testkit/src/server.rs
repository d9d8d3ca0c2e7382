//! The listening side: one task a connection, everything recorded.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::connection::{Wire, converse};
use crate::{Identity, Recorded, Reply, Script};

#[derive(Debug, Default)]
struct Log {
    script: Script,
    requests: Vec<Recorded>,
    unexpected: Vec<String>,
    connections: usize,
    /// Requests that have no answer yet.
    busy: usize,
}

/// A running scripted server; it ends when dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    log: Shared,
    task: JoinHandle<()>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Shared(Arc<Mutex<Log>>);

impl Shared {
    fn with<T>(&self, work: impl FnOnce(&mut Log) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Chooses the answer by the head of a request; the body is added by [`Self::record`].
    pub(crate) fn choose(&self, request: &Recorded) -> Reply {
        self.with(|log| {
            let passes = log.script.behind.is_some();
            let chosen = log.script.answer(request, log.busy);
            log.busy += 1;
            let chosen = chosen.or_else(|| passes.then(Reply::passed));
            chosen.unwrap_or_else(|| {
                log.unexpected.push(request.line());
                Reply::error(418, "UNEXPECTED", &request.line())
            })
        })
    }

    pub(crate) fn record(&self, request: Recorded) {
        self.with(|log| {
            log.requests.push(request);
            log.busy = log.busy.saturating_sub(1);
        });
    }

    /// Returns the address of the server behind.
    pub(crate) fn behind(&self) -> Option<String> {
        self.with(|log| log.script.behind.clone())
    }

    fn connected(&self) {
        self.with(|log| log.connections += 1);
    }
}

impl Server {
    /// Starts a server over plain HTTP on a free port.
    ///
    /// # Panics
    ///
    /// When no port of 127.0.0.1 can be had.
    pub async fn start(script: Script) -> Self {
        Self::run(script, None).await
    }

    /// Starts a server over TLS.
    ///
    /// # Panics
    ///
    /// When no port of 127.0.0.1 can be had.
    pub async fn start_tls(script: Script, identity: &Identity) -> Self {
        Self::run(script, Some(TlsAcceptor::from(identity.server_config()))).await
    }

    async fn run(script: Script, tls: Option<TlsAcceptor>) -> Self {
        let listener =
            TcpListener::bind(("127.0.0.1", 0)).await.expect("a port on loopback is free");
        let address = listener.local_addr().expect("a bound socket has an address");
        let log = Shared(Arc::new(Mutex::new(Log { script, ..Log::default() })));
        let task = tokio::spawn(accept(listener, tls, log.clone()));
        Self { address, log, task }
    }

    /// Answers by another script from now on, and forgets the requests so far.
    pub fn play(&self, script: Script) {
        self.log.with(|log| *log = Log { script, ..Log::default() });
    }

    /// Returns `127.0.0.1:PORT`.
    #[must_use]
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Returns the port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns all requests so far, in the order in which they ended.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.log.with(|log| log.requests.clone())
    }

    /// Returns the requests so far as `GET /v2/…` lines.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.requests().iter().map(Recorded::line).collect()
    }

    /// Returns the requests that no rule fitted.
    #[must_use]
    pub fn unexpected(&self) -> Vec<String> {
        self.log.with(|log| log.unexpected.clone())
    }

    /// Returns the rules that were never used.
    #[must_use]
    pub fn unused(&self) -> Vec<String> {
        self.log.with(|log| log.script.unused())
    }

    /// Returns how many connections were accepted.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.log.with(|log| log.connections)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, log: Shared) {
    let mut open = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        log.connected();
        let (tls, log) = (tls.clone(), log.clone());
        open.spawn(async move {
            match tls {
                None => converse(Wire::Plain(stream), &log).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        converse(Wire::Tls(Box::new(stream)), &log).await;
                    }
                }
            }
        });
    }
}
