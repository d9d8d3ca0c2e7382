//! The maps behind the store in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use bytes::Bytes;
use sealift_reference::{Digest, Repository, Tag};

use super::{Request, Requests, as_referrer};
use crate::{Descriptor, Document, StoreError, StoreErrorKind};

#[derive(Debug, Default)]
pub(super) struct State {
    blobs: BTreeMap<Digest, Bytes>,
    repositories: BTreeMap<Repository, Contents>,
    requests: Requests,
    cut_after: Option<u64>,
    /// What a client has learned about repositories: whether it was new.
    learned: BTreeMap<Repository, bool>,
}

#[derive(Debug, Default)]
struct Contents {
    blobs: BTreeSet<Digest>,
    documents: BTreeMap<Digest, Document>,
    tags: BTreeMap<Tag, Digest>,
}

impl State {
    pub(super) fn count(&mut self, request: Request, what: &dyn Display) -> Result<(), StoreError> {
        if let Some(left) = &mut self.cut_after {
            *left = left.checked_sub(1).ok_or_else(|| {
                StoreError::new(
                    StoreErrorKind::Network,
                    format!("the connection broke at {request:?} of {what}"),
                )
            })?;
        }
        *self.requests.0.entry(request).or_default() += 1;
        Ok(())
    }

    pub(super) fn cut_after(&mut self, requests: Option<u64>) {
        self.cut_after = requests;
    }

    pub(super) fn restart(&mut self) {
        self.cut_after = None;
        self.requests = Requests::default();
        self.learned.clear();
    }

    pub(super) fn requests(&self) -> Requests {
        self.requests.clone()
    }

    pub(super) fn must_ask_whether_new(&self, repository: &Repository) -> bool {
        !self.learned.contains_key(repository)
    }

    pub(super) fn learn_whether_new(&mut self, repository: &Repository) {
        let is_new = !self.repositories.contains_key(repository);
        self.learned.insert(repository.clone(), is_new);
    }

    pub(super) fn is_new(&self, repository: &Repository) -> bool {
        self.learned.get(repository).copied().unwrap_or_default()
    }

    pub(super) fn blob(&self, repository: &Repository, digest: &Digest) -> Option<&Bytes> {
        self.repositories.get(repository)?.blobs.get(digest)?;
        self.blobs.get(digest)
    }

    pub(super) fn document(&self, repository: &Repository, digest: &Digest) -> Option<&Document> {
        self.repositories.get(repository)?.documents.get(digest)
    }

    pub(super) fn tag(&self, repository: &Repository, tag: &Tag) -> Option<&Digest> {
        self.repositories.get(repository)?.tags.get(tag)
    }

    pub(super) fn referrers(&self, repository: &Repository, digest: &Digest) -> Vec<Descriptor> {
        let documents = self
            .repositories
            .get(repository)
            .into_iter()
            .flat_map(|found| found.documents.values());
        let named = documents.filter_map(as_referrer).filter(|(subject, _)| subject == digest);
        named.map(|(_, descriptor)| descriptor).collect()
    }

    pub(super) fn mount(
        &mut self,
        repository: &Repository,
        digest: &Digest,
        from: &Repository,
    ) -> bool {
        let there = self.blob(from, digest).is_some();
        if there {
            self.contents_of(repository).blobs.insert(digest.clone());
        }
        there
    }

    pub(super) fn put_blob(&mut self, repository: &Repository, digest: &Digest, bytes: Bytes) {
        self.blobs.insert(digest.clone(), bytes);
        self.contents_of(repository).blobs.insert(digest.clone());
    }

    pub(super) fn put_document(
        &mut self,
        repository: &Repository,
        document: &Document,
        tag: Option<&Tag>,
    ) {
        let contents = self.contents_of(repository);
        contents.documents.insert(document.digest.clone(), document.clone());
        if let Some(tag) = tag {
            contents.tags.insert(tag.clone(), document.digest.clone());
        }
    }

    pub(super) fn fill(
        &mut self,
        repository: &Repository,
        blobs: &[Bytes],
        documents: &[Document],
        tag: Option<&Tag>,
    ) {
        for blob in blobs {
            self.put_blob(repository, &Digest::sha256(blob), blob.clone());
        }
        for (index, document) in documents.iter().enumerate() {
            let is_last = index + 1 == documents.len();
            self.put_document(repository, document, tag.filter(|_| is_last));
        }
    }

    pub(super) fn forget(&mut self, repository: &Repository, digest: &Digest) {
        let contents = self.contents_of(repository);
        contents.blobs.remove(digest);
        contents.documents.remove(digest);
    }

    pub(super) fn corrupt(&mut self, digest: &Digest, bytes: Bytes) {
        self.blobs.insert(digest.clone(), bytes);
    }

    pub(super) fn contents(&self) -> Vec<(String, String, String)> {
        let mut all = Vec::new();
        for (repository, contents) in &self.repositories {
            let name = repository.to_string();
            let digests = contents.blobs.iter().chain(contents.documents.keys());
            all.extend(
                digests.map(|digest| (name.clone(), digest.to_string(), digest.to_string())),
            );
            all.extend(
                contents
                    .tags
                    .iter()
                    .map(|(tag, digest)| (name.clone(), tag.to_string(), digest.to_string())),
            );
        }
        all.sort();
        all
    }

    fn contents_of(&mut self, repository: &Repository) -> &mut Contents {
        self.repositories.entry(repository.clone()).or_default()
    }
}
