//! Reading manifests and the facts about blobs.

use bytes::Bytes;
use http::Method;
use sealift_oci::{Document, Hint, Manifest, Resolved, StoreError, StoreErrorKind};
use sealift_reference::{Digest, MediaType, Tag};

use crate::exchange::Answer;
use crate::failure::Failure;
use crate::payload::Payload;
use crate::registry::Place;
use crate::request::{self, Request};

impl Place {
    pub(crate) async fn call(&self, request: &Request) -> Result<Answer, Failure> {
        self.exchange.call(&self.host, request, &Payload::Empty).await
    }

    /// Makes the error for the caller.
    pub(crate) fn error(&self, request: &Request, failure: Failure) -> StoreError {
        failure.into_store(&self.host.name, &request.subject)
    }

    pub(crate) fn path(&self) -> &str {
        self.repository.path()
    }

    pub(crate) async fn resolve(&self, tag: &Tag) -> Result<Option<Resolved>, StoreError> {
        let head = request::manifest(Method::HEAD, self.path(), tag.as_str());
        match self.call(&head).await {
            Ok(answer) => match self.resolved(&head, &answer)? {
                Some(resolved) => Ok(Some(resolved)),
                None => self.resolve_by_get(tag).await,
            },
            Err(failure) if failure.is_status(&[404]) => Ok(None),
            // Some servers know no HEAD, and the body of a GET says why it is refused.
            Err(failure) if failure.is_status(&[400, 403, 405, 501]) => {
                self.resolve_by_get(tag).await
            }
            Err(failure) => Err(self.error(&head, failure)),
        }
    }

    /// Reads the headers of a HEAD; `None` when they say too little.
    fn resolved(&self, head: &Request, answer: &Answer) -> Result<Option<Resolved>, StoreError> {
        let length = answer.header("content-length").and_then(|text| text.parse().ok());
        let (Some(digest), Some(size_bytes), Some(media_type)) =
            (self.header_digest(head, answer)?, length, content_type(answer))
        else {
            return Ok(None);
        };
        Ok(Some(Resolved { digest, media_type, size_bytes }))
    }

    async fn resolve_by_get(&self, tag: &Tag) -> Result<Option<Resolved>, StoreError> {
        let get = request::manifest(Method::GET, self.path(), tag.as_str());
        let answer = match self.call(&get).await {
            Ok(answer) => answer,
            Err(failure) if failure.is_status(&[404]) => return Ok(None),
            Err(failure) => return Err(self.error(&get, failure)),
        };
        let said = self.header_digest(&get, &answer)?;
        let digest = Digest::of(
            said.as_ref().map_or(sealift_reference::Algorithm::Sha256, Digest::algorithm),
            &answer.body,
        );
        self.compare(&get, said.as_ref(), &digest)?;
        let document = self.checked(&get, &answer, digest)?;
        Ok(Some(Resolved {
            digest: document.digest,
            media_type: document.media_type,
            size_bytes: document.bytes.len() as u64,
        }))
    }

    pub(crate) async fn document(&self, digest: &Digest) -> Result<Option<Document>, StoreError> {
        let get = request::manifest(Method::GET, self.path(), digest.as_str());
        let answer = match self.call(&get).await {
            Ok(answer) => answer,
            Err(failure) if failure.is_status(&[404]) => return Ok(None),
            Err(failure) => return Err(self.error(&get, failure)),
        };
        let got = Digest::of(digest.algorithm(), &answer.body);
        if got != *digest {
            return Err(self.wrong(&get, &format!("its bytes hash to {got}")));
        }
        self.compare(&get, self.header_digest(&get, &answer)?.as_ref(), digest)?;
        self.checked(&get, &answer, got).map(Some)
    }

    pub(crate) async fn has_document(&self, digest: &Digest) -> Result<bool, StoreError> {
        let head = request::manifest(Method::HEAD, self.path(), digest.as_str());
        match self.call(&head).await {
            Ok(_) => Ok(true),
            Err(failure) if failure.is_status(&[404]) => Ok(false),
            Err(failure) if failure.is_status(&[400, 403, 405, 501]) => {
                Ok(self.document(digest).await?.is_some())
            }
            Err(failure) => Err(self.error(&head, failure)),
        }
    }

    pub(crate) async fn blob_size(&self, digest: &Digest) -> Result<Option<u64>, StoreError> {
        let head = request::blob_head(self.path(), digest);
        match self.call(&head).await {
            Ok(answer) => {
                match answer.header("content-length").and_then(|text| text.parse().ok()) {
                    Some(length) => Ok(Some(length)),
                    None => self.blob_size_by_get(digest).await,
                }
            }
            Err(failure) if failure.is_status(&[404]) => Ok(None),
            Err(failure) if failure.is_status(&[400, 403, 405, 501]) => {
                self.blob_size_by_get(digest).await
            }
            Err(failure) => Err(self.error(&head, failure)),
        }
    }

    /// Learns the length from the answer to a GET, whose body is not read.
    async fn blob_size_by_get(&self, digest: &Digest) -> Result<Option<u64>, StoreError> {
        let get = request::blob_start(self.path(), digest);
        match self.exchange.open(&self.host, &get, &Payload::Empty).await {
            Ok(opened) => {
                let total = opened
                    .response
                    .headers()
                    .get("content-range")
                    .and_then(|value| value.to_str().ok()?.rsplit_once('/')?.1.parse().ok());
                let partial = opened.response.status().as_u16() == 206;
                Ok(if partial { total } else { opened.response.content_length() })
            }
            // There is no first byte of an empty blob.
            Err(failure) if failure.is_status(&[416]) => Ok(Some(0)),
            Err(failure) if failure.is_status(&[404]) => Ok(None),
            Err(failure) => Err(self.error(&get, failure)),
        }
    }

    /// Reads `Docker-Content-Digest`; a text that is no digest is an error, another algorithm than ours counts as none.
    fn header_digest(
        &self,
        request: &Request,
        answer: &Answer,
    ) -> Result<Option<Digest>, StoreError> {
        let Some(text) = answer.header("docker-content-digest").filter(|text| !text.is_empty())
        else {
            return Ok(None);
        };
        match text.parse() {
            Ok(digest) => Ok(Some(digest)),
            Err(sealift_reference::ParseError::UnsupportedAlgorithm(_)) => Ok(None),
            Err(error) => Err(self.wrong(request, "the header holds no digest").because(error)),
        }
    }

    /// Compares what a header says with what was hashed, if both are of one algorithm: distribution answers for a sha512 blob with
    /// its sha256.
    pub(crate) fn compare(
        &self,
        request: &Request,
        said: Option<&Digest>,
        hashed: &Digest,
    ) -> Result<(), StoreError> {
        match said {
            Some(said) if said.algorithm() == hashed.algorithm() && said != hashed => {
                Err(self
                    .wrong(request, &format!("the header says {said}, the bytes hash to {hashed}")))
            }
            _ => Ok(()),
        }
    }

    /// Compares the digest in the answer to a write with what was written; returns what it says instead.
    pub(crate) fn said_instead(
        &self,
        request: &Request,
        answer: &Answer,
        written: &Digest,
    ) -> Result<Option<Digest>, StoreError> {
        let said = self.header_digest(request, answer)?;
        Ok(said.filter(|said| said.algorithm() == written.algorithm() && said != written))
    }

    /// Parses strictly, so that nobody reads another graph out of the document than we did.
    fn checked(
        &self,
        request: &Request,
        answer: &Answer,
        digest: Digest,
    ) -> Result<Document, StoreError> {
        let hint = Hint { descriptor: None, content_type: answer.header("content-type") };
        let refuse = |error| {
            StoreError::new(
                StoreErrorKind::Protocol,
                format!("{}: {}", self.host.name, request.subject),
            )
            .because(error)
        };
        let manifest = Manifest::parse(&answer.body, hint).map_err(refuse)?;
        Ok(Document { media_type: manifest.media_type, digest, bytes: Bytes::clone(&answer.body) })
    }

    pub(crate) fn wrong(&self, request: &Request, why: &str) -> StoreError {
        StoreError::new(
            StoreErrorKind::Digest,
            format!("{}: {}: {why}", self.host.name, request.subject),
        )
    }
}

fn content_type(answer: &Answer) -> Option<MediaType> {
    let text = answer.header("content-type")?;
    Some(MediaType::from(text.split(';').next().unwrap_or(text).trim()))
}
