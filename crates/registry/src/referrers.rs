//! Documents that name a subject: the referrers API, and the tag that stands in for it.
//!
//! Spec: distribution-spec, "Listing Referrers" and "Referrers Tag Schema".

use std::collections::BTreeSet;

use bytes::Bytes;
use http::Method;
use sealift_oci::{Body, Descriptor, Document, Hint, Manifest, StoreError, StoreErrorKind};
use sealift_reference::{Digest, MediaType, media_type};
use serde_json::{Value, json};

use crate::exchange::Answer;
use crate::failure::Failure;
use crate::limits::REFERRERS;
use crate::pages::next;
use crate::payload::Payload;
use crate::registry::Place;
use crate::request;

/// Times that the fallback tag is written, should another writer come between.
const WRITES: usize = 3;

impl Place {
    pub(crate) async fn referrers(&self, digest: &Digest) -> Result<Vec<Descriptor>, StoreError> {
        if self.host.facts().referrers != Some(false) {
            let found = self.referrers_by_api(digest).await?;
            self.host.facts().referrers = Some(found.is_some());
            if let Some(found) = found {
                return Ok(found);
            }
        }
        let Some(answer) = self.fallback(digest).await? else { return Ok(Vec::new()) };
        self.limited(digest, descriptors(&answer).unwrap_or_default())
    }

    /// Asks the API; `None` where there is none, or where it answers rubbish.
    async fn referrers_by_api(
        &self,
        digest: &Digest,
    ) -> Result<Option<Vec<Descriptor>>, StoreError> {
        let mut request = request::referrers(self.path(), digest);
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        loop {
            let answer = match self.call(&request).await {
                Ok(answer) => answer,
                Err(failure) if failure.is_status(&[400, 404, 405, 406, 501]) => return Ok(None),
                Err(failure) => return Err(self.error(&request, failure)),
            };
            let Some(page) = descriptors(&answer) else { return Ok(None) };
            found.extend(page);
            found = self.limited(digest, found)?;
            match next(&answer) {
                Ok(Some(url)) if seen.insert(url.clone()) => {
                    request = request::next_page(&request, url);
                }
                Ok(Some(_)) => {
                    return Err(self.error(
                        &request,
                        Failure::new(StoreErrorKind::Protocol, "its pages lead in a circle"),
                    ));
                }
                Ok(None) => return Ok(Some(found)),
                Err(failure) => return Err(self.error(&request, failure)),
            }
        }
    }

    fn limited(
        &self,
        digest: &Digest,
        found: Vec<Descriptor>,
    ) -> Result<Vec<Descriptor>, StoreError> {
        if found.len() <= REFERRERS {
            return Ok(found);
        }
        let request = request::referrers(self.path(), digest);
        Err(self.error(
            &request,
            Failure::new(StoreErrorKind::Limit, format!("more than {REFERRERS} documents name it")),
        ))
    }

    async fn fallback(&self, digest: &Digest) -> Result<Option<Answer>, StoreError> {
        let get = request::manifest(Method::GET, self.path(), &request::fallback_tag(digest));
        match self.call(&get).await {
            Ok(answer) => Ok(Some(answer)),
            Err(failure) if failure.is_status(&[404]) => Ok(None),
            Err(failure) => Err(self.error(&get, failure)),
        }
    }

    /// Adds a document to the fallback tag of its subject. Entries of others stay as they are.
    pub(crate) async fn add_to_fallback(
        &self,
        subject: &Digest,
        document: &Document,
        manifest: &Manifest,
    ) -> Result<(), StoreError> {
        let _alone = self.host.fallback.lock().await;
        // The last write is looked at too.
        for written in 0..=WRITES {
            let mut index = self.index(subject).await?;
            let entries = index["manifests"].as_array_mut();
            let entries = entries.ok_or_else(|| self.bad_fallback(subject, "is no index"))?;
            if entries.iter().any(|entry| entry["digest"] == document.digest.as_str()) {
                return Ok(());
            }
            entries.push(descriptor(document, manifest).to_json());
            if written < WRITES {
                self.put_index(subject, &index).await?;
            }
        }
        Err(self.bad_fallback(subject, "does not keep what is written"))
    }

    /// Reads the fallback tag as JSON, so that nothing of others is lost; `null` where it is something else.
    async fn index(&self, subject: &Digest) -> Result<Value, StoreError> {
        let answer = self.fallback(subject).await?;
        Ok(answer.map_or_else(empty_index, |answer| {
            serde_json::from_slice(&answer.body).ok().filter(Value::is_object).unwrap_or_default()
        }))
    }

    fn bad_fallback(&self, subject: &Digest, why: &str) -> StoreError {
        let tag = request::fallback_tag(subject);
        let message = format!("{}: tag {tag} of {} {why}", self.host.name, self.path());
        StoreError::new(StoreErrorKind::Refused, message)
    }

    async fn put_index(&self, subject: &Digest, index: &Value) -> Result<(), StoreError> {
        let put = request::put_manifest(
            self.path(),
            &request::fallback_tag(subject),
            &MediaType::from(media_type::OCI_INDEX),
        );
        let bytes = Bytes::from(index.to_string());
        let answer = self.exchange.call(&self.host, &put, &Payload::Bytes(bytes)).await;
        answer.map(drop).map_err(|failure| self.error(&put, failure))
    }
}

fn empty_index() -> Value {
    json!({"schemaVersion": 2, "mediaType": media_type::OCI_INDEX, "manifests": []})
}

/// Describes a document as the referrers API would.
fn descriptor(document: &Document, manifest: &Manifest) -> Descriptor {
    let mut descriptor = Descriptor::new(
        document.media_type.clone(),
        document.digest.clone(),
        document.bytes.len() as u64,
    );
    let by_config = match &manifest.body {
        Body::Image { config, .. } => Some(config.media_type.clone()),
        _ => None,
    };
    descriptor.artifact_type = manifest.artifact_type.clone().or(by_config);
    descriptor.annotations.clone_from(&manifest.annotations);
    descriptor
}

fn descriptors(answer: &Answer) -> Option<Vec<Descriptor>> {
    match Manifest::parse(&answer.body, Hint::default()).ok()?.body {
        Body::Index { manifests } => Some(manifests),
        _ => None,
    }
}
