//! Writing manifests.

use http::Method;
use sealift_oci::{Document, Hint, Manifest, StoreError, StoreErrorKind};
use sealift_reference::{Digest, MediaKind, Tag};

use crate::failure::Failure;
use crate::payload::Payload;
use crate::registry::Place;
use crate::request::{self, Request};

impl Place {
    pub(crate) async fn write_document(
        &self,
        document: &Document,
        tag: Option<&Tag>,
    ) -> Result<(), StoreError> {
        let reference = tag.map_or(document.digest.as_str(), Tag::as_str);
        let put = request::put_manifest(self.path(), reference, &document.media_type);
        let payload = Payload::Bytes(document.bytes.clone());
        let answer = match self.exchange.call(&self.host, &put, &payload).await {
            Ok(answer) => answer,
            Err(failure) => return self.refused_document(&put, document, tag, failure).await,
        };
        let written = &document.digest;
        if let Some(said) = self.said_instead(&put, &answer, written)? {
            let why = format!("it stored other bytes: {said} instead of {written}");
            return Err(self.wrong(&put, &why));
        }
        let subject = Manifest::parse(&document.bytes, Hint::default())
            .ok()
            .and_then(|manifest| Some((manifest.subject.clone()?.digest, manifest)));
        match subject {
            Some((subject, manifest)) if answer.header("oci-subject").is_none() => {
                self.add_to_fallback(&subject, document, &manifest).await
            }
            _ => Ok(()),
        }
    }

    /// Finds out what a refusal means.
    async fn refused_document(
        &self,
        put: &Request,
        document: &Document,
        tag: Option<&Tag>,
        mut failure: Failure,
    ) -> Result<(), StoreError> {
        if lacks_children(document, &failure) {
            failure.kind = StoreErrorKind::ChildUnknown;
        } else if is_immutable(&failure)
            && let Some(tag) = tag
            && let Some(old) = self.tag_digest(tag).await?
        {
            if old == document.digest {
                return Ok(());
            }
            failure.kind = StoreErrorKind::Immutable;
            failure.detail = format!(
                "tag {tag} is immutable at the target and names {old}; the lock says {} ({})",
                document.digest, failure.detail
            );
        } else if failure.kind == StoreErrorKind::Immutable {
            failure.kind = StoreErrorKind::Refused;
        }
        Err(self.error(put, failure))
    }

    async fn tag_digest(&self, tag: &Tag) -> Result<Option<Digest>, StoreError> {
        let head = request::manifest(Method::HEAD, self.path(), tag.as_str());
        match self.call(&head).await {
            Ok(answer) => {
                Ok(answer.header("docker-content-digest").and_then(|text| text.parse().ok()))
            }
            Err(_) => Ok(None),
        }
    }
}

/// Returns whether the registry misses something that the document names. For an index "invalid" says that too at zot.
fn lacks_children(document: &Document, failure: &Failure) -> bool {
    const CODES: [&str; 4] = [
        "MANIFEST_BLOB_UNKNOWN",
        "BLOB_UNKNOWN",
        "MANIFEST_UNKNOWN",
        "ReferencedImagesNotFoundException",
    ];
    let index = document.media_type.kind() == MediaKind::Index;
    failure.is_status(&[400, 404, 500])
        && (CODES.iter().any(|code| failure.has_code(code))
            || (index && failure.has_code("MANIFEST_INVALID")))
}

/// Returns whether the refusal may be about a tag that cannot be moved.
fn is_immutable(failure: &Failure) -> bool {
    let by_word = failure.is_status(&[400, 403, 500])
        && failure.detail.to_ascii_lowercase().contains("immutable");
    failure.kind == StoreErrorKind::Immutable || by_word
}
