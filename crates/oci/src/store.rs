//! Where content is read and written: one pair of traits for registries, layouts, bundles and memory.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use futures_util::Stream;
use sealift_reference::{Digest, MediaType, Repository, Tag};

use crate::StoreError;

/// A body that arrives in pieces.
pub type BlobStream = Pin<Box<dyn Stream<Item = Result<Bytes, StoreError>> + Send>>;

/// A future that borrows its maker.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A manifest, index or artifact document as it was received; the bytes are never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The media type that the sender gave, or that the document names itself.
    pub media_type: MediaType,
    /// The hash of `bytes`.
    pub digest: Digest,
    /// At most 4 MiB.
    pub bytes: Bytes,
}

/// The identity of a blob.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Blob {
    /// The hash of its bytes.
    pub digest: Digest,
    /// Its length in bytes.
    pub size_bytes: u64,
}

/// The content of the empty descriptor; some registries serve manifests that name it and not the blob itself (zot#1747).
pub(crate) const EMPTY_JSON: &[u8] = b"{}";

impl Blob {
    /// Returns whether its digest is that of `{}`, the content of the empty descriptor.
    #[must_use]
    pub fn is_empty_json(&self) -> bool {
        self.size_bytes == EMPTY_JSON.len() as u64
            && Digest::of(self.digest.algorithm(), EMPTY_JSON) == self.digest
    }

    /// Returns whether a copy must read its content: it knows that of an empty blob and of the empty descriptor.
    #[must_use]
    pub fn must_be_read(&self) -> bool {
        self.size_bytes > 0 && !self.is_empty_json()
    }
}

/// What a name in a repository stands for at the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The digest of the manifest or index.
    pub digest: Digest,
    /// As the registry says it.
    pub media_type: MediaType,
    /// Length of the document in bytes.
    pub size_bytes: u64,
}

/// How a blob came to be in a repository of the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Written {
    /// The repository had it.
    AlreadyThere,
    /// The target linked it from another of its repositories.
    Mounted,
    /// Its bytes were sent.
    Sent,
}

/// What writing a blob would come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreseen {
    /// How the blob would come to be in the repository.
    pub written: Written,
    /// Requests that it would take.
    pub requests: u64,
}

/// Content that can be opened as often as a retry needs it.
pub trait Content: Send + Sync {
    /// Opens the content at an offset in bytes.
    fn open(&self, offset: u64) -> BoxFuture<'_, Result<BlobStream, StoreError>>;
}

/// Where content is read.
///
/// Everything that an implementation returns has been verified against the digest asked for.
pub trait Source: Send + Sync {
    /// Returns what a tag names, or `None` where the repository or the tag is unknown.
    fn resolve(
        &self,
        repository: &Repository,
        tag: &Tag,
    ) -> impl Future<Output = Result<Option<Resolved>, StoreError>> + Send;

    /// Returns a manifest by digest, or `None` where it is absent.
    fn document(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> impl Future<Output = Result<Option<Document>, StoreError>> + Send;

    /// Returns whether a manifest is in a repository, without reading its body where that is possible.
    fn has_document(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Returns the length in bytes of a blob in a repository, or `None` where it is absent.
    fn blob_size(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> impl Future<Output = Result<Option<u64>, StoreError>> + Send;

    /// Opens a blob at an offset in bytes. Hash and length are checked by whoever reads it to its end: see [`crate::verified()`].
    fn blob(
        &self,
        repository: &Repository,
        blob: &Blob,
        offset: u64,
    ) -> impl Future<Output = Result<BlobStream, StoreError>> + Send;

    /// Returns the documents that name `digest` as their subject (referrers API, else the fallback tag); empty where there are none.
    fn referrers(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> impl Future<Output = Result<Vec<crate::Descriptor>, StoreError>> + Send;
}

/// Where content is written, children before parents.
pub trait Target: Source {
    /// Makes a blob part of a repository: finds it there, mounts it from `mount_from`, or sends it.
    ///
    /// `content` is opened only when bytes are needed, after the target has agreed to take them, and again when a broken
    /// transfer is retried.
    fn write_blob(
        &self,
        repository: &Repository,
        blob: &Blob,
        mount_from: Option<&Repository>,
        content: &dyn Content,
    ) -> impl Future<Output = Result<Written, StoreError>> + Send;

    /// Says what [`Target::write_blob`] would do, and writes nothing.
    ///
    /// By itself it counts as a registry does that is asked for each blob: `HEAD`, `POST`, `PUT`, or one `POST` for a mount.
    fn foresee_blob(
        &self,
        repository: &Repository,
        blob: &Blob,
        mount_from: Option<&Repository>,
    ) -> impl Future<Output = Result<Foreseen, StoreError>> + Send
    where
        Self: Sync,
    {
        async move {
            if mount_from.is_some() {
                return Ok(Foreseen { written: Written::Mounted, requests: 1 });
            }
            Ok(match self.blob_size(repository, &blob.digest).await? {
                Some(_) => Foreseen { written: Written::AlreadyThere, requests: 1 },
                None => Foreseen { written: Written::Sent, requests: 3 },
            })
        }
    }

    /// Writes a manifest by digest, or by `tag` (which makes both). All that it names has been written before.
    fn write_document(
        &self,
        repository: &Repository,
        document: &Document,
        tag: Option<&Tag>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_need_not_be_read() {
        let blob =
            |bytes: &[u8]| Blob { digest: Digest::sha256(bytes), size_bytes: bytes.len() as u64 };
        let table: [(&[u8], bool); 4] =
            [(b"", false), (b"{}", false), (b"[]", true), (b"{}\n", true)];
        for (bytes, must_be_read) in table {
            assert_eq!(blob(bytes).must_be_read(), must_be_read, "{bytes:?}");
        }
        let other = Blob { size_bytes: 3, ..blob(b"{}") };
        assert!(other.must_be_read(), "its length is wrong, which is found by reading it");
    }
}
