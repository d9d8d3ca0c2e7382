//! Answers that say no, in the form of the protocol.
//!
//! Codes: <https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes>

use http::header::{ALLOW, CONTENT_RANGE, HeaderName, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use sealift_reference::Digest;
use serde_json::json;

use crate::body::{self, Body};
use crate::route::Miss;
use crate::store::Damage;

/// A refusal or failure, with what the client is told and what the operator is.
#[derive(Debug)]
pub(crate) struct Fault {
    status: StatusCode,
    code: &'static str,
    message: String,
    details: Vec<serde_json::Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// For the operator: what went wrong on this side. Never sent.
    pub(crate) problems: Vec<Problem>,
}

/// What the operator is told.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) text: String,
    /// The content that is damaged: said once, however often it is asked for.
    pub(crate) about: Option<Digest>,
}

impl Fault {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            details: Vec::new(),
            headers: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    pub(crate) fn blob_unknown(digest: &Digest) -> Self {
        Self::new(StatusCode::NOT_FOUND, "BLOB_UNKNOWN", "blob is not in this repository")
            .detail(json!({"digest": digest.as_str()}))
    }

    pub(crate) fn manifest_unknown(pointer: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN", "manifest is not in this repository")
            .detail(json!({"reference": pointer}))
    }

    pub(crate) fn name_unknown(name: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NAME_UNKNOWN", "repository is not on this server")
            .detail(json!({"name": name}))
    }

    pub(crate) fn upload_unknown() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "BLOB_UPLOAD_UNKNOWN",
            "upload is not open; it was finished, cancelled, or rested too long",
        )
    }

    /// One entry for each child, as distribution does it.
    pub(crate) fn children_unknown(digests: &[Digest], problems: Vec<Problem>) -> Self {
        let mut fault = Self::new(
            StatusCode::BAD_REQUEST,
            "MANIFEST_BLOB_UNKNOWN",
            "content that the manifest names is not in this repository",
        );
        fault.problems = problems;
        fault.details = digests.iter().map(|digest| json!({"digest": digest.as_str()})).collect();
        fault
    }

    pub(crate) fn digest_invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "DIGEST_INVALID", message)
    }

    pub(crate) fn manifest_invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "MANIFEST_INVALID", message)
    }

    pub(crate) fn read_only() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "UNSUPPORTED",
            "this registry is read-only, or has no such method here",
        )
        .header(ALLOW, "GET, HEAD")
    }

    pub(crate) fn no_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED", "no such method here")
            .header(ALLOW, "GET, HEAD, POST, PUT, PATCH, DELETE")
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "user and password needed")
            .header(WWW_AUTHENTICATE, "Basic realm=\"sealift\", charset=\"UTF-8\"")
    }

    pub(crate) fn too_many_uploads() -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "TOOMANYREQUESTS", "too many uploads are open")
            .header(RETRY_AFTER, "5")
    }

    pub(crate) fn range(size_bytes: u64) -> Self {
        Self::new(
            StatusCode::RANGE_NOT_SATISFIABLE,
            "RANGE_INVALID",
            format!("the content has {size_bytes} bytes"),
        )
        .header(CONTENT_RANGE, &format!("bytes */{size_bytes}"))
    }

    /// A chunk that does not follow what is there; the headers say what is.
    pub(crate) fn chunk(location: &str, received_bytes: u64) -> Self {
        let message =
            format!("the upload has {received_bytes} bytes, and the chunk does not start there");
        Self::new(StatusCode::RANGE_NOT_SATISFIABLE, "BLOB_UPLOAD_INVALID", message)
            .header(LOCATION, location)
            .header(http::header::RANGE, &received(received_bytes))
    }

    fn detail(mut self, detail: serde_json::Value) -> Self {
        self.details.push(detail);
        self
    }

    /// Says what the client needs to know; the operator is told the rest.
    fn problem(message: &str, problem: String) -> Self {
        Self {
            problems: vec![Problem { text: problem, about: None }],
            ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "UNKNOWN", message)
        }
    }

    /// A repository names content whose file is gone or altered: for clients it is not there, so that whoever has it pushes it
    /// again, and whoever runs this is told.
    pub(crate) fn damaged(digest: &Digest, path: &str, damage: Damage) -> Self {
        let text = match damage {
            Damage::Altered => {
                format!(
                    "`{path}` does not hold {digest}; it is not served until it is pushed again"
                )
            }
            Damage::Gone => format!("`{path}` is gone, and repositories name it: push it again"),
        };
        let problem = Problem { text, about: Some(digest.clone()) };
        Self { problems: vec![problem], ..Self::blob_unknown(digest) }
    }

    /// Says of a manifest what was found out about its content.
    pub(crate) fn of_manifest(self, pointer: &str) -> Self {
        if !self.is_unknown() {
            return self;
        }
        Self { problems: self.problems, ..Self::manifest_unknown(pointer) }
    }

    /// Returns whether it says that content is not there.
    pub(crate) fn is_unknown(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
    }

    pub(crate) fn gone(what: &str) -> Self {
        Self::problem("the server failed", what.to_owned())
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let error = |detail| json!({"code": self.code, "message": self.message, "detail": detail});
        let errors: Vec<_> = if self.details.is_empty() {
            vec![json!({"code": self.code, "message": self.message})]
        } else {
            self.details.iter().map(error).collect()
        };
        let mut response = body::json(self.status, &json!({"errors": errors}));
        response
            .headers_mut()
            .extend(self.headers.into_iter().map(|(name, value)| (Some(name), value)));
        response
    }
}

/// The `Range` of an upload: `0-0` stands for nothing as well, as with distribution.
pub(crate) fn received(bytes: u64) -> String {
    format!("0-{}", bytes.saturating_sub(1))
}

impl From<Miss> for Fault {
    fn from(miss: Miss) -> Self {
        match miss {
            Miss::Digest(text) => {
                Self::digest_invalid(format!("{text:?} is no sha256 or sha512 digest"))
            }
            Miss::Method => Self::no_method(),
            Miss::Name(text) => Self::new(
                StatusCode::BAD_REQUEST,
                "NAME_INVALID",
                format!("{text:?} is no repository name"),
            ),
            Miss::NotFound => {
                Self::new(StatusCode::NOT_FOUND, "UNSUPPORTED", "nothing is served at this path")
            }
            Miss::Tag(text) => {
                Self::new(StatusCode::BAD_REQUEST, "TAG_INVALID", format!("{text:?} is no tag"))
            }
        }
    }
}

impl From<sealift_files::Error> for Fault {
    fn from(error: sealift_files::Error) -> Self {
        let cause = std::error::Error::source(&error)
            .map(|source| format!(": {source}"))
            .unwrap_or_default();
        let problem = format!("{error}{cause}");
        if error.is_full() {
            let text = format!("the disk is full: {problem}");
            let fault = Self::problem("the disk of this registry is full", text);
            // Not 500: no client should try again.
            return Self { status: StatusCode::INSUFFICIENT_STORAGE, ..fault };
        }
        Self::problem("the storage of this registry failed", problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_to_both_sides_without_a_path_for_the_client() {
        let source = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let fault = Fault::from(sealift_files::Error::Io {
            action: "write",
            path: "/srv/x".to_owned(),
            source,
        });
        assert_eq!(fault.status, StatusCode::INSUFFICIENT_STORAGE);
        assert_eq!(fault.message, "the disk of this registry is full");
        assert!(fault.problems[0].text.starts_with("the disk is full: cannot write `/srv/x`"));
    }
}
