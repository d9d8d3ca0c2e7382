//! A blob as a stream that goes on where it broke.

use bytes::Bytes;
use futures_util::stream;
use http::header::{CONTENT_ENCODING, CONTENT_RANGE};
use reqwest::Response;
use sealift_oci::{Blob, BlobStream, StoreError, StoreErrorKind};
use url::Url;

use crate::exchange::Opened;
use crate::failure::Failure;
use crate::pace::Pace;
use crate::payload::Payload;
use crate::registry::Place;
use crate::request;
use crate::retry::Attempts;

impl Place {
    /// Opens a blob; the stream asks the registry again (not the address that it gave) for what a broken answer left out.
    pub(crate) async fn blob(&self, blob: &Blob, offset: u64) -> Result<BlobStream, StoreError> {
        if offset > 0 && offset >= blob.size_bytes {
            return Ok(Box::pin(stream::empty()));
        }
        Body::stream(self.clone(), None, blob, offset).await
    }

    /// Opens a blob at an address outside of the registry; no credentials are shown to anybody.
    pub(crate) async fn foreign_blob(
        &self,
        url: Url,
        blob: &Blob,
        offset: u64,
    ) -> Result<BlobStream, StoreError> {
        Body::stream(self.clone(), Some(url), blob, offset).await
    }
}

impl Body {
    async fn stream(
        place: Place,
        url: Option<Url>,
        blob: &Blob,
        offset: u64,
    ) -> Result<BlobStream, StoreError> {
        let mut body = Self {
            place,
            url,
            blob: blob.clone(),
            position: offset,
            skip: 0,
            opened: None,
            attempts: Attempts::new(),
            encoded: false,
            pace: Pace::new(None),
        };
        body.open_patiently().await?;
        Ok(Box::pin(stream::try_unfold(body, |mut body| async move {
            let piece = body.next().await?;
            Ok(piece.map(|piece| (piece, body)))
        })))
    }
}

struct Body {
    place: Place,
    /// Where the blob is, when not at the registry.
    url: Option<Url>,
    blob: Blob,
    /// Bytes of the blob that have left, the offset at which it was opened included.
    position: u64,
    /// Bytes of the open answer that have left already: a server that ignores `Range` sends all from the start, and reading past
    /// them costs what starting anew would.
    skip: u64,
    opened: Option<Opened>,
    attempts: Attempts,
    /// Whether a wrong length with a `Content-Encoding` was seen.
    encoded: bool,
    pace: Pace,
}

impl Body {
    /// Returns the next piece; tries again whatever breaks on the way.
    async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        loop {
            self.open_patiently().await?;
            match self.piece().await {
                Ok(Some(piece)) if piece.is_empty() => {}
                Ok(piece) => return Ok(piece),
                Err(failure) => {
                    self.opened = None;
                    self.wait(failure).await?;
                }
            }
        }
    }

    async fn open_patiently(&mut self) -> Result<(), StoreError> {
        while self.opened.is_none() {
            if let Err(failure) = self.open().await {
                self.wait(failure).await?;
            }
        }
        Ok(())
    }

    async fn wait(&mut self, failure: Failure) -> Result<(), StoreError> {
        let waited = self.place.exchange.wait(&self.place.host, &mut self.attempts, failure).await;
        waited.map_err(|mut failure| {
            if (1..self.blob.size_bytes).contains(&self.position) {
                failure.detail = format!(
                    "after {} of {} bytes: {}",
                    self.position, self.blob.size_bytes, failure.detail
                );
            }
            let request = request::blob(self.place.repository.path(), &self.blob.digest, 0);
            failure.into_store(&self.place.host.name, &request.subject)
        })
    }

    async fn open(&mut self) -> Result<(), Failure> {
        let request = request::blob(self.place.repository.path(), &self.blob.digest, self.position);
        let Place { exchange, host, .. } = &self.place;
        let opened = match &self.url {
            Some(url) => exchange.open_anonymously(host, &request, url).await,
            None => exchange.open(host, &request, &Payload::Empty).await,
        };
        let opened = opened.map_err(|failure| match failure.status {
            Some(416) => Failure {
                detail: format!("it has fewer than {} bytes", self.blob.size_bytes),
                kind: StoreErrorKind::Length,
                ..failure
            },
            _ => failure,
        })?;
        self.skip = if opened.response.status().as_u16() == 206 {
            check_range(&opened.response, self.position, self.blob.size_bytes)?;
            0
        } else {
            self.check_length(&opened.response)?;
            self.position
        };
        self.pace = Pace::new(self.place.exchange.throttle.clone());
        self.opened = Some(opened);
        Ok(())
    }

    /// Compares the promised length of a whole blob; a label of compression may be a proxy's doing and gets one more try.
    fn check_length(&mut self, response: &Response) -> Result<(), Failure> {
        let Some(length) =
            response.content_length().filter(|length| *length != self.blob.size_bytes)
        else {
            return Ok(());
        };
        let detail = format!("it promises {length} bytes instead of {}", self.blob.size_bytes);
        let again = response.headers().contains_key(CONTENT_ENCODING) && !self.encoded;
        self.encoded |= again;
        Err(Failure { again, ..Failure::new(StoreErrorKind::Length, detail) })
    }

    /// Reads one piece of the open answer; `None` at the end of the blob.
    async fn piece(&mut self) -> Result<Option<Bytes>, Failure> {
        let Some(opened) = &mut self.opened else {
            return Err(Failure::passing("nothing is open"));
        };
        let chunk = self.pace.chunk(&mut opened.response, &self.place.exchange.timing).await?;
        match chunk {
            Some(chunk) => self.take(chunk).map(Some),
            None if self.position == self.blob.size_bytes => Ok(None),
            None => Err(Failure::passing("the body ended early")),
        }
    }

    /// Drops what has left before, and refuses what is too much.
    fn take(&mut self, mut chunk: Bytes) -> Result<Bytes, Failure> {
        let skipped = self.skip.min(chunk.len() as u64);
        self.skip -= skipped;
        drop(chunk.split_to(usize::try_from(skipped).unwrap_or(chunk.len())));
        if chunk.len() as u64 > self.blob.size_bytes.saturating_sub(self.position) {
            let detail =
                format!("it sends more than the {} bytes of the blob", self.blob.size_bytes);
            return Err(Failure::new(StoreErrorKind::Length, detail));
        }
        self.position += chunk.len() as u64;
        self.attempts.progress(chunk.len() as u64);
        Ok(chunk)
    }
}

/// Checks that a partial answer holds exactly the rest.
fn check_range(response: &Response, position: u64, size: u64) -> Result<(), Failure> {
    let refuse =
        |why: &str| Err(Failure::new(StoreErrorKind::Protocol, format!("a part that {why}")));
    let Some(range) = response.headers().get(CONTENT_RANGE).and_then(|value| value.to_str().ok())
    else {
        return refuse("does not say which");
    };
    match parse_range(range) {
        Some((first, _, _)) if first != position => {
            refuse(&format!("starts at {first} instead of {position}"))
        }
        Some((_, _, Some(total))) if total != size => {
            refuse(&format!("belongs to {total} bytes instead of {size}"))
        }
        Some(_) => Ok(()),
        None => refuse("names no range"),
    }
}

/// Reads `bytes first-last/total`; a total of `*` is unknown.
fn parse_range(text: &str) -> Option<(u64, u64, Option<u64>)> {
    let (range, total) = text.strip_prefix("bytes ")?.trim().split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let total = if total == "*" { None } else { Some(total.parse().ok()?) };
    Some((first.parse().ok()?, last.parse().ok()?, total))
}
