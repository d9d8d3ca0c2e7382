//! Bodies of answers, and the headers that every answer has.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::header::{
    CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use sealift_files::ReadFile;

use crate::limits::{PIECE_BYTES, PIECES_IN_FLIGHT};

/// What is sent.
pub(crate) type Body = UnsyncBoxBody<Bytes, io::Error>;

const API_VERSION: HeaderName = HeaderName::from_static("docker-distribution-api-version");

/// An answer with a body at hand, and its length.
pub(crate) fn full(
    status: StatusCode,
    media_type: &str,
    content: impl Into<Bytes>,
) -> Response<Body> {
    let content = content.into();
    let length = content.len() as u64;
    let body = Full::new(content).map_err(|never| match never {}).boxed_unsync();
    response(status, media_type, length, body)
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Response<Body> {
    let mut response = full(status, "", Bytes::new());
    if status == StatusCode::NO_CONTENT || status == StatusCode::NOT_MODIFIED {
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    response
}

pub(crate) fn json(status: StatusCode, document: &serde_json::Value) -> Response<Body> {
    full(status, "application/json", document.to_string())
}

/// An answer whose body is a part of a file, read piece by piece while it is sent.
pub(crate) fn file(
    status: StatusCode,
    media_type: &str,
    file: ReadFile,
    offset: u64,
    length: u64,
) -> Response<Body> {
    let file = Arc::new(file);
    let end = offset + length;
    let starts = (offset..end).step_by(usize::try_from(PIECE_BYTES).expect("256 KiB fit"));
    let pieces = stream::iter(starts)
        .map(move |start| piece(Arc::clone(&file), start, (end - start).min(PIECE_BYTES)));
    let body = StreamBody::new(pieces.buffered(PIECES_IN_FLIGHT)).boxed_unsync();
    response(status, media_type, length, body)
}

async fn piece(file: Arc<ReadFile>, start: u64, length: u64) -> io::Result<Frame<Bytes>> {
    let wanted = usize::try_from(length).map_err(io::Error::other)?;
    let read = tokio::task::spawn_blocking(move || file.read_at(start, wanted))
        .await
        .map_err(io::Error::other)?;
    let bytes = read.map_err(io::Error::other)?;
    if bytes.len() != wanted {
        return Err(io::Error::other("the file became shorter while it was sent"));
    }
    Ok(Frame::data(Bytes::from(bytes)))
}

fn response(status: StatusCode, media_type: &str, length: u64, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(API_VERSION, HeaderValue::from_static("registry/2.0"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    // Whatever is stored here is somebody else's: it is never a page of this origin.
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'"),
    );
    if let (false, Ok(value)) = (media_type.is_empty(), HeaderValue::from_str(media_type)) {
        headers.insert(CONTENT_TYPE, value);
    }
    response
}
