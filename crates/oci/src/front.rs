//! Sources in front of others.

use std::future::Future;

use sealift_reference::{Digest, Repository, Tag};

use crate::{Blob, BlobStream, Descriptor, Document, Resolved, Source, StoreError};

/// A source in front of another, which answers what this one does not answer itself: see [`Source`] for what each method does.
pub trait Front: Send + Sync {
    /// The other one.
    type Behind: Source;

    /// Returns the other one.
    fn behind(&self) -> &Self::Behind;

    /// As [`Source::resolve`].
    fn resolve(
        &self,
        repository: &Repository,
        tag: &Tag,
    ) -> impl Future<Output = Result<Option<Resolved>, StoreError>> + Send {
        self.behind().resolve(repository, tag)
    }

    /// As [`Source::document`].
    fn document(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> impl Future<Output = Result<Option<Document>, StoreError>> + Send {
        self.behind().document(repository, digest)
    }

    /// As [`Source::has_document`].
    fn has_document(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send {
        self.behind().has_document(repository, digest)
    }

    /// As [`Source::blob_size`].
    fn blob_size(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> impl Future<Output = Result<Option<u64>, StoreError>> + Send {
        self.behind().blob_size(repository, digest)
    }

    /// As [`Source::blob`].
    fn blob(
        &self,
        repository: &Repository,
        blob: &Blob,
        offset: u64,
    ) -> impl Future<Output = Result<BlobStream, StoreError>> + Send {
        self.behind().blob(repository, blob, offset)
    }
}

/// Who refers to a document is asked of the source behind: no front knows better.
impl<F: Front> Source for F {
    async fn resolve(
        &self,
        repository: &Repository,
        tag: &Tag,
    ) -> Result<Option<Resolved>, StoreError> {
        Front::resolve(self, repository, tag).await
    }

    async fn document(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Option<Document>, StoreError> {
        Front::document(self, repository, digest).await
    }

    async fn has_document(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<bool, StoreError> {
        Front::has_document(self, repository, digest).await
    }

    async fn blob_size(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Option<u64>, StoreError> {
        Front::blob_size(self, repository, digest).await
    }

    async fn blob(
        &self,
        repository: &Repository,
        blob: &Blob,
        offset: u64,
    ) -> Result<BlobStream, StoreError> {
        Front::blob(self, repository, blob, offset).await
    }

    async fn referrers(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Vec<Descriptor>, StoreError> {
        self.behind().referrers(repository, digest).await
    }
}
