//! An OCI image layout on disk: one folder of blobs by digest, and an `index.json` that names the roots.
//!
//! Spec: <https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md>. A layout has no repositories: a blob is
//! there or not, and names are full references in `org.opencontainers.image.ref.name`, which skopeo takes as they are.

mod disk;
mod index;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::StreamExt;
use sealift_files::{Folder, Mode};
use sealift_reference::{Digest, Hasher, Repository, Tag};

use crate::limits::{LAYOUT_INDEX_BYTES, MANIFEST_BYTES};
use crate::memory::as_referrer;
use crate::{
    Blob, BlobStream, Content, Descriptor, Document, Hint, Manifest, Resolved, Source, StoreError,
    StoreErrorKind, Target, Written,
};
use index::Index;

const VERSION_FILE: &str = "oci-layout";
const INDEX_FILE: &str = "index.json";
const VERSION: &str = r#"{"imageLayoutVersion":"1.0.0"}"#;

/// An image layout that is read, or written.
///
/// Blobs and `index.json` appear whole or not at all. A blob that was there before is hashed before it counts as there. One
/// process may write at a time.
#[derive(Debug)]
pub struct Layout {
    folder: Arc<Folder>,
    index: Mutex<Index>,
    /// Blobs whose bytes this process has hashed.
    hashed: Mutex<BTreeSet<Digest>>,
    /// What roots refer to, as far as it was read.
    subjects: Mutex<BTreeMap<Digest, Option<(Digest, Descriptor)>>>,
    bare_tags: Option<Repository>,
    /// The revision of the index that is on disk; held while it is written.
    written: tokio::sync::Mutex<u64>,
    /// Held while a manifest is written, by the first digit of its hash: several repositories may get the same one at once.
    documents: [tokio::sync::Mutex<()>; 16],
    /// Held while a layout may be written.
    _lock: Option<sealift_files::Lock>,
}

impl Layout {
    /// Opens a layout to read it. Blobs may be absent: sparse layouts are legal.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::NotFound`] where `oci-layout` or `index.json` is absent, [`StoreErrorKind::Refused`] where they are
    /// not what the specification says, [`StoreErrorKind::Disk`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let folder = Folder::open(path).map_err(disk::failed)?;
        let index = read_index(&folder)?;
        Ok(Self::new(folder, index, None))
    }

    /// Opens a layout to write it, and makes it where there is none.
    ///
    /// # Errors
    ///
    /// As [`Layout::open`]; [`StoreErrorKind::Disk`] also where another process writes it.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let folder = Folder::create(path).map_err(disk::failed)?;
        let lock = folder.lock(".sealift-lock").map_err(disk::failed)?;
        if folder.size(VERSION_FILE).map_err(disk::failed)?.is_none() {
            folder
                .write(INDEX_FILE, Index::default().to_json().as_bytes(), Mode::Public)
                .map_err(disk::failed)?;
            folder.write(VERSION_FILE, VERSION.as_bytes(), Mode::Public).map_err(disk::failed)?;
        }
        let index = read_index(&folder)?;
        Ok(Self::new(folder, index, Some(lock)))
    }

    /// Takes names that are only a tag (as `podman save` and many tools write them) for tags of this repository.
    #[must_use]
    pub fn with_bare_tags_of(self, repository: Repository) -> Self {
        Self { bare_tags: Some(repository), ..self }
    }

    /// Returns what has a name: full references, sorted, each with its digest.
    #[must_use]
    pub fn names(&self) -> Vec<(String, Digest)> {
        self.index().names()
    }

    fn new(folder: Folder, index: Index, lock: Option<sealift_files::Lock>) -> Self {
        Self {
            folder: Arc::new(folder),
            index: Mutex::new(index),
            hashed: Mutex::default(),
            subjects: Mutex::default(),
            bare_tags: None,
            written: tokio::sync::Mutex::default(),
            documents: Default::default(),
            _lock: lock,
        }
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hashed(&self) -> MutexGuard<'_, BTreeSet<Digest>> {
        self.hashed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn size_of(&self, digest: &Digest) -> Result<Option<u64>, StoreError> {
        let (folder, name) = (Arc::clone(&self.folder), blob_name(digest));
        disk::blocking(move || folder.size(&name).map_err(disk::failed)).await
    }

    /// Reads a document whole, and checks its hash.
    async fn read(&self, digest: &Digest) -> Result<Option<Document>, StoreError> {
        let (folder, wanted) = (Arc::clone(&self.folder), digest.clone());
        let bytes =
            disk::blocking(move || match folder.read(&blob_name(&wanted), MANIFEST_BYTES as u64) {
                Ok(bytes) if Digest::of(wanted.algorithm(), &bytes) == wanted => Ok(Some(bytes)),
                Ok(_) => Err(StoreError::new(
                    StoreErrorKind::Digest,
                    format!("the bytes of {wanted} are not those that it names"),
                )),
                Err(error) if error.is_not_found() => Ok(None),
                Err(error) => Err(disk::failed(error)),
            });
        let Some(bytes) = bytes.await? else { return Ok(None) };
        self.document_of(digest, Bytes::from(bytes)).map(Some)
    }

    fn document_of(&self, digest: &Digest, bytes: Bytes) -> Result<Document, StoreError> {
        let entry = self.index().media_type(digest);
        let hint = Hint { descriptor: entry.as_ref(), content_type: None };
        let manifest = Manifest::parse(&bytes, hint).map_err(|error| {
            StoreError::new(StoreErrorKind::Refused, format!("manifest {digest} is refused"))
                .because(error)
        })?;
        Ok(Document { media_type: manifest.media_type, digest: digest.clone(), bytes })
    }

    /// Returns whether the right bytes are there already; wrong ones are to be written again.
    async fn is_intact(&self, blob: &Blob) -> Result<bool, StoreError> {
        if self.size_of(&blob.digest).await? != Some(blob.size_bytes) {
            return Ok(false);
        }
        if self.hashed().contains(&blob.digest) {
            return Ok(true);
        }
        let mut stream = disk::stream(Arc::clone(&self.folder), blob_name(&blob.digest), 0).await?;
        let mut hasher = Hasher::new(blob.digest.algorithm());
        while let Some(piece) = stream.next().await {
            hasher.update(&piece?);
        }
        let is_intact = hasher.finish() == blob.digest;
        if is_intact {
            self.hashed().insert(blob.digest.clone());
        }
        Ok(is_intact)
    }

    /// Writes the index, unless another call has written what is in it now.
    async fn put_index(&self, revision: u64) -> Result<(), StoreError> {
        let mut written = self.written.lock().await;
        if *written >= revision {
            return Ok(());
        }
        let (json, revision) = {
            let index = self.index();
            (index.to_json(), index.revision())
        };
        let folder = Arc::clone(&self.folder);
        disk::blocking(move || {
            folder.write(INDEX_FILE, json.as_bytes(), Mode::Public).map_err(disk::failed)
        })
        .await?;
        *written = revision;
        Ok(())
    }

    async fn put_document(&self, document: &Document) -> Result<(), StoreError> {
        let digit = document
            .digest
            .hex()
            .chars()
            .next()
            .and_then(|digit| digit.to_digit(16))
            .unwrap_or_default();
        let _turn = self.documents[digit as usize].lock().await;
        let blob =
            Blob { digest: document.digest.clone(), size_bytes: document.bytes.len() as u64 };
        if self.is_intact(&blob).await? {
            return Ok(());
        }
        let (folder, bytes) = (Arc::clone(&self.folder), document.bytes.clone());
        let name = blob_name(&document.digest);
        disk::blocking(move || folder.write(&name, &bytes, Mode::Public).map_err(disk::failed))
            .await?;
        self.hashed().insert(blob.digest);
        Ok(())
    }

    /// Returns what a root refers to, and how it is listed as a referrer.
    async fn subject_of(&self, root: &Digest) -> Result<Option<(Digest, Descriptor)>, StoreError> {
        let known = self.subjects.lock().unwrap_or_else(PoisonError::into_inner).get(root).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let found = self.read(root).await?.as_ref().and_then(as_referrer);
        self.subjects
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(root.clone(), found.clone());
        Ok(found)
    }
}

impl Source for Layout {
    async fn resolve(
        &self,
        repository: &Repository,
        tag: &Tag,
    ) -> Result<Option<Resolved>, StoreError> {
        self.index().find(repository, tag, self.bare_tags.as_ref())
    }

    async fn document(
        &self,
        _: &Repository,
        digest: &Digest,
    ) -> Result<Option<Document>, StoreError> {
        self.read(digest).await
    }

    async fn has_document(&self, _: &Repository, digest: &Digest) -> Result<bool, StoreError> {
        Ok(self.size_of(digest).await?.is_some())
    }

    async fn blob_size(&self, _: &Repository, digest: &Digest) -> Result<Option<u64>, StoreError> {
        self.size_of(digest).await
    }

    async fn blob(
        &self,
        _: &Repository,
        blob: &Blob,
        offset: u64,
    ) -> Result<BlobStream, StoreError> {
        disk::stream(Arc::clone(&self.folder), blob_name(&blob.digest), offset).await
    }

    async fn referrers(
        &self,
        _: &Repository,
        digest: &Digest,
    ) -> Result<Vec<Descriptor>, StoreError> {
        let roots = self.index().roots();
        let mut referrers = Vec::new();
        for root in roots {
            if let Some((subject, descriptor)) = self.subject_of(&root).await?
                && subject == *digest
            {
                referrers.push(descriptor);
            }
        }
        Ok(referrers)
    }
}

impl Target for Layout {
    async fn write_blob(
        &self,
        _: &Repository,
        blob: &Blob,
        mount_from: Option<&Repository>,
        content: &dyn Content,
    ) -> Result<Written, StoreError> {
        if self.is_intact(blob).await? {
            return Ok(if mount_from.is_some() { Written::Mounted } else { Written::AlreadyThere });
        }
        let stream = content.open(0).await?;
        disk::write(&self.folder, blob_name(&blob.digest), stream, blob).await?;
        self.hashed().insert(blob.digest.clone());
        Ok(Written::Sent)
    }

    async fn write_document(
        &self,
        repository: &Repository,
        document: &Document,
        tag: Option<&Tag>,
    ) -> Result<(), StoreError> {
        if Digest::of(document.digest.algorithm(), &document.bytes) != document.digest {
            let message = format!("other bytes than {} were given", document.digest);
            return Err(StoreError::new(StoreErrorKind::Digest, message));
        }
        self.put_document(document).await?;
        self.subjects.lock().unwrap_or_else(PoisonError::into_inner).remove(&document.digest);
        // What refers to something is found through `index.json`, so it stands there without a name.
        if tag.is_some() || as_referrer(document).is_some() {
            let revision = self.index().put(repository, document, tag);
            self.put_index(revision).await?;
        }
        Ok(())
    }
}

fn read_index(folder: &Folder) -> Result<Index, StoreError> {
    let version = folder.read(VERSION_FILE, 4096).map_err(disk::failed)?;
    index::check_version(&version)?;
    let json = folder.read(INDEX_FILE, LAYOUT_INDEX_BYTES as u64).map_err(disk::failed)?;
    Index::parse(&json)
}

fn blob_name(digest: &Digest) -> String {
    format!("blobs/{}/{}", digest.algorithm(), digest.hex())
}
