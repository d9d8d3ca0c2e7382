//! The bytes of one blob on their way from the source: verified, bounded, and taken up again where they broke.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use futures_util::future::{Either, select};
use futures_util::{Stream, stream};
use sealift_reference::{Hasher, Repository};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Observer;
use crate::store::EMPTY_JSON;
use crate::verified::{Checkpoints, verified_with};
use crate::{Blob, BlobStream, BoxFuture, Content, Source, StoreError};

/// Blobs below this many bytes have permits of their own, so that they hide behind large bodies.
pub(super) const SMALL_BYTES: u64 = 256 << 10;

/// Permits for bodies in flight: memory and sockets are bounded by them.
#[derive(Debug)]
pub(super) struct Bodies {
    any: Arc<Semaphore>,
    small: Arc<Semaphore>,
}

impl Bodies {
    pub(super) fn new(any: usize, small: usize) -> Self {
        Self { any: Arc::new(Semaphore::new(any.max(1))), small: Arc::new(Semaphore::new(small)) }
    }

    async fn permit(&self, size_bytes: u64) -> OwnedSemaphorePermit {
        let any = Arc::clone(&self.any).acquire_owned();
        let permit = if size_bytes < SMALL_BYTES {
            let small = Arc::clone(&self.small).acquire_owned();
            match select(Box::pin(small), Box::pin(any)).await {
                Either::Left((permit, _)) | Either::Right((permit, _)) => permit,
            }
        } else {
            any.await
        };
        permit.expect("the semaphores are never closed")
    }
}

/// A blob of the source. The permit is taken when the target wants the bytes and given back with the stream.
pub(super) struct SourceContent<'a, S> {
    pub(super) source: &'a S,
    pub(super) repository: &'a Repository,
    pub(super) blob: &'a Blob,
    pub(super) bodies: &'a Bodies,
    pub(super) observer: &'a Arc<dyn Observer>,
    /// Counts what comes from the source.
    pub(super) read_bytes: &'a Arc<AtomicU64>,
    pub(super) checkpoints: Checkpoints,
    /// What the source said last, so that a failed write can be laid at the right door.
    pub(super) failure: Arc<Mutex<Option<StoreError>>>,
}

impl<S: Source> SourceContent<'_, S> {
    /// Returns the failure of the source that made the last transfer fail, if it was the source.
    pub(super) fn take_failure(&self) -> Option<StoreError> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    async fn open_at(&self, offset: u64) -> Result<BlobStream, StoreError> {
        let permit = self.bodies.permit(self.blob.size_bytes).await;
        drop(self.take_failure());
        self.observer.blob_started(self.blob, self.repository);
        let (start, hasher) = self.checkpoints.before(offset);
        let hasher = hasher.unwrap_or_else(|| Hasher::new(self.blob.digest.algorithm()));
        let stream = self.read(start).await.map_err(|error| remember(&self.failure, error))?;
        let verified = verified_with(stream, self.blob, start, hasher, self.checkpoints.clone());
        Ok(Box::pin(Outgoing {
            stream: verified,
            skip_bytes: offset.saturating_sub(start),
            position_bytes: offset,
            blob: self.blob.clone(),
            observer: Arc::clone(self.observer),
            read_bytes: Arc::clone(self.read_bytes),
            failure: Arc::clone(&self.failure),
            _permit: permit,
        }))
    }

    async fn read(&self, start: u64) -> Result<BlobStream, StoreError> {
        if start == 0 && self.blob.is_empty_json() {
            return Ok(Box::pin(stream::iter([Ok(Bytes::from_static(EMPTY_JSON))])));
        }
        self.source.blob(self.repository, self.blob, start).await
    }
}

impl<S: Source> Content for SourceContent<'_, S> {
    fn open(&self, offset: u64) -> BoxFuture<'_, Result<BlobStream, StoreError>> {
        Box::pin(self.open_at(offset))
    }
}

/// Keeps the error for the report and returns one that says the same, for the target to give up with.
fn remember(failure: &Mutex<Option<StoreError>>, error: StoreError) -> StoreError {
    let told = StoreError::new(error.kind, format!("the source failed: {}", error.message));
    *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    told
}

struct Outgoing {
    stream: BlobStream,
    /// Bytes before the wanted offset that are only hashed.
    skip_bytes: u64,
    position_bytes: u64,
    blob: Blob,
    observer: Arc<dyn Observer>,
    read_bytes: Arc<AtomicU64>,
    failure: Arc<Mutex<Option<StoreError>>>,
    _permit: OwnedSemaphorePermit,
}

impl Outgoing {
    fn skip(&mut self, piece: &mut Bytes) {
        let skipped = usize::try_from(self.skip_bytes).unwrap_or(usize::MAX).min(piece.len());
        piece.advance(skipped);
        self.skip_bytes -= skipped as u64;
    }
}

impl Stream for Outgoing {
    type Item = Result<Bytes, StoreError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            return match std::task::ready!(self.stream.as_mut().poll_next(context)) {
                Some(Ok(mut piece)) => {
                    self.read_bytes.fetch_add(piece.len() as u64, Ordering::Relaxed);
                    self.skip(&mut piece);
                    if piece.is_empty() {
                        continue;
                    }
                    self.position_bytes += piece.len() as u64;
                    self.observer.blob_progress(&self.blob, self.position_bytes);
                    Poll::Ready(Some(Ok(piece)))
                }
                Some(Err(error)) => Poll::Ready(Some(Err(remember(&self.failure, error)))),
                None => Poll::Ready(None),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;

    use super::*;
    use crate::limits::CHECKPOINT_BYTES;
    use crate::{Memory, Request, StoreErrorKind};

    fn repository() -> Repository {
        "r.io/a".parse().unwrap()
    }

    fn source_with(bytes: &Bytes) -> (Memory, Blob) {
        let source = Memory::new();
        source.fill(&repository(), std::slice::from_ref(bytes), &[], None);
        let digest = sealift_reference::Digest::sha256(bytes);
        (source, Blob { digest, size_bytes: bytes.len() as u64 })
    }

    async fn read(stream: Result<BlobStream, StoreError>) -> Result<Vec<u8>, StoreErrorKind> {
        let mut bytes = Vec::new();
        let mut stream = stream.map_err(|error| error.kind)?;
        while let Some(piece) = stream.next().await {
            bytes.extend_from_slice(&piece.map_err(|error| error.kind)?);
        }
        Ok(bytes)
    }

    #[tokio::test]
    async fn a_broken_upload_is_taken_up_again_without_reading_all_of_it_twice() {
        let size = usize::try_from(CHECKPOINT_BYTES).unwrap() + 3_000_000;
        let bytes =
            Bytes::from((0..size).map(|n| u8::try_from(n % 251).unwrap()).collect::<Vec<_>>());
        let (source, blob) = source_with(&bytes);
        let (bodies, observer): (_, Arc<dyn Observer>) = (Bodies::new(1, 0), Arc::new(()));
        let content = SourceContent {
            source: &source,
            repository: &repository(),
            blob: &blob,
            bodies: &bodies,
            observer: &observer,
            read_bytes: &Arc::default(),
            checkpoints: Checkpoints::default(),
            failure: Arc::default(),
        };
        let mut first = content.open(0).await.unwrap();
        let mut seen = 0;
        while seen < size - 500_000 {
            seen += first.next().await.unwrap().unwrap().len();
        }
        drop(first);
        for offset in [size - 1_000_000, 10, size] {
            let rest = read(content.open(offset as u64).await).await;
            assert_eq!(rest.as_deref(), Ok(&bytes[offset..]), "{offset}");
        }
        let (start, hasher) = content.checkpoints.before(size as u64);
        assert!(start >= CHECKPOINT_BYTES && hasher.is_some(), "{start}");
        assert_eq!(source.requests().of(Request::GetBlob), 4);
    }

    #[tokio::test]
    async fn wrong_bytes_are_found_also_when_only_the_end_is_read_again() {
        let (source, blob) = source_with(&Bytes::from(vec![1; 100_000]));
        source.corrupt(&blob.digest, Bytes::from(vec![2; 100_000]));
        let (bodies, observer): (_, Arc<dyn Observer>) = (Bodies::new(1, 0), Arc::new(()));
        let content = SourceContent {
            source: &source,
            repository: &repository(),
            blob: &blob,
            bodies: &bodies,
            observer: &observer,
            read_bytes: &Arc::default(),
            checkpoints: Checkpoints::default(),
            failure: Arc::default(),
        };
        assert_eq!(read(content.open(99_999).await).await, Err(StoreErrorKind::Digest));
        assert_eq!(content.take_failure().map(|error| error.kind), Some(StoreErrorKind::Digest));
    }
}
