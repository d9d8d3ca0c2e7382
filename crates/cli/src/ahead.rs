//! Blobs that are read before their turn: reading one asks whether its repository may be read, and costs no request, as it has to
//! be read anyway.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use sealift_oci::{
    Blob, BlobStream, BoxFuture, Content as _, Front, InMemory, Source, StoreError, read_blob,
};
use sealift_reference::{Digest, Repository};

/// Bytes that are kept until their turn comes: configs of some thousand images.
pub(crate) const ROOM_BYTES: u64 = 8 << 20;

/// A source, and what of it was read ahead. Each blob is given out once: who wants it again reads it again.
pub(crate) struct Ahead<S> {
    pub(crate) source: Arc<S>,
    /// How much may be read ahead.
    pub(crate) room_bytes: u64,
    read: Mutex<BTreeMap<(Repository, Digest), Bytes>>,
}

impl<S: Source> Ahead<S> {
    pub(crate) fn new(source: Arc<S>, room_bytes: u64) -> Self {
        Self { source, room_bytes, read: Mutex::default() }
    }

    /// Reads a blob whole, verified, and keeps it until it is wanted.
    ///
    /// # Errors
    ///
    /// Those of the source, and [`sealift_oci::StoreErrorKind::Digest`] for other bytes.
    pub(crate) async fn read(
        &self,
        repository: &Repository,
        blob: &Blob,
    ) -> Result<(), StoreError> {
        let reading: BoxFuture<'_, _> = Box::pin(read_blob(&*self.source, repository, blob));
        let bytes = reading.await?;
        self.kept().insert((repository.clone(), blob.digest.clone()), bytes);
        Ok(())
    }

    fn take(&self, repository: &Repository, digest: &Digest) -> Option<InMemory> {
        self.kept().remove(&(repository.clone(), digest.clone())).map(InMemory)
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<(Repository, Digest), Bytes>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Source> Front for Ahead<S> {
    type Behind = S;

    fn behind(&self) -> &S {
        &self.source
    }

    async fn blob(
        &self,
        repository: &Repository,
        blob: &Blob,
        offset: u64,
    ) -> Result<BlobStream, StoreError> {
        match self.take(repository, &blob.digest) {
            Some(content) => content.open(offset).await,
            None => self.source.blob(repository, blob, offset).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use sealift_oci::{Memory, Request, StoreErrorKind};

    use super::*;

    fn source() -> (Ahead<Memory>, Repository, Blob) {
        let (memory, repository) = (Memory::new(), "r.io/a".parse().expect("a repository"));
        let bytes = Bytes::from_static(b"config");
        memory.fill(&repository, std::slice::from_ref(&bytes), &[], None);
        let blob = Blob { digest: Digest::sha256(&bytes), size_bytes: 6 };
        (Ahead::new(Arc::new(memory), ROOM_BYTES), repository, blob)
    }

    #[tokio::test]
    async fn what_was_read_ahead_is_given_out_once_and_only_for_its_repository() {
        let (ahead, repository, blob) = source();
        ahead.read(&repository, &blob).await.expect("it is there");
        let read = || ahead.source.requests().of(Request::GetBlob);
        let other = "r.io/b".parse().expect("a repository");
        assert!(read_blob(&ahead, &other, &blob).await.is_err());
        assert_eq!(read(), 2);
        for requests in [2, 3, 4] {
            let bytes = read_blob(&ahead, &repository, &blob).await;
            assert_eq!(bytes.expect("it is there"), "config");
            assert_eq!(read(), requests);
        }
    }

    #[tokio::test]
    async fn wrong_bytes_are_not_kept() {
        let (ahead, repository, blob) = source();
        ahead.source.corrupt(&blob.digest, Bytes::from_static(b"gifnoc"));
        let error = ahead.read(&repository, &blob).await.expect_err("other bytes");
        assert_eq!(error.kind, StoreErrorKind::Digest);
        assert!(ahead.kept().is_empty());
    }
}
