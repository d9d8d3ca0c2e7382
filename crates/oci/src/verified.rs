//! Streams that cannot end with wrong content.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::Stream;
use sealift_reference::{Digest, Hasher};

use crate::limits::{CHECKPOINT_BYTES, HOLD_BACK_BYTES};
use crate::{Blob, BlobStream, StoreError, StoreErrorKind};

/// Hashes a stream on its way and holds back its end until the hash is right.
///
/// The last bytes (at most 64 KiB of the piece that completes the blob) leave only after length and hash matched, so that a
/// target which waits for the announced length never commits wrong content. One byte too many or too few is an error of kind
/// [`StoreErrorKind::Digest`].
#[must_use]
pub fn verified(stream: BlobStream, blob: &Blob) -> BlobStream {
    verified_from(stream, blob, 0, Hasher::new(blob.digest.algorithm()))
}

/// As [`verified`], for a stream that starts at `offset` where `hasher` has taken all bytes before.
#[must_use]
pub fn verified_from(stream: BlobStream, blob: &Blob, offset: u64, hasher: Hasher) -> BlobStream {
    verified_with(stream, blob, offset, hasher, Checkpoints::default())
}

/// As [`verified_from`], and leaves running hashes in `checkpoints`, so that a broken transfer need not start again.
pub(crate) fn verified_with(
    stream: BlobStream,
    blob: &Blob,
    offset: u64,
    hasher: Hasher,
    checkpoints: Checkpoints,
) -> BlobStream {
    Box::pin(Verified {
        stream,
        blob: blob.clone(),
        seen: offset,
        hasher: Some(hasher),
        held: None,
        checkpoints,
    })
}

/// The hash of the first bytes of a blob, at some of its offsets, shared between the openings of one transfer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Checkpoints(Arc<Mutex<Vec<(u64, Hasher)>>>);

impl Checkpoints {
    /// Returns the last checkpoint at or before `offset`; offset 0 without a hash where there is none.
    pub(crate) fn before(&self, offset: u64) -> (u64, Option<Hasher>) {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().rev().find(|(at, _)| *at <= offset);
        found.map_or((0, None), |(at, hasher)| (*at, Some(hasher.clone())))
    }

    fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn keep(&self, at: u64, hasher: &Hasher) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.last().map_or(0, |(last, _)| *last) + CHECKPOINT_BYTES <= at {
            kept.push((at, hasher.clone()));
        }
    }
}

struct Verified {
    stream: BlobStream,
    blob: Blob,
    seen: u64,
    /// Taken when the end was checked, or an error was given.
    hasher: Option<Hasher>,
    held: Option<Bytes>,
    checkpoints: Checkpoints,
}

impl Stream for Verified {
    type Item = Result<Bytes, StoreError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while self.hasher.is_some() {
            let item = ready!(self.stream.as_mut().poll_next(context));
            let out = match item {
                Some(Ok(piece)) => self.take(piece),
                Some(Err(error)) => Err(error),
                None => self.finish().map(Some),
            };
            match out {
                Ok(Some(piece)) if !piece.is_empty() => return Poll::Ready(Some(Ok(piece))),
                Ok(_) => {}
                Err(error) => {
                    self.hasher = None;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        Poll::Ready(None)
    }
}

impl Verified {
    /// Hashes a piece and returns what may leave now.
    fn take(&mut self, mut piece: Bytes) -> Result<Option<Bytes>, StoreError> {
        self.seen = self.seen.saturating_add(piece.len() as u64);
        if self.seen > self.blob.size_bytes {
            let message = format!(
                "more than the {} bytes of {} arrived",
                self.blob.size_bytes, self.blob.digest
            );
            return Err(StoreError::new(StoreErrorKind::Digest, message));
        }
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&piece);
            self.checkpoints.keep(self.seen, hasher);
        }
        if self.seen == self.blob.size_bytes && !piece.is_empty() {
            let tail = piece.split_off(piece.len().saturating_sub(HOLD_BACK_BYTES));
            self.held = Some(tail);
        }
        Ok(Some(piece))
    }

    /// Checks length and hash, and lets the rest go.
    fn finish(&mut self) -> Result<Bytes, StoreError> {
        let hasher = self.hasher.take();
        if self.seen != self.blob.size_bytes {
            let message = format!(
                "{} of the {} bytes of {} arrived",
                self.seen, self.blob.size_bytes, self.blob.digest
            );
            return Err(StoreError::new(StoreErrorKind::Digest, message));
        }
        match hasher.map(Hasher::finish) {
            Some(digest) if digest == self.blob.digest => Ok(self.held.take().unwrap_or_default()),
            other => {
                // Some of the bytes before them were wrong, too: nobody knows which.
                self.checkpoints.forget();
                Err(wrong_bytes(&self.blob, other.as_ref()))
            }
        }
    }
}

fn wrong_bytes(blob: &Blob, got: Option<&Digest>) -> StoreError {
    let got = got.map_or_else(|| "nothing".to_owned(), Digest::to_string);
    StoreError::new(StoreErrorKind::Digest, format!("the bytes of {} hash to {got}", blob.digest))
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};

    use super::*;

    fn pieces(pieces: &[&[u8]]) -> BlobStream {
        let pieces: Vec<_> = pieces.iter().map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        Box::pin(stream::iter(pieces))
    }

    fn blob(bytes: &[u8]) -> Blob {
        Blob { digest: Digest::sha256(bytes), size_bytes: bytes.len() as u64 }
    }

    /// Returns the bytes that left, and the kind of the error.
    async fn drain(stream: BlobStream) -> (Vec<u8>, Option<StoreErrorKind>) {
        let mut out = Vec::new();
        let mut error = None;
        for item in stream.collect::<Vec<_>>().await {
            match item {
                Ok(piece) => out.extend_from_slice(&piece),
                Err(found) => error = Some(found.kind),
            }
        }
        (out, error)
    }

    #[tokio::test]
    async fn right_bytes_pass_whatever_the_pieces() {
        let bytes = vec![7_u8; 3 * HOLD_BACK_BYTES];
        for cut in [0, 1, HOLD_BACK_BYTES, 2 * HOLD_BACK_BYTES + 1, bytes.len()] {
            let stream = pieces(&[&bytes[..cut], b"", &bytes[cut..]]);
            assert_eq!(drain(verified(stream, &blob(&bytes))).await, (bytes.clone(), None));
        }
        assert_eq!(drain(verified(pieces(&[]), &blob(b""))).await, (Vec::new(), None));
    }

    #[tokio::test]
    async fn wrong_bytes_of_the_right_length_never_leave_whole() {
        for size in [1, HOLD_BACK_BYTES, HOLD_BACK_BYTES + 5] {
            let wrong = vec![1_u8; size];
            let (out, error) = drain(verified(pieces(&[&wrong]), &blob(&vec![0_u8; size]))).await;
            assert_eq!(error, Some(StoreErrorKind::Digest));
            assert_eq!(out.len(), size.saturating_sub(HOLD_BACK_BYTES));
        }
    }

    #[tokio::test]
    async fn one_byte_too_many_or_too_few_is_an_error_before_the_end_left() {
        let (out, error) = drain(verified(pieces(&[b"abc", b"d"]), &blob(b"abc"))).await;
        assert_eq!((out.as_slice(), error), (b"".as_slice(), Some(StoreErrorKind::Digest)));
        let (_, error) = drain(verified(pieces(&[b"ab"]), &blob(b"abc"))).await;
        assert_eq!(error, Some(StoreErrorKind::Digest));
        let (_, error) = drain(verified(pieces(&[b"x"]), &blob(b""))).await;
        assert_eq!(error, Some(StoreErrorKind::Digest));
    }

    #[tokio::test]
    async fn a_stream_can_be_taken_up_in_the_middle_with_its_running_hash() {
        let mut hasher = Hasher::new(sealift_reference::Algorithm::Sha256);
        hasher.update(b"abc");
        let rest = verified_from(pieces(&[b"def"]), &blob(b"abcdef"), 3, hasher);
        assert_eq!(drain(rest).await, (b"def".to_vec(), None));
    }
}
