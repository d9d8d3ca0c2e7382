//! Uploads, manifests, deletions. Only a writable server has a [`Writer`].

use std::sync::Arc;

use http::header::{
    CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RANGE,
};
use http::{HeaderMap, Request, Response, StatusCode};
use hyper::body::Incoming;
use sealift_reference::Digest;
use tokio::sync::{Notify, OwnedMutexGuard};

use crate::body::{self, Body};
use crate::fault::{self, Fault};
use crate::handle::{State, blocking};
use crate::pushed::{Names, Pushed};
use crate::reads::CONTENT_DIGEST;
use crate::receive::{append, document};
use crate::route::{Name, Pointer, Write};
use crate::upload::{Session, Uploads};
use crate::{Limits, query, range};

const SUBJECT: HeaderName = HeaderName::from_static("oci-subject");
const TAG: HeaderName = HeaderName::from_static("oci-tag");
const UPLOAD_ID: HeaderName = HeaderName::from_static("docker-upload-uuid");

/// What a writable server has beside its store.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) uploads: Uploads,
    /// Wakes whoever writes `index.json`.
    pub(crate) changed: Notify,
    pub(crate) accept_sparse: bool,
    pub(crate) limits: Limits,
}

/// A request that writes, apart from what it writes to.
pub(crate) struct Job<'a> {
    pub(crate) state: &'a Arc<State>,
    pub(crate) writer: &'a Arc<Writer>,
    pub(crate) query: &'a str,
    pub(crate) request: Request<Incoming>,
}

impl Job<'_> {
    pub(crate) async fn run(self, route: Write) -> Result<Response<Body>, Fault> {
        match route {
            Write::Cancel(name, id) => self.cancel(&name, &id),
            Write::DeleteBlob(name, digest) => self.delete_blob(name, digest).await,
            Write::DeleteManifest(name, pointer) => self.delete_manifest(name, pointer).await,
            Write::Finish(name, id) => self.finish(&name, &id).await,
            Write::Patch(name, id) => self.patch(&name, &id).await,
            Write::PutManifest(name, pointer) => self.put_manifest(name, pointer).await,
            Write::Start(name) => self.start(name).await,
            Write::Status(name, id) => self.status(&name, &id).await,
        }
    }

    /// Mounts, takes a whole blob, or opens an upload: whichever the query says and is possible.
    async fn start(self, name: Name) -> Result<Response<Body>, Fault> {
        if let Some(digest) = self.digest("mount")? {
            let from = query::get(self.query, "from").and_then(|from| Name::parse(&from));
            if let Some(from) = from {
                let (state, to, wanted) = (Arc::clone(self.state), name.clone(), digest.clone());
                if blocking(move || state.store.mount(&to, &wanted, &from)).await? {
                    return Ok(created(&format!("/v2/{}/blobs/{digest}", name.as_str()), &digest));
                }
            }
        }
        let (state, writer, to) = (Arc::clone(self.state), Arc::clone(self.writer), name.clone());
        let id = blocking(move || writer.uploads.open(&to, || Ok(state.store.part()?))).await?;
        if self.digest("digest")?.is_some() {
            let (uploads, to) = (Arc::clone(self.writer), name.clone());
            let done = self.finish(&name, &id).await;
            uploads.uploads.remove(&to, &id);
            return done;
        }
        Ok(progress(StatusCode::ACCEPTED, &name, &id, 0))
    }

    async fn status(self, name: &Name, id: &str) -> Result<Response<Body>, Fault> {
        let session = self.writer.uploads.get(name, id)?;
        let received = session.lock().await.received_bytes();
        Ok(progress(StatusCode::NO_CONTENT, name, id, received))
    }

    fn cancel(self, name: &Name, id: &str) -> Result<Response<Body>, Fault> {
        if !self.writer.uploads.remove(name, id) {
            return Err(Fault::upload_unknown());
        }
        Ok(body::empty(StatusCode::NO_CONTENT))
    }

    async fn patch(self, name: &Name, id: &str) -> Result<Response<Body>, Fault> {
        let session = self.receive(name, id).await?;
        Ok(progress(StatusCode::ACCEPTED, name, id, session.received_bytes()))
    }

    async fn finish(self, name: &Name, id: &str) -> Result<Response<Body>, Fault> {
        let digest = self
            .digest("digest")?
            .ok_or_else(|| Fault::digest_invalid("the query has no `digest`"))?;
        let (state, writer) = (Arc::clone(self.state), Arc::clone(self.writer));
        let mut session = self.receive(name, id).await?;
        let (to, wanted) = (name.clone(), digest.clone());
        let done =
            blocking(move || state.store.commit_blob(&to, &wanted, session.finish(&wanted)?)).await;
        writer.uploads.remove(name, id);
        done.map(|()| created(&format!("/v2/{}/blobs/{digest}", name.as_str()), &digest))
    }

    /// Appends the body to an upload, when it follows what is there; returns the upload and how many bytes came.
    async fn receive(self, name: &Name, id: &str) -> Result<OwnedMutexGuard<Session>, Fault> {
        let open = self.writer.uploads.get(name, id)?;
        let session = Arc::clone(&open).lock_owned().await;
        let before = session.received_bytes();
        check_chunk(self.request.headers(), before).map_err(|wrong| match wrong {
            Chunk::Elsewhere => Fault::chunk(&location(name, id), before),
            Chunk::Wrong(text) => Fault::new(StatusCode::BAD_REQUEST, "BLOB_UPLOAD_INVALID", text),
        })?;
        let appended = append(session, self.request.into_body(), self.writer.limits).await;
        if appended.is_err() && !open.lock().await.is_open() {
            self.writer.uploads.remove(name, id);
        }
        appended
    }

    async fn put_manifest(self, name: Name, pointer: Pointer) -> Result<Response<Body>, Fault> {
        let names = Names::of(pointer, self.query)?;
        let by_query = if self.query.is_empty() { Vec::new() } else { names.tags.clone() };
        let content_type = header(self.request.headers(), &CONTENT_TYPE).map(str::to_owned);
        let (state, writer) = (Arc::clone(self.state), Arc::clone(self.writer));
        let bytes = document(self.request.into_body(), self.writer.limits).await?;
        let (sparse, to) = (self.writer.accept_sparse, name.clone());
        let stored = blocking(move || {
            let pushed = Pushed::parse(bytes, content_type.as_deref(), names)?;
            state.store.commit_document(&to, &pushed, sparse)?;
            Ok(pushed)
        });
        let pushed = stored.await?;
        writer.changed.notify_one();
        let digest = &pushed.digest;
        let mut response = created(&format!("/v2/{}/manifests/{digest}", name.as_str()), digest);
        let headers = response.headers_mut();
        if let Some(subject) = pushed.subject() {
            headers.insert(SUBJECT, ascii(subject.as_str()));
        }
        for tag in by_query {
            headers.append(TAG, ascii(tag.as_str()));
        }
        Ok(response)
    }

    async fn delete_manifest(self, name: Name, pointer: Pointer) -> Result<Response<Body>, Fault> {
        let state = Arc::clone(self.state);
        let text = match &pointer {
            Pointer::Digest(digest) => digest.to_string(),
            Pointer::Tag(tag) => tag.to_string(),
        };
        let was_there = blocking(move || state.store.delete_document(&name, &pointer)).await?;
        self.writer.changed.notify_one();
        if was_there {
            Ok(body::empty(StatusCode::ACCEPTED))
        } else {
            Err(Fault::manifest_unknown(&text))
        }
    }

    async fn delete_blob(self, name: Name, digest: Digest) -> Result<Response<Body>, Fault> {
        let (state, wanted) = (Arc::clone(self.state), digest.clone());
        let was_there = blocking(move || state.store.delete_blob(&name, &wanted)).await?;
        if was_there {
            Ok(body::empty(StatusCode::ACCEPTED))
        } else {
            Err(Fault::blob_unknown(&digest))
        }
    }

    fn digest(&self, key: &str) -> Result<Option<Digest>, Fault> {
        let Some(text) = query::get(self.query, key) else { return Ok(None) };
        let wrong = |_| Fault::digest_invalid(format!("{text:?} is no sha256 or sha512 digest"));
        text.parse().map(Some).map_err(wrong)
    }
}

enum Chunk {
    Elsewhere,
    Wrong(&'static str),
}

/// A chunk without `Content-Range` is the next one; one with it must start where the upload ends.
fn check_chunk(headers: &HeaderMap, received: u64) -> Result<(), Chunk> {
    let Some(text) = header(headers, &CONTENT_RANGE) else { return Ok(()) };
    let (first, last) = range::chunk(text).ok_or(Chunk::Wrong("the Content-Range is none"))?;
    let length = header(headers, &CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    match length {
        _ if first != received => Err(Chunk::Elsewhere),
        Some(length) if Some(length) != (last - first).checked_add(1) => {
            Err(Chunk::Wrong("the Content-Range and the length differ"))
        }
        _ => Ok(()),
    }
}

fn location(name: &Name, id: &str) -> String {
    format!("/v2/{}/blobs/uploads/{id}", name.as_str())
}

fn progress(status: StatusCode, name: &Name, id: &str, received: u64) -> Response<Body> {
    let mut response = body::empty(status);
    let headers = response.headers_mut();
    headers.insert(LOCATION, ascii(&location(name, id)));
    headers.insert(RANGE, ascii(&fault::received(received)));
    headers.insert(UPLOAD_ID, ascii(id));
    response
}

fn created(location: &str, digest: &Digest) -> Response<Body> {
    let mut response = body::empty(StatusCode::CREATED);
    response.headers_mut().insert(LOCATION, ascii(location));
    response.headers_mut().insert(CONTENT_DIGEST, ascii(digest.as_str()));
    response
}

/// Names, digests and ids are ASCII without control characters.
fn ascii(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("checked where it was parsed")
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
