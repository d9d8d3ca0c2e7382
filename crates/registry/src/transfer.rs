//! Sending the bytes of one blob: whole, resumed where the registry kept something, or in chunks.

use sealift_oci::{Blob, Content, StoreError, StoreErrorKind, Written};
use url::Url;

use crate::exchange::Answer;
use crate::failure::Failure;
use crate::limits::{CHUNK_BYTES, LARGE_BLOB_BYTES, SMALL_CHUNK_BYTES};
use crate::payload::{Payload, Piece};
use crate::registry::Place;
use crate::request;
use crate::retry::Attempts;

/// Whether the registry was asked for a blob before it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Never,
    Once,
}

/// One blob on its way.
pub(crate) struct Transfer<'a> {
    place: &'a Place,
    blob: &'a Blob,
    content: &'a dyn Content,
    /// Where to send; `None` when a new session is needed.
    session: Option<Url>,
    /// Bytes that the session has.
    offset: u64,
    /// Bytes that the last try may have brought there.
    reached: u64,
    /// The most bytes that any session had: the same bytes in another one are no progress.
    farthest: u64,
    attempts: Attempts,
    breaks: u32,
    /// Whether the registry has called our bytes wrong before.
    doubted: bool,
    /// Whether the content was wrong before.
    spoilt: bool,
    /// The size of chunks for this blob alone.
    chunk_bytes: Option<u64>,
    /// Answers to a blob in one piece that say nothing of its size, and may mean that only chunks are taken.
    strange: u32,
    /// Whether one of them said that there is no such request.
    refused_whole: bool,
    asked: Asked,
    /// What it came to, once it is there.
    written: Written,
}

impl<'a> Transfer<'a> {
    pub(crate) fn new(
        place: &'a Place,
        blob: &'a Blob,
        content: &'a dyn Content,
        session: Url,
        asked: Asked,
    ) -> Self {
        Self {
            place,
            blob,
            content,
            session: Some(session),
            offset: 0,
            reached: 0,
            farthest: 0,
            attempts: Attempts::new(),
            breaks: 0,
            doubted: false,
            spoilt: false,
            chunk_bytes: None,
            strange: 0,
            refused_whole: false,
            asked,
            written: Written::Sent,
        }
    }

    /// Sends until the registry has it all, or turns out to have had it.
    pub(crate) async fn run(mut self) -> Result<Written, StoreError> {
        loop {
            let session = if let Some(session) = self.session.take() {
                session
            } else {
                self.offset = 0;
                self.place.session(self.blob).await?
            };
            self.session = Some(session.clone());
            let sent = match self.chunk() {
                Some(chunk) => self.send_chunks(session, chunk).await,
                None => self.send_rest(session).await,
            };
            let done = match sent {
                Ok(()) => true,
                Err(failure) => self.recover(failure).await?,
            };
            if done {
                self.learn_only_chunks();
                return Ok(self.written);
            }
        }
    }

    /// Returns the size of chunks, if this blob must go in chunks; one that fits into a chunk goes whole.
    fn chunk(&self) -> Option<u64> {
        let facts = self.place.host.facts();
        let learned = facts.chunk_bytes.filter(|chunk| self.blob.size_bytes > *chunk);
        let always = facts.only_chunks.then(|| facts.chunk_bytes.unwrap_or(CHUNK_BYTES));
        self.chunk_bytes.or(learned).or(always).map(|chunk| chunk.max(facts.least_chunk_bytes))
    }

    /// Sends all that the session lacks in one PUT, over which the registry hashes once.
    async fn send_rest(&mut self, session: Url) -> Result<(), Failure> {
        let put = request::upload_put(self.place.path(), &self.blob.digest, &session);
        let piece = Piece::new(self.content, self.offset, self.blob.size_bytes - self.offset);
        let payload = Payload::Content(piece);
        let answer = self.place.exchange.whole(&self.place.host, &put, &payload).await;
        if let Payload::Content(piece) = &payload {
            self.reached = self.offset + piece.sent_bytes();
        }
        self.finished(&put, &answer?).await
    }

    /// Sends piece by piece, and looks after each where the registry stands.
    async fn send_chunks(&mut self, mut session: Url, chunk: u64) -> Result<(), Failure> {
        while self.offset < self.blob.size_bytes {
            let length = chunk.min(self.blob.size_bytes - self.offset);
            let last = self.offset + length - 1;
            let patch = request::upload_patch(
                self.place.path(),
                &self.blob.digest,
                &session,
                (self.offset, last),
            );
            let payload = Payload::Content(Piece::new(self.content, self.offset, length));
            self.reached = self.offset + length;
            let answer = self.place.exchange.whole(&self.place.host, &patch, &payload).await?;
            let kept = answer.header("range").map(kept_bytes);
            if kept.is_some_and(|kept| kept != Some(last + 1)) {
                // distribution 2 takes a chunk with a gap before it and appends it at the wrong place.
                self.session = None;
                return Err(Failure::passing(format!(
                    "it kept another part than the bytes up to {last}"
                )));
            }
            session = self.place.location(&answer).await?;
            self.session = Some(session.clone());
            self.advance(last + 1);
        }
        self.send_rest(session).await
    }

    async fn finished(&self, put: &request::Request, answer: &Answer) -> Result<(), Failure> {
        if answer.status != 201
            && !self.place.has_blob(self.blob).await.map_err(Failure::content)?
        {
            return Err(Failure::passing(format!(
                "{} to the last byte, but the blob is not there",
                answer.status
            )));
        }
        let detail = match self.place.said_instead(put, answer, &self.blob.digest) {
            Ok(None) => return Ok(()),
            Ok(Some(said)) => format!("it says {said} of {}", self.blob.digest),
            Err(_) => "its answer holds no digest where one belongs".to_owned(),
        };
        Err(Failure::new(StoreErrorKind::Digest, detail))
    }

    /// Decides how to go on; `true` when the blob turned out to be there.
    async fn recover(&mut self, mut failure: Failure) -> Result<bool, StoreError> {
        let content = failure.content.as_ref().map(|error| error.kind);
        if content == Some(StoreErrorKind::Digest) && !self.spoilt {
            // The source's bytes may have been spoilt on their way to us.
            self.spoilt = true;
            self.session = None;
            failure.again = true;
        } else if content.is_some() {
            if self.is_there_unasked().await {
                self.written = Written::AlreadyThere;
                return Ok(true);
            }
            return Err(self.error(failure));
        } else if failure.is_other_bytes() && !self.doubted {
            // Our hash was right, so the bytes were spoilt on the way.
            self.doubted = true;
            self.session = None;
            failure.again = true;
        } else if failure.is_other_bytes() {
            failure.detail = format!("the target stored other bytes, twice: {}", failure.detail);
        } else if failure.is_status(&[411, 413, 416]) {
            self.learn_chunks(&mut failure);
        } else if self.may_want_chunks(&failure) {
            self.strange += 1;
            failure.again = true;
            self.refused_whole = !failure.is_status(&[500]);
            if self.strange == 2 || self.refused_whole {
                self.session = None;
                self.chunk_bytes = Some(CHUNK_BYTES);
            }
        } else if failure.is_status(&[404]) || (failure.again && failure.is_status(&[400])) {
            self.session = None;
            failure.again = true;
        }
        let broke = failure.again && self.session.is_some();
        self.wait(failure).await?;
        if broke { self.look_back().await } else { Ok(false) }
    }

    /// Asks for a blob whose content cannot be had, where nobody asked before: it may be there without the source.
    async fn is_there_unasked(&mut self) -> bool {
        std::mem::replace(&mut self.asked, Asked::Once) == Asked::Never
            && matches!(self.place.has_blob(self.blob).await, Ok(true))
    }

    /// Returns whether a refusal may be about a body in one piece: old Artifactory knows no such PUT, and old Harbor answers 500 to
    /// one where a project has a quota (harbor#9427).
    fn may_want_chunks(&self, failure: &Failure) -> bool {
        let silent = failure.is_status(&[500]) && failure.again;
        self.chunk().is_none()
            && self.blob.size_bytes > 0
            && (silent || failure.is_status(&[405, 501]))
    }

    /// Remembers a host that takes no blob in one piece: at once where it said so, after two blobs where it only had faults.
    fn learn_only_chunks(&self) {
        let mut facts = self.place.host.facts();
        facts.odd_chunks += u32::from(self.strange >= 2);
        facts.only_chunks |= self.refused_whole || facts.odd_chunks >= 2;
    }

    async fn wait(&mut self, failure: Failure) -> Result<(), StoreError> {
        let waited = self.place.exchange.wait(&self.place.host, &mut self.attempts, failure).await;
        waited.map_err(|failure| self.error(failure))
    }

    /// Takes smaller pieces from now on, if there are smaller ones.
    fn learn_chunks(&mut self, failure: &mut Failure) {
        let chunk = match self.chunk() {
            None if failure.is_status(&[416]) || self.blob.size_bytes <= CHUNK_BYTES => {
                SMALL_CHUNK_BYTES
            }
            None => CHUNK_BYTES,
            Some(chunk) if chunk > SMALL_CHUNK_BYTES => SMALL_CHUNK_BYTES,
            Some(chunk) => {
                failure.detail = format!(
                    "{}, also for chunks of {} MiB (body limit of a proxy?)",
                    failure.detail,
                    chunk >> 20
                );
                return;
            }
        };
        failure.again = true;
        self.session = None;
        self.chunk_bytes = Some(chunk);
        self.place.host.facts().chunk_bytes = Some(chunk);
    }

    /// After a break, asks what arrived: all of it, a part in the session, or nothing.
    async fn look_back(&mut self) -> Result<bool, StoreError> {
        self.breaks += 1;
        if self.breaks >= 2 && self.blob.size_bytes >= LARGE_BLOB_BYTES {
            self.chunk_bytes = Some(CHUNK_BYTES);
        }
        if self.reached == self.blob.size_bytes && self.place.has_blob(self.blob).await? {
            return Ok(true);
        }
        let Some(session) = self.session.take() else { return Ok(false) };
        let status = request::upload_status(self.place.path(), &self.blob.digest, &session);
        // distribution 2 knows an address only until its next use: then the session is lost, and a new one is cheap.
        let Ok(answer) =
            self.place.exchange.whole(&self.place.host, &status, &Payload::Empty).await
        else {
            return Ok(false);
        };
        let kept = answer.header("range").and_then(kept_bytes).unwrap_or(0);
        if kept > self.reached {
            let detail =
                format!("it claims {kept} bytes of which at most {} were sent", self.reached);
            return Err(self.error(Failure::new(StoreErrorKind::Protocol, detail)));
        }
        if kept > 0 {
            self.session = Some(self.place.location(&answer).await.unwrap_or(session));
            self.advance(kept);
        }
        Ok(false)
    }

    /// Notes how many bytes the session has; those that none had before are progress.
    fn advance(&mut self, offset: u64) {
        self.offset = offset;
        self.attempts.progress(offset.saturating_sub(self.farthest));
        self.farthest = self.farthest.max(offset);
    }

    fn error(&self, failure: Failure) -> StoreError {
        let request = request::upload(self.place.path(), &self.blob.digest);
        self.place.error(&request, failure)
    }
}

/// Reads `0-E` as E+1 bytes. `0-0` means nothing or one byte at distribution, and counts as nothing.
fn kept_bytes(range: &str) -> Option<u64> {
    let range = range.trim().strip_prefix("bytes=").unwrap_or(range.trim());
    let (first, last) = range.split_once('-')?;
    let last: u64 = last.trim().parse().ok()?;
    (first.trim() == "0").then(|| if last == 0 { 0 } else { last + 1 })
}

#[cfg(test)]
mod tests {
    use super::kept_bytes;

    #[test]
    fn ranges_of_sessions() {
        let table = [
            ("0-99", Some(100)),
            ("bytes=0-99", Some(100)),
            ("0-0", Some(0)),
            ("5-9", None),
            ("", None),
            ("0--1", None),
        ];
        for (text, want) in table {
            assert_eq!(kept_bytes(text), want, "{text}");
        }
    }
}
