//! Connections.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use sealift_files::Folder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use crate::guard::Names;
use crate::handle::State;
use crate::limits::{ACCEPT_PAUSE, CHECKS, HEAD_FIELDS, INDEX_PAUSE, SWEEP};
use crate::store::Store;
use crate::upload::Uploads;
use crate::writes::Writer;
use crate::{Access, Error, Limits, Observer, Settings};

/// A registry that has its address and does not answer yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
    limits: Limits,
    state: Arc<State>,
}

impl Server {
    /// Opens the folder and takes the address. What is wrong in the folder is told to the observer and not served.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn bind(
        folder: Folder,
        settings: Settings,
        observer: impl Observer,
    ) -> Result<Self, Error> {
        settings.check()?;
        let (listen, limits) = (settings.listen, settings.limits);
        let failed = |source| Error::Listen { address: listen, source };
        let listener = TcpListener::bind(listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let access = settings.access;
        let opened = tokio::task::spawn_blocking(move || Store::open(folder, access)).await;
        let (store, problems) = opened.expect("opening a folder does not panic")?;
        for problem in problems {
            observer.problem(&problem);
        }
        let writer = (settings.access == Access::Writable).then(|| {
            Arc::new(Writer {
                uploads: Uploads::new(limits),
                changed: Notify::new(),
                accept_sparse: settings.accept_sparse,
                limits,
            })
        });
        let state = Arc::new(State {
            store,
            writer,
            names: Names::new(&settings.names),
            htpasswd: settings.htpasswd.map(Arc::new),
            checking: Semaphore::new(CHECKS),
            hashing: Semaphore::new(CHECKS),
            observer: Box::new(observer),
        });
        let tls = settings.tls.map(|tls| TlsAcceptor::from(tls.0));
        Ok(Self { listener, address, tls, limits, state })
    }

    /// Returns the address that was taken: with a port of its own when port 0 was asked for.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the address with its scheme, such as `http://127.0.0.1:5000`.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Answers until `shutdown` is ready, then lets open requests end for [`Limits::drain`], and brings `index.json` up to date.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let graceful = GracefulShutdown::new();
        let accepting = self.accept(&graceful);
        let keeping = keep(&self.state);
        tokio::select! {
            () = accepting => {}
            () = keeping => {}
            () = shutdown => {}
        }
        drop(self.listener);
        // Whoever is still busy then is cut off: an upload can be resumed or repeated.
        drop(timeout(self.limits.drain, graceful.shutdown()).await);
        if self.state.writer.is_some() {
            write_index(&self.state).await;
        }
    }

    async fn accept(&self, graceful: &GracefulShutdown) {
        let places = Arc::new(Semaphore::new(self.limits.connections));
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            match self.listener.accept().await {
                Ok((stream, client)) => {
                    let connection = Connection {
                        state: Arc::clone(&self.state),
                        client,
                        limits: self.limits,
                        watcher: graceful.watcher(),
                    };
                    let tls = self.tls.clone();
                    tokio::spawn(async move {
                        connection.serve(stream, tls).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    // Out of file descriptors, or the client was gone at once: others may still come.
                    self.state.observer.problem(&format!("cannot take a connection: {error}"));
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

struct Connection {
    state: Arc<State>,
    client: SocketAddr,
    limits: Limits,
    watcher: Watcher,
}

impl Connection {
    async fn serve(self, stream: TcpStream, tls: Option<TlsAcceptor>) {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
        let Some(tls) = tls else { return self.speak(stream).await };
        match timeout(self.limits.head_time, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.speak(stream).await,
            Ok(Err(error)) => tracing::debug!(client = %self.client, %error, "TLS handshake"),
            Err(_) => tracing::debug!(client = %self.client, "TLS handshake took too long"),
        }
    }

    async fn speak(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let Self { state, client, limits, watcher } = self;
        let service = service_fn(move |request| {
            let state = Arc::clone(&state);
            async move { Ok::<_, Infallible>(state.answer(client, request).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head_time)
            .max_header_size(limits.head_bytes)
            .max_headers(HEAD_FIELDS)
            .serve_connection(TokioIo::new(stream), service);
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%client, %error, "connection");
        }
    }
}

/// Follows the changes of a writable server: `index.json`, and uploads that nobody continues.
async fn keep(state: &Arc<State>) {
    let Some(writer) = &state.writer else { return std::future::pending().await };
    loop {
        tokio::select! {
            () = writer.changed.notified() => {
                write_index(state).await;
                sleep(INDEX_PAUSE).await;
            }
            () = sleep(SWEEP) => writer.uploads.sweep(),
        }
    }
}

async fn write_index(state: &Arc<State>) {
    let keeper = Arc::clone(state);
    let done = crate::handle::blocking(move || Ok(keeper.store.write_index()?)).await;
    if let Err(fault) = done {
        state.tell(&fault);
    }
}
