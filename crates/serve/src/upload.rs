//! Uploads: content that arrives in one request or several, hashed as it comes.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use sealift_files::PartFile;
use sealift_reference::{Algorithm, Digest, Hasher};
use tokio::sync::Mutex as AsyncMutex;

use crate::Limits;
use crate::fault::Fault;
use crate::limits::{EVICT_AFTER, HASHED_BYTES};
use crate::route::Name;

/// The open uploads.
#[derive(Debug)]
pub(crate) struct Uploads {
    open: Mutex<HashMap<String, Open>>,
    limits: Limits,
    random: RandomState,
}

#[derive(Debug)]
struct Open {
    name: Name,
    rests_since: Instant,
    session: Arc<AsyncMutex<Session>>,
}

/// One upload. Whoever holds its lock is the one request that writes.
#[derive(Debug)]
pub(crate) struct Session {
    part: Option<PartFile>,
    hasher: Option<Hasher>,
}

impl Session {
    pub(crate) fn new(part: PartFile) -> Self {
        Self { part: Some(part), hasher: Some(Hasher::new(Algorithm::Sha256)) }
    }

    pub(crate) fn received_bytes(&self) -> u64 {
        self.part.as_ref().map_or(0, PartFile::size_bytes)
    }

    /// Returns whether more can come.
    pub(crate) fn is_open(&self) -> bool {
        self.part.is_some()
    }

    /// Appends bytes. After a failure the upload is of no use any more.
    pub(crate) fn append(&mut self, bytes: &Bytes, limit_bytes: u64) -> Result<(), Fault> {
        let part = self.part.as_mut().ok_or_else(Fault::upload_unknown)?;
        if part.size_bytes().saturating_add(bytes.len() as u64) > limit_bytes {
            let message = format!("more than {limit_bytes} bytes in one blob");
            return Err(Fault::new(http::StatusCode::PAYLOAD_TOO_LARGE, "SIZE_INVALID", message));
        }
        if let Err(error) = part.write(bytes) {
            // A part of unknown content takes room on a full disk: it goes at once.
            drop(self.part.take());
            return Err(error.into());
        }
        self.hasher.as_mut().expect("taken only with the part").update(bytes);
        Ok(())
    }

    /// Returns the part when it is what `digest` says; the upload is over either way.
    pub(crate) fn finish(&mut self, digest: &Digest) -> Result<PartFile, Fault> {
        let part = self.part.take().ok_or_else(Fault::upload_unknown)?;
        let found = match digest.algorithm() {
            Algorithm::Sha256 => self.hasher.take().expect("taken only with the part").finish(),
            other @ Algorithm::Sha512 => hash(&part.reader()?, other)?,
        };
        if found != *digest {
            return Err(Fault::digest_invalid(format!("the content is {found}, not {digest}")));
        }
        Ok(part)
    }
}

/// Hashes a file from its start, in pieces.
pub(crate) fn hash(
    file: &sealift_files::ReadFile,
    algorithm: Algorithm,
) -> Result<Digest, sealift_files::Error> {
    let mut hasher = Hasher::new(algorithm);
    let mut offset = 0;
    while offset < file.size_bytes() {
        let piece = file.read_at(offset, HASHED_BYTES)?;
        if piece.is_empty() {
            break;
        }
        offset += piece.len() as u64;
        hasher.update(&piece);
    }
    Ok(hasher.finish())
}

impl Uploads {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { open: Mutex::default(), limits, random: RandomState::new() }
    }

    /// Opens an upload, and returns its id. `part` is called only when there is room.
    pub(crate) fn open(
        &self,
        name: &Name,
        part: impl FnOnce() -> Result<PartFile, Fault>,
    ) -> Result<String, Fault> {
        let mut open = self.lock();
        if open.len() >= self.limits.uploads {
            let oldest = open
                .iter()
                .filter(|(_, upload)| upload.rests(EVICT_AFTER))
                .min_by_key(|(_, upload)| upload.rests_since);
            let oldest = oldest.map(|(id, _)| id.clone()).ok_or_else(Fault::too_many_uploads)?;
            open.remove(&oldest);
        }
        let session = Arc::new(AsyncMutex::new(Session::new(part()?)));
        let id = self.new_id();
        open.insert(id.clone(), Open { name: name.clone(), rests_since: Instant::now(), session });
        Ok(id)
    }

    /// Returns an upload of a repository.
    pub(crate) fn get(&self, name: &Name, id: &str) -> Result<Arc<AsyncMutex<Session>>, Fault> {
        let mut open = self.lock();
        let upload = open
            .get_mut(id)
            .filter(|upload| upload.name == *name)
            .ok_or_else(Fault::upload_unknown)?;
        upload.rests_since = Instant::now();
        Ok(Arc::clone(&upload.session))
    }

    /// Ends an upload; what it wrote goes with it. `false` when it is not open.
    pub(crate) fn remove(&self, name: &Name, id: &str) -> bool {
        let mut open = self.lock();
        let ours = open.get(id).is_some_and(|upload| upload.name == *name);
        ours && open.remove(id).is_some()
    }

    /// Ends the uploads that rested too long.
    pub(crate) fn sweep(&self) {
        self.lock().retain(|_, upload| !upload.rests(self.limits.upload_rest));
    }

    /// Not a secret (every request is checked), but not to be hit by chance: 128 bits that differ from run to run.
    fn new_id(&self) -> String {
        let now = Instant::now();
        let other = RandomState::new().hash_one(now);
        format!("{:016x}{other:016x}", self.random.hash_one((now, other)))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// Nobody writes, and nobody has for this long.
    fn rests(&self, least: Duration) -> bool {
        Arc::strong_count(&self.session) == 1 && self.rests_since.elapsed() >= least
    }
}
