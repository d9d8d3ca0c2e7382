//! Making a blob part of a repository: found, mounted, or sent.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use sealift_oci::{Blob, Content, Foreseen, StoreError, StoreErrorKind, Written};
use sealift_reference::{Digest, Repository};
use url::Url;

use crate::exchange::Answer;
use crate::failure::Failure;
use crate::limits::{ASK_BYTES, TINY_BYTES};
use crate::payload::Payload;
use crate::registry::Place;
use crate::request::{self, Request};
use crate::retry::Attempts;
use crate::scope::Scopes;
use crate::transfer::{Asked, Transfer};

/// Mounts in a row that may fail for a pair of repositories before no more are tried.
const FAILED_MOUNTS: u32 = 3;

/// How an upload begins.
enum Start {
    /// By the registry's word, the blob is there.
    Mounted,
    /// Its bytes may be sent there.
    Session(Url),
    /// A plain session must be asked for, as a mount was refused (and would be again), or went wrong.
    Plain { is_refused: bool },
}

impl Place {
    pub(crate) async fn write_blob(
        &self,
        blob: &Blob,
        mount_from: Option<&Repository>,
        content: &dyn Content,
    ) -> Result<Written, StoreError> {
        let is_claimed = self.was_claimed(blob);
        if is_claimed && self.has_blob(blob).await? {
            return Ok(self.note_written(blob, Written::AlreadyThere));
        }
        let from = mount_from.filter(|from| self.may_mount(from.path()) && self.is_beside(from));
        let session = match from {
            Some(from) => match self.mount(blob, from.path()).await? {
                Start::Mounted => return Ok(self.note_written(blob, Written::Mounted)),
                Start::Session(url) => Some(url),
                Start::Plain { .. } => None,
            },
            None => None,
        };
        // A mount from another repository says by itself that the blob is there, so that nobody asks before it.
        let asks = !is_claimed && self.is_worth_asking(blob).await;
        if asks && self.has_blob(blob).await? {
            return Ok(Written::AlreadyThere);
        }
        let asked = if is_claimed || asks { Asked::Once } else { Asked::Never };
        let session = match session.or_else(|| self.opened(blob)) {
            Some(session) => session,
            None if asked == Asked::Once => self.session(blob).await?,
            None => match self.found_or_opened(blob).await? {
                Some(session) => session,
                None => return Ok(self.note_written(blob, Written::AlreadyThere)),
            },
        };
        let written = Transfer::new(self, blob, content, session, asked).run().await?;
        Ok(self.note_written(blob, written))
    }

    fn note_written(&self, blob: &Blob, written: Written) -> Written {
        self.host.facts().written.insert(self.key(blob));
        written
    }

    /// Opens a session in the way that also asks whether the blob is there: by a mount from the repository itself; `None` where it
    /// is. distribution 2.8.2 answers 201 then; what answers that with a session gets the blob, perhaps once more. A 201 is no more
    /// than a hint: Harbor forgets blobs that the registry below it remembers, and a blob may have lost its bytes.
    async fn found_or_opened(&self, blob: &Blob) -> Result<Option<Url>, StoreError> {
        let refused = self.host.facts().refuses_own_mounts;
        let start = if refused {
            Start::Plain { is_refused: true }
        } else {
            self.mount(blob, self.path()).await?
        };
        match start {
            Start::Session(url) => Ok(Some(url)),
            Start::Mounted if self.has_blob(blob).await? => Ok(None),
            Start::Mounted => self.session(blob).await.map(Some),
            Start::Plain { is_refused } => {
                let session = self.session(blob).await?;
                self.host.facts().refuses_own_mounts |= is_refused;
                Ok(Some(session))
            }
        }
    }

    /// Says what [`Self::write_blob`] would do, and what it would ask.
    pub(crate) async fn foresee_blob(
        &self,
        blob: &Blob,
        mount_from: Option<&Repository>,
    ) -> Result<Foreseen, StoreError> {
        let claimed = u64::from(self.was_claimed(blob));
        if claimed > 0 && self.has_blob(blob).await? {
            return Ok(Foreseen { written: Written::AlreadyThere, requests: claimed });
        }
        if mount_from.is_some_and(|from| self.is_beside(from)) {
            return Ok(Foreseen { written: Written::Mounted, requests: claimed + 1 });
        }
        if claimed > 0 {
            return Ok(Foreseen { written: Written::Sent, requests: claimed + 2 });
        }
        if blob.size_bytes <= TINY_BYTES {
            return self.foresee_tiny(blob).await;
        }
        let lists = u64::from(blob.size_bytes < ASK_BYTES && self.is_first_to_ask());
        let asks = self.is_worth_asking(blob).await;
        if asks && self.has_blob(blob).await? {
            return Ok(Foreseen { written: Written::AlreadyThere, requests: lists + 1 });
        }
        // A session that is open already is taken, and was counted when it was opened.
        let opens = u64::from(self.opened(blob).is_none());
        Ok(Foreseen { written: Written::Sent, requests: lists + u64::from(asks) + opens + 1 })
    }

    /// A run finds such a blob by opening its upload, which is not done here, and by asking for it then.
    async fn foresee_tiny(&self, blob: &Blob) -> Result<Foreseen, StoreError> {
        // A session that is open already is taken, and was counted when it was opened.
        if self.opened(blob).is_some() {
            return Ok(Foreseen { written: Written::Sent, requests: 1 });
        }
        let finds = !self.host.facts().refuses_own_mounts && !self.is_new().await;
        if finds && self.has_blob(blob).await? {
            return Ok(Foreseen { written: Written::AlreadyThere, requests: 2 });
        }
        Ok(Foreseen { written: Written::Sent, requests: 2 })
    }

    /// Returns whether no other blob of the repository makes a run ask if that is new.
    fn is_first_to_ask(&self) -> bool {
        self.host.facts().foreseen_lists.insert(self.path().to_owned())
    }

    /// Asks for the right to push by beginning the upload of a blob, which goes on from there when its turn comes; of none where
    /// there is none to be sent. A mount from the repository itself asks as well whether the blob is there: a session that the
    /// next best blob took would send again what an earlier run has sent.
    pub(crate) async fn begin(&self, blob: Option<&Blob>) -> Result<(), StoreError> {
        let mut start = Start::Plain { is_refused: false };
        if let Some(blob) = blob
            && !self.host.facts().refuses_own_mounts
        {
            self.count_question();
            start = self.mount(blob, self.path()).await?;
        }
        if let Start::Plain { is_refused } = start {
            self.count_question();
            let session = self.session_by(&request::upload_of_any(self.path())).await?;
            self.host.facts().refuses_own_mounts |= is_refused;
            start = Start::Session(session);
        }
        if let Start::Session(_) = &start {
            self.exchange.opened_sessions.fetch_add(1, Ordering::Relaxed);
        }
        let Some(blob) = blob else { return Ok(()) };
        let mut facts = self.host.facts();
        match start {
            Start::Session(url) => drop(facts.sessions.insert(self.key(blob), url)),
            Start::Mounted => drop(facts.claimed.insert(self.key(blob))),
            Start::Plain { .. } => {}
        }
        Ok(())
    }

    fn count_question(&self) {
        self.exchange.push_questions.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes the session that was opened for a blob.
    fn opened(&self, blob: &Blob) -> Option<Url> {
        self.host.facts().sessions.remove(&self.key(blob))
    }

    /// Returns whether the registry claimed to have a blob when its upload was to begin; said once, as it is asked for then.
    fn was_claimed(&self, blob: &Blob) -> bool {
        self.host.facts().claimed.remove(&self.key(blob))
    }

    fn key(&self, blob: &Blob) -> (String, Digest) {
        (self.path().to_owned(), blob.digest.clone())
    }

    /// Returns whether a HEAD may save an upload. For a tiny blob, and in a repository without tags, which is new or was left half
    /// filled, the request that opens the session asks as well ([`Self::found_or_opened`]). What this run has written is asked for:
    /// the registry has said that it is not there.
    async fn is_worth_asking(&self, blob: &Blob) -> bool {
        let ours = self.host.facts().written.contains(&self.key(blob));
        let is_tiny = blob.size_bytes <= TINY_BYTES;
        ours || (!is_tiny && (blob.size_bytes >= ASK_BYTES || !self.is_new().await))
    }

    /// Returns whether a blob is there, by one HEAD.
    pub(crate) async fn has_blob(&self, blob: &Blob) -> Result<bool, StoreError> {
        let mut head = request::blob_head(self.path(), &blob.digest);
        // One token for all that is done to a target.
        head.scopes = Scopes::push(self.path());
        match self.call(&head).await {
            Ok(answer) => {
                match answer.header("content-length").and_then(|text| text.parse::<u64>().ok()) {
                    Some(length) if length != blob.size_bytes => {
                        let detail = format!(
                            "it has {length} bytes under this digest instead of {}",
                            blob.size_bytes
                        );
                        Err(self.error(&head, Failure::new(StoreErrorKind::Length, detail)))
                    }
                    _ => Ok(true),
                }
            }
            // What forbids or knows no HEAD may still take an upload.
            Err(failure) if failure.is_status(&[400, 403, 404, 405, 501]) => Ok(false),
            Err(failure) => Err(self.error(&head, failure)),
        }
    }

    /// Returns whether the repository is unknown to the registry; asked once.
    async fn is_new(&self) -> bool {
        let cell = Arc::clone(self.host.facts().new.entry(self.path().to_owned()).or_default());
        let new = cell.get_or_init(|| async {
            let mut tags = request::tags(self.path(), 1);
            tags.scopes = Scopes::push(self.path());
            match self.exchange.whole(&self.host, &tags, &Payload::Empty).await {
                Err(failure) => failure.is_status(&[404]) && failure.has_code("NAME_UNKNOWN"),
                Ok(_) => false,
            }
        });
        *new.await
    }

    /// Returns whether mounts from a repository of this host have not failed too often.
    fn may_mount(&self, from: &str) -> bool {
        let pair = (self.path().to_owned(), from.to_owned());
        let failed = self.host.facts().failed_mounts.get(&pair).copied().unwrap_or_default();
        failed < FAILED_MOUNTS
    }

    /// Returns whether a repository is another one of the same host.
    fn is_beside(&self, other: &Repository) -> bool {
        other.host() == self.repository.host() && *other != self.repository
    }

    /// Asks for a mount.
    async fn mount(&self, blob: &Blob, from: &str) -> Result<Start, StoreError> {
        let request = request::mount(self.path(), &blob.digest, from);
        let pair = (self.path().to_owned(), from.to_owned());
        let mut attempts = Attempts::new();
        loop {
            match self.exchange.whole(&self.host, &request, &Payload::Empty).await {
                Ok(answer) if answer.status == 201 => {
                    self.host.facts().failed_mounts.remove(&pair);
                    return Ok(Start::Mounted);
                }
                Ok(answer) => {
                    self.note_failed_mount(pair);
                    let session = self.location(&answer).await;
                    return session
                        .map(Start::Session)
                        .map_err(|failure| self.error(&request, failure));
                }
                Err(failure) if failure.is_status(&[400, 401, 403, 404, 405, 500, 501]) => {
                    self.note_failed_mount(pair);
                    return Ok(Start::Plain { is_refused: !failure.is_status(&[500]) });
                }
                Err(failure) => {
                    let waited = self.exchange.wait(&self.host, &mut attempts, failure).await;
                    waited.map_err(|failure| self.error(&request, failure))?;
                }
            }
        }
    }

    /// From the repository itself, it only says that the blob is not there.
    fn note_failed_mount(&self, pair: (String, String)) {
        if pair.0 != pair.1 {
            *self.host.facts().failed_mounts.entry(pair).or_default() += 1;
        }
    }

    /// Opens a session.
    pub(crate) async fn session(&self, blob: &Blob) -> Result<Url, StoreError> {
        self.session_by(&request::upload(self.path(), &blob.digest)).await
    }

    async fn session_by(&self, request: &Request) -> Result<Url, StoreError> {
        match self.call(request).await {
            Ok(answer) => {
                self.location(&answer).await.map_err(|failure| self.error(request, failure))
            }
            Err(mut failure) => {
                match failure.kind {
                    StoreErrorKind::ReadOnly => {
                        failure.detail = format!("read-only registry: {}", failure.detail);
                    }
                    StoreErrorKind::NotFound => {
                        failure.detail =
                            format!("no such project or repository: {}", failure.detail);
                    }
                    _ => {}
                }
                Err(self.error(request, failure))
            }
        }
    }

    /// Reads where a session goes on, and how small its chunks may be.
    pub(crate) async fn location(&self, answer: &Answer) -> Result<Url, Failure> {
        let least = answer.header("oci-chunk-min-length").and_then(|text| text.parse().ok());
        if let Some(least) = least {
            self.host.facts().least_chunk_bytes = least;
        }
        let location = answer.header("location");
        let location = location.ok_or_else(|| {
            Failure::new(
                StoreErrorKind::Protocol,
                format!("{} without Location, not a registry?", answer.status),
            )
        })?;
        let reach = self.exchange.reach_of(&self.host, &answer.url).await;
        crate::redirect::session(&answer.url, location, reach)
            .map_err(|why| Failure::new(StoreErrorKind::Redirect, why))
    }
}
