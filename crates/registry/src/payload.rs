//! What a request sends, and whether it still moves.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use reqwest::Body;
use sealift_oci::{BlobStream, Content, StoreError, StoreErrorKind};
use tokio::time::Instant;

use crate::failure::Failure;
use crate::retry::Timing;
use crate::throttle::{Throttle, Way, take};

/// The body of a request.
pub(crate) enum Payload<'a> {
    /// None.
    Empty,
    /// A small one.
    Bytes(Bytes),
    /// A part of a blob, opened anew for each try.
    Content(Piece<'a>),
}

/// A part of a blob.
pub(crate) struct Piece<'a> {
    pub(crate) content: &'a dyn Content,
    pub(crate) offset: u64,
    pub(crate) length: u64,
    /// What the last try sent.
    pub(crate) sent: Mutex<Option<Arc<Sent>>>,
}

impl<'a> Piece<'a> {
    pub(crate) fn new(content: &'a dyn Content, offset: u64, length: u64) -> Self {
        Self { content, offset, length, sent: Mutex::default() }
    }

    /// Opens the content and returns exactly this part of it.
    pub(crate) async fn open(
        &self,
        throttle: Option<&Throttle>,
        pause: Option<Duration>,
    ) -> Result<(Body, Arc<Sent>), StoreError> {
        let sent = Arc::new(Sent::default());
        *self.sent.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&sent));
        if self.length == 0 {
            return Ok((Body::from(Bytes::new()), sent));
        }
        let stream = self.content.open(self.offset).await?;
        let state = Cut {
            stream: Some(stream),
            left: self.length,
            sent: Arc::clone(&sent),
            throttle: throttle.cloned(),
            pause,
        };
        Ok((Body::wrap_stream(stream::unfold(state, Cut::next)), sent))
    }

    /// Returns how many bytes the last try handed to the connection.
    pub(crate) fn sent_bytes(&self) -> u64 {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.as_ref().map_or(0, |sent| sent.bytes.load(Ordering::Relaxed))
    }
}

/// What became of a body on its way.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    bytes: AtomicU64,
    /// Whether the connection waits for us: for the content, or for our own limit on bytes.
    held: AtomicBool,
    error: Mutex<Option<StoreError>>,
}

impl Sent {
    /// Returns the error of the content, if that is why the request broke.
    pub(crate) fn failure(&self) -> Option<Failure> {
        self.error.lock().unwrap_or_else(PoisonError::into_inner).take().map(Failure::content)
    }

    /// Ends when the body moves too slowly, or the answer is late after its last byte.
    pub(crate) async fn stalled(&self, timing: &Timing, length: u64) -> Failure {
        let (mut seen, mut since) = (0, Instant::now());
        loop {
            tokio::time::sleep((timing.stall / 10).max(Duration::from_millis(10))).await;
            let now = self.bytes.load(Ordering::Relaxed);
            let waited = since.elapsed();
            if now == length && seen == length {
                if waited > timing.after_upload(length) {
                    return Failure::passing(format!(
                        "no answer within {} s after the last byte",
                        waited.as_secs()
                    ));
                }
            } else if now == length
                || self.held.load(Ordering::Relaxed)
                || now >= seen + timing.stall_bytes()
            {
                (seen, since) = (now, Instant::now());
            } else if waited > timing.stall {
                return Failure::passing(format!(
                    "the upload stands still after {now} of {length} bytes"
                ));
            }
        }
    }
}

/// A stream that is cut to a length, counts, and keeps its error for the caller.
struct Cut {
    stream: Option<BlobStream>,
    left: u64,
    sent: Arc<Sent>,
    throttle: Option<Throttle>,
    /// What the head of the request is ahead of the first byte.
    pause: Option<Duration>,
}

impl Cut {
    async fn next(mut self) -> Option<(Result<Bytes, StoreError>, Self)> {
        // A content of the right length is read to its end: its hash is checked there.
        let stream = self.stream.as_mut()?;
        self.sent.held.store(true, Ordering::Relaxed);
        if let Some(pause) = self.pause.take() {
            tokio::time::sleep(pause).await;
        }
        let piece = stream.next().await;
        if let Some(Ok(bytes)) = &piece {
            take(self.throttle.as_ref(), Way::Written, (bytes.len() as u64).min(self.left)).await;
        }
        self.sent.held.store(false, Ordering::Relaxed);
        match piece {
            Some(Ok(mut bytes)) => {
                bytes.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
                self.left -= bytes.len() as u64;
                self.sent.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
                if self.left == 0 {
                    self.stream = None;
                }
                Some((Ok(bytes), self))
            }
            Some(Err(error)) => Some(self.fail(error)),
            None => {
                let message = format!("the content ended {} bytes early", self.left);
                Some(self.fail(StoreError::new(StoreErrorKind::Length, message)))
            }
        }
    }

    fn fail(mut self, error: StoreError) -> (Result<Bytes, StoreError>, Self) {
        self.stream = None;
        let copy = StoreError::new(error.kind, error.message.clone());
        *self.sent.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        (Err(copy), self)
    }
}
