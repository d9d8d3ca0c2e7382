//! Blobs and manifests.

use std::sync::Arc;

use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_RANGE, ETAG, HeaderName,
    HeaderValue, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use http::{HeaderMap, Response, StatusCode};
use sealift_files::ReadFile;
use sealift_reference::Digest;

use crate::body::{self, Body};
use crate::fault::Fault;
use crate::handle::{State, blocking};
use crate::range::{Asked, asked};
use crate::route::{Name, Pointer};

pub(crate) const CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");

/// Answers with a blob, or the part of it that was asked for. A manifest is found here too: containerd asks so at times.
pub(crate) async fn blob(
    state: &Arc<State>,
    headers: &HeaderMap,
    name: Name,
    digest: Digest,
) -> Result<Response<Body>, Fault> {
    let (store, wanted) = (Arc::clone(state), digest.clone());
    let file = blocking(move || store.store.open_blob(&name, &wanted)).await?;
    check_later(state, &digest);
    let mut response = content(headers, "application/octet-stream", &digest, file);
    let fields = response.headers_mut();
    fields.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    fields.insert(CACHE_CONTROL, HeaderValue::from_static("max-age=31536000, immutable"));
    Ok(response)
}

/// Answers with a manifest in its own type, whatever types the client would rather have.
pub(crate) async fn manifest(
    state: &Arc<State>,
    headers: &HeaderMap,
    name: Name,
    pointer: Pointer,
) -> Result<Response<Body>, Fault> {
    let cache = match &pointer {
        Pointer::Digest(_) => "max-age=31536000, immutable",
        Pointer::Tag(_) => "no-cache",
    };
    let store = Arc::clone(state);
    let (descriptor, file) = blocking(move || store.store.open_document(&name, &pointer)).await?;
    let mut response = content(headers, descriptor.media_type.as_str(), &descriptor.digest, file);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    Ok(response)
}

fn content(
    headers: &HeaderMap,
    media_type: &str,
    digest: &Digest,
    file: ReadFile,
) -> Response<Body> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let tag = format!("\"{digest}\"");
    let size = file.size_bytes();
    let fresh = text(IF_RANGE).is_none_or(|known| known == tag);
    let mut response = match asked(text(RANGE).filter(|_| fresh), size) {
        _ if text(IF_NONE_MATCH).is_some_and(|known| matches(known, &tag)) => {
            body::empty(StatusCode::NOT_MODIFIED)
        }
        Asked::Unsatisfiable => return Fault::range(size).into_response(),
        Asked::Whole => body::file(StatusCode::OK, media_type, file, 0, size),
        Asked::Part { offset, length } => {
            let range = format!("bytes {offset}-{}/{size}", offset + length - 1);
            let mut response =
                body::file(StatusCode::PARTIAL_CONTENT, media_type, file, offset, length);
            response
                .headers_mut()
                .insert(CONTENT_RANGE, HeaderValue::from_str(&range).expect("digits"));
            response
        }
    };
    let fields = response.headers_mut();
    fields.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    fields.insert(
        CONTENT_DIGEST,
        HeaderValue::from_str(digest.as_str()).expect("letters and digits"),
    );
    fields.insert(ETAG, HeaderValue::from_str(&tag).expect("letters and digits"));
    response
}

/// `If-None-Match: "a", W/"b"`, or `*`.
fn matches(header: &str, tag: &str) -> bool {
    header
        .split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

/// Hashes content in the background at its first use in a run; what is wrong is withdrawn and reported.
fn check_later(state: &Arc<State>, digest: &Digest) {
    if !state.store.is_first_use(digest) {
        return;
    }
    let (state, digest) = (Arc::clone(state), digest.clone());
    drop(tokio::spawn(async move {
        let Ok(_turn) = state.hashing.acquire().await else { return };
        let checking = Arc::clone(&state);
        if let Err(fault) = blocking(move || checking.store.check(&digest)).await {
            state.tell(&fault);
        }
    }));
}
