//! Manifests that were read before, in the user's cache: a registry that counts pulls is asked once for each.
//!
//! A file holds a manifest with the media type that its registry gave, and is named by the manifest's digest. What is in it is
//! hashed at each use; an altered one counts as none. Two folders take turns, so that what was not used for long goes away.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use sealift_files::{Folder, Mode};
use sealift_oci::{Document, Front, Resolved, Source as _, StoreError, limits::MANIFEST_BYTES};
use sealift_reference::{Digest, MediaType, Repository, Tag};
use sealift_registry::Registry;

use crate::commands::Context;
use crate::failure::Failure;

/// The first line of a file.
const FORMAT: &str = "sealift-manifest 1";

/// Bytes before the manifest: format, a digest, a media type.
const HEAD_BYTES: u64 = 4 << 10;

/// Bytes of the newer folder at which it becomes the older one: 20 000 manifests of the usual size.
const FOLDER_BYTES: u64 = 64 << 20;

const NEWER: &str = "newer";
const OLDER: &str = "older";

/// The cache.
#[derive(Debug)]
pub(crate) struct Kept {
    folder: Folder,
    /// Bytes in the newer folder, once that was counted.
    bytes: Mutex<Option<u64>>,
}

impl Kept {
    /// Opens the cache; where it cannot be had, nothing is kept.
    ///
    /// # Errors
    ///
    /// Where somebody else may change the folder.
    pub(crate) fn open(context: &Context) -> Result<Option<Self>, Failure> {
        let Some(folder) = context.environment.cache_folder() else { return Ok(None) };
        match Folder::create_private(folder.join("manifests")) {
            Ok(folder) => Ok(Some(Self { folder, bytes: Mutex::default() })),
            Err(error @ sealift_files::Error::Foreign { .. }) => Err(error.into()),
            Err(error) => {
                context.ui.detail(&format!("manifests are not kept: {error}"));
                Ok(None)
            }
        }
    }

    /// Returns a manifest whose bytes are right.
    pub(crate) fn get(&self, digest: &Digest) -> Option<Document> {
        let read = |folder| self.folder.read(&name(folder, digest), LIMIT_BYTES).ok();
        if let Some(document) = read(NEWER).and_then(|bytes| unpack(bytes, digest)) {
            return Some(document);
        }
        let document = unpack(read(OLDER)?, digest)?;
        self.keep(&document);
        Some(document)
    }

    /// Keeps a manifest. Where that fails it is read again another time.
    pub(crate) fn keep(&self, document: &Document) {
        if let Err(error) = self.try_keep(document) {
            tracing::debug!(%error, digest = %document.digest, "a manifest is not kept");
        }
    }

    fn try_keep(&self, document: &Document) -> Result<(), sealift_files::Error> {
        let tail = [document.media_type.as_str().as_bytes(), b"\n", &document.bytes].concat();
        let head = format!("{FORMAT}\n{}\n", Digest::sha256(&tail));
        self.make_room((head.len() + tail.len()) as u64)?;
        let mut part = self.folder.part(&name(NEWER, &document.digest))?;
        part.write(head.as_bytes())?;
        part.write(&tail)?;
        part.commit_unsynced(Mode::Secret)
    }

    fn make_room(&self, more: u64) -> Result<(), sealift_files::Error> {
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let known = match *bytes {
            Some(known) => known,
            None => size_of(&self.folder)?,
        };
        let full = known + more > FOLDER_BYTES;
        if full {
            self.folder.remove_tree(OLDER)?;
            self.folder.rename(NEWER, OLDER)?;
        }
        *bytes = Some(if full { more } else { known + more });
        Ok(())
    }
}

const LIMIT_BYTES: u64 = MANIFEST_BYTES as u64 + HEAD_BYTES;

fn size_of(folder: &Folder) -> Result<u64, sealift_files::Error> {
    let newer = folder.create_folder(NEWER)?;
    let mut bytes = 0;
    for entry in newer.entries()? {
        bytes += newer.size(&entry.name)?.unwrap_or_default();
    }
    Ok(bytes)
}

fn name(folder: &str, digest: &Digest) -> String {
    format!("{folder}/{}-{}", digest.algorithm(), digest.hex())
}

/// Takes a file apart. The media type is hashed too: the digest of the manifest says nothing about it.
fn unpack(bytes: Vec<u8>, digest: &Digest) -> Option<Document> {
    let bytes = Bytes::from(bytes);
    let mut lines = bytes.splitn(4, |byte| *byte == b'\n');
    let mut line = || std::str::from_utf8(lines.next()?).ok();
    let (format, tail, media_type) = (line()?, line()?, line()?);
    let start = format.len() + tail.len() + 2;
    let is_whole = format == FORMAT && tail == Digest::sha256(bytes.get(start..)?).as_str();
    let document = bytes.slice(start + media_type.len() + 1..);
    let is_right = is_whole && Digest::of(digest.algorithm(), &document) == *digest;
    is_right.then(|| Document {
        media_type: MediaType::from(media_type),
        digest: digest.clone(),
        bytes: document,
    })
}

/// Registries whose manifests are kept.
#[derive(Clone)]
pub(crate) struct Keeping {
    pub(crate) registry: Arc<Registry>,
    kept: Option<Arc<Kept>>,
    /// Manifests that a repository was heard to have in this run. That one is kept says nothing of where it is.
    heard: Arc<Mutex<BTreeSet<(Repository, Digest)>>>,
}

impl Keeping {
    pub(crate) fn new(context: &Context, registry: Arc<Registry>) -> Result<Self, Failure> {
        let kept = Kept::open(context)?.map(Arc::new);
        Ok(Self { registry, kept, heard: Arc::default() })
    }

    /// Whether manifests are kept at all.
    pub(crate) fn keeps(&self) -> bool {
        self.kept.is_some()
    }

    /// Whether a manifest is here already.
    pub(crate) fn has(&self, digest: &Digest) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.get(digest).is_some())
    }

    fn has_heard(&self, repository: &Repository, digest: &Digest) -> bool {
        self.heard().contains(&(repository.clone(), digest.clone()))
    }

    fn hear(&self, repository: &Repository, digest: &Digest) {
        self.heard().insert((repository.clone(), digest.clone()));
    }

    fn heard(&self) -> MutexGuard<'_, BTreeSet<(Repository, Digest)>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Front for Keeping {
    type Behind = Registry;

    fn behind(&self) -> &Registry {
        &self.registry
    }

    async fn resolve(
        &self,
        repository: &Repository,
        tag: &Tag,
    ) -> Result<Option<Resolved>, StoreError> {
        let resolved = self.registry.resolve(repository, tag).await?;
        if let Some(resolved) = &resolved {
            self.hear(repository, &resolved.digest);
        }
        Ok(resolved)
    }

    async fn document(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Option<Document>, StoreError> {
        if let Some(document) = self.kept.as_ref().and_then(|kept| kept.get(digest)) {
            return Ok(Some(document));
        }
        let document = self.registry.document(repository, digest).await?;
        if let Some(document) = &document {
            self.hear(repository, digest);
            if let Some(kept) = &self.kept {
                kept.keep(document);
            }
        }
        Ok(document)
    }

    /// Asks the repository, once a run. A manifest that is not kept is read then, so that it need not be asked for again.
    async fn has_document(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<bool, StoreError> {
        if self.has_heard(repository, digest) {
            return Ok(true);
        }
        if self.kept.is_some() && !self.has(digest) {
            return Ok(Front::document(self, repository, digest).await?.is_some());
        }
        let is_there = self.registry.has_document(repository, digest).await?;
        if is_there {
            self.hear(repository, digest);
        }
        Ok(is_there)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache() -> (tempfile::TempDir, Kept) {
        let place = tempfile::tempdir().expect("a folder");
        let folder = Folder::create_private(place.path().join("manifests")).expect("made");
        (place, Kept { folder, bytes: Mutex::default() })
    }

    fn document(text: &str) -> Document {
        let bytes = Bytes::copy_from_slice(text.as_bytes());
        Document { media_type: "a/b".into(), digest: Digest::sha256(&bytes), bytes }
    }

    #[test]
    fn a_manifest_is_given_back_as_it_was_and_an_altered_one_is_not() {
        let (place, kept) = cache();
        let document = document("{\n}\n");
        assert_eq!(kept.get(&document.digest), None);
        kept.keep(&document);
        assert_eq!(kept.get(&document.digest), Some(document.clone()));
        let file = place.path().join("manifests").join(name(NEWER, &document.digest));
        let text = sealift_files::read_text(&file, 1000).expect("text");
        for (from, to) in
            [("a/b", "a/c"), ("{\n}", "{ }"), ("sealift-manifest 1", "sealift-manifest 2")]
        {
            let altered = text.replace(from, to);
            sealift_files::write(&file, altered.as_bytes(), Mode::Secret).expect("written");
            assert_eq!(kept.get(&document.digest), None, "{from}");
        }
        sealift_files::write(&file, b"", Mode::Secret).expect("written");
        assert_eq!(kept.get(&document.digest), None);
        kept.keep(&document);
        assert_eq!(kept.get(&document.digest), Some(document));
    }

    #[test]
    fn the_older_half_goes_when_the_newer_one_is_full_and_what_is_used_stays() {
        let (_place, kept) = cache();
        let (first, second, third) = (document("1"), document("2"), document("3"));
        let fill = || *kept.bytes.lock().expect("no panic") = Some(FOLDER_BYTES);
        kept.keep(&first);
        kept.keep(&second);
        fill();
        kept.keep(&third);
        assert!(
            kept.get(&first.digest).is_some(),
            "it is in the older half, and moves to the newer"
        );
        fill();
        kept.keep(&third);
        assert_eq!(kept.get(&second.digest), None);
        assert!([first, third].iter().all(|document| kept.get(&document.digest).is_some()));
    }
}
