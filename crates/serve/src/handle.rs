//! One request: guards, then its route, then an answer and a line for the observer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use http::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Request, Response};
use hyper::body::Incoming;
use tokio::sync::Semaphore;

use crate::body::Body;
use crate::fault::Fault;
use crate::guard::{self, Names};
use crate::route::{Read, Route};
use crate::store::Store;
use crate::writes::{Job, Writer};
use crate::{Access, Htpasswd, Observer, Seen, pages, query, reads};

const NAMESPACE: HeaderName = HeaderName::from_static("oci-namespace");

/// What all requests share.
pub(crate) struct State {
    pub(crate) store: Store,
    /// Absent in a read-only server.
    pub(crate) writer: Option<Arc<Writer>>,
    pub(crate) names: Names,
    pub(crate) htpasswd: Option<Arc<Htpasswd>>,
    /// bcrypt runs at a time: wrong passwords must not take every core.
    pub(crate) checking: Semaphore,
    /// Blobs hashed at a time at their first use: clients must not turn every disk and core to it.
    pub(crate) hashing: Semaphore,
    pub(crate) observer: Box<dyn Observer>,
}

/// Runs what blocks (files, hashes) apart from the threads that serve connections.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(Fault::gone(&format!("a request stopped: {error}"))),
    }
}

impl State {
    /// Tells the observer what is wrong on this side; of damaged content, once.
    pub(crate) fn tell(&self, fault: &Fault) {
        for problem in &fault.problems {
            if problem.about.as_ref().is_none_or(|digest| self.store.is_news(digest)) {
                self.observer.problem(&problem.text);
            }
        }
    }

    /// Answers a request; never fails.
    pub(crate) async fn answer(
        self: Arc<Self>,
        client: SocketAddr,
        request: Request<Incoming>,
    ) -> Response<Body> {
        let (started, method, path) =
            (Instant::now(), request.method().clone(), request.uri().path().to_owned());
        let response = match self.dispatch(request).await {
            Ok(response) => response,
            Err(fault) => {
                self.tell(&fault);
                fault.into_response()
            }
        };
        let length = response
            .headers()
            .get(CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok()?.parse().ok());
        self.observer.answered(&Seen {
            client,
            status: response.status().as_u16(),
            bytes: if method == Method::HEAD { 0 } else { length.unwrap_or(0) },
            took: started.elapsed(),
            method: method.to_string(),
            path,
        });
        response
    }

    async fn dispatch(
        self: &Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, Fault> {
        self.names.check(request.headers())?;
        self.check_password(request.headers()).await?;
        let access = if self.writer.is_some() { Access::Writable } else { Access::ReadOnly };
        let route = Route::parse(access, request.method(), request.uri().path()).map_err(
            |miss| match (miss, access) {
                (crate::route::Miss::Method, Access::ReadOnly) => Fault::read_only(),
                (miss, _) => miss.into(),
            },
        )?;
        let query = request.uri().query().unwrap_or_default().to_owned();
        match (route, &self.writer) {
            (Route::Read(route), _) => self.read(request.headers(), &query, route).await,
            (Route::Write(route), Some(writer)) => {
                Job { state: self, writer, query: &query, request }.run(route).await
            }
            (Route::Write(_), None) => Err(Fault::read_only()),
        }
    }

    async fn read(
        self: &Arc<Self>,
        headers: &HeaderMap,
        query: &str,
        route: Read,
    ) -> Result<Response<Body>, Fault> {
        let namespace = query::get(query, "ns");
        let resolve = |name| self.store.resolve(name, namespace.as_deref());
        let mut response = match route {
            Read::Blob(name, digest) => reads::blob(self, headers, resolve(name), digest).await?,
            Read::Catalog => pages::catalog(self, query)?,
            Read::Manifest(name, pointer) => {
                reads::manifest(self, headers, resolve(name), pointer).await?
            }
            Read::Ping => pages::ping(),
            Read::Referrers(name, digest) => pages::referrers(self, &resolve(name), &digest, query),
            Read::Root => pages::root(self),
            Read::Tags(name) => pages::tags(self, &resolve(name), query)?,
        };
        if let Some(value) = namespace.and_then(|namespace| HeaderValue::from_str(&namespace).ok())
        {
            response.headers_mut().insert(NAMESPACE, value);
        }
        Ok(response)
    }

    async fn check_password(&self, headers: &HeaderMap) -> Result<(), Fault> {
        let Some(htpasswd) = &self.htpasswd else { return Ok(()) };
        let authorization = guard::authorization(headers).ok_or_else(Fault::unauthorized)?;
        if htpasswd.remembers(&authorization) {
            return Ok(());
        }
        let _turn = self
            .checking
            .acquire()
            .await
            .map_err(|_| Fault::gone("no turn to check a password"))?;
        let htpasswd = Arc::clone(htpasswd);
        let allowed = blocking(move || Ok(htpasswd.allows(&authorization))).await?;
        if allowed { Ok(()) } else { Err(Fault::unauthorized()) }
    }
}
