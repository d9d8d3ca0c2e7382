//! A registry in memory: content by repository, children before parents, and a count of what it was asked.

mod requests;
mod state;

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use sealift_reference::{Digest, MediaType, Repository, Tag};

pub use requests::{Request, Requests};

use crate::limits::SIZE_BYTES;
use crate::{
    Blob, BlobStream, Content, Descriptor, Document, Hint, Manifest, Resolved, Source, StoreError,
    StoreErrorKind, Target, Written, verified,
};
use state::State;

/// Bytes of one piece of a body, as the registry client sends them.
const PIECE_BYTES: usize = 256 << 10;

/// A store in memory that behaves as a registry does, for tests and demonstrations.
///
/// It counts requests as a registry client would need them: a blob that is sent costs `HEAD`, `POST` and `PUT`, a mount one
/// `POST`. It refuses manifests whose children are not in the same repository, as distribution does.
#[derive(Debug, Default)]
pub struct Memory {
    state: Mutex<State>,
    takes_sparse: bool,
    no_mounts: bool,
    knows_new: bool,
}

impl Memory {
    /// Makes an empty store that refuses sparse indexes, as most registries do, and mounts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Accepts an index although manifests that it names are absent.
    #[must_use]
    pub fn taking_sparse_indexes(self) -> Self {
        Self { takes_sparse: true, ..self }
    }

    /// Never mounts a blob from another repository.
    #[must_use]
    pub fn without_mounts(self) -> Self {
        Self { no_mounts: true, ..self }
    }

    /// Asks once per repository whether it is new, and then asks for no blob in it.
    #[must_use]
    pub fn knowing_new_repositories(self) -> Self {
        Self { knows_new: true, ..self }
    }

    /// Answers `requests` more requests and fails all that follow, also in the middle of a body.
    pub fn cut_after(&self, requests: u64) {
        self.lock().cut_after(Some(requests));
    }

    /// Ends [`Memory::cut_after`], and forgets what the client would have learned and counted.
    pub fn restart(&self) {
        self.lock().restart();
    }

    /// Returns what was asked since the last [`Memory::restart`].
    #[must_use]
    pub fn requests(&self) -> Requests {
        self.lock().requests()
    }

    /// Removes a blob or manifest from a repository without a check, as garbage collection in mid-run would.
    pub fn forget(&self, repository: &Repository, digest: &Digest) {
        self.lock().forget(repository, digest);
    }

    /// Replaces the bytes of a blob everywhere: a store whose disk is damaged.
    pub fn corrupt(&self, digest: &Digest, bytes: Bytes) {
        self.lock().corrupt(digest, bytes);
    }

    /// Puts content in without requests: blobs first, then documents, the last one under `tag`.
    ///
    /// Nothing is checked, so that broken and sparse stores can be made.
    pub fn fill(
        &self,
        repository: &Repository,
        blobs: &[Bytes],
        documents: &[Document],
        tag: Option<&Tag>,
    ) {
        self.lock().fill(repository, blobs, documents, tag);
    }

    /// Returns everything by repository, sorted: `(repository, digest or tag, digest)`. Two stores with equal content are equal.
    #[must_use]
    pub fn contents(&self) -> Vec<(String, String, String)> {
        self.lock().contents()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves maps that are still maps.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn asked(
        &self,
        request: Request,
        what: &dyn std::fmt::Display,
    ) -> Result<MutexGuard<'_, State>, StoreError> {
        let mut state = self.lock();
        state.count(request, what)?;
        Ok(state)
    }

    /// Returns whether the blob is known to be in the repository, asking as little as the registry client does for blobs that are
    /// too long to be sent unasked.
    fn blob_is_there(&self, repository: &Repository, blob: &Blob) -> Result<bool, StoreError> {
        if self.knows_new && self.lock().must_ask_whether_new(repository) {
            self.asked(Request::ListTags, repository)?.learn_whether_new(repository);
        }
        if self.knows_new && self.lock().is_new(repository) {
            return Ok(false);
        }
        let state = self.asked(Request::HeadBlob, &blob.digest)?;
        match state.blob(repository, &blob.digest) {
            Some(bytes) if bytes.len() as u64 == blob.size_bytes => Ok(true),
            Some(bytes) => Err(StoreError::new(
                StoreErrorKind::Digest,
                format!("{} has {} bytes in {repository}", blob.digest, bytes.len()),
            )),
            None => Ok(false),
        }
    }

    async fn send(&self, blob: &Blob, content: &dyn Content) -> Result<Bytes, StoreError> {
        self.asked(Request::StartUpload, &blob.digest).map(drop)?;
        let mut stream = content.open(0).await?;
        let mut bytes = BytesMut::new();
        while let Some(piece) = stream.next().await {
            bytes.extend_from_slice(&piece?);
        }
        self.asked(Request::SendBlob, &blob.digest).map(drop)?;
        if Digest::of(blob.digest.algorithm(), &bytes) != blob.digest {
            return Err(StoreError::new(
                StoreErrorKind::Digest,
                format!("other bytes than {} were sent", blob.digest),
            ));
        }
        Ok(bytes.freeze())
    }

    fn check_children(
        &self,
        repository: &Repository,
        document: &Document,
    ) -> Result<(), StoreError> {
        let hint = Hint { descriptor: Some(&document.media_type), content_type: None };
        let manifest = Manifest::parse(&document.bytes, hint).map_err(|error| {
            StoreError::new(StoreErrorKind::Refused, "the manifest is invalid").because(error)
        })?;
        let state = self.lock();
        let unknown = |digest: &Digest| {
            let message =
                format!("{} names {digest}, which is not in {repository}", document.digest);
            Err(StoreError::new(StoreErrorKind::ChildUnknown, message))
        };
        if let Some(child) =
            manifest.blobs().find(|child| state.blob(repository, &child.digest).is_none())
        {
            return unknown(&child.digest);
        }
        let absent = manifest
            .documents()
            .iter()
            .find(|child| state.document(repository, &child.digest).is_none());
        match absent {
            Some(child) if !self.takes_sparse => unknown(&child.digest),
            _ => Ok(()),
        }
    }
}

impl Source for Memory {
    async fn resolve(
        &self,
        repository: &Repository,
        tag: &Tag,
    ) -> Result<Option<Resolved>, StoreError> {
        let state = self.asked(Request::HeadTag, tag)?;
        let document =
            state.tag(repository, tag).and_then(|digest| state.document(repository, digest));
        Ok(document.map(|document| Resolved {
            digest: document.digest.clone(),
            media_type: document.media_type.clone(),
            size_bytes: document.bytes.len() as u64,
        }))
    }

    async fn document(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Option<Document>, StoreError> {
        Ok(self.asked(Request::GetDocument, digest)?.document(repository, digest).cloned())
    }

    async fn has_document(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<bool, StoreError> {
        Ok(self.asked(Request::HeadDocument, digest)?.document(repository, digest).is_some())
    }

    async fn blob_size(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Option<u64>, StoreError> {
        Ok(self
            .asked(Request::HeadBlob, digest)?
            .blob(repository, digest)
            .map(|bytes| bytes.len() as u64))
    }

    async fn blob(
        &self,
        repository: &Repository,
        blob: &Blob,
        offset: u64,
    ) -> Result<BlobStream, StoreError> {
        let bytes =
            self.asked(Request::GetBlob, &blob.digest)?.blob(repository, &blob.digest).cloned();
        let bytes = bytes.ok_or_else(|| {
            StoreError::new(
                StoreErrorKind::NotFound,
                format!("{} is not in {repository}", blob.digest),
            )
        })?;
        let start = usize::try_from(offset.min(SIZE_BYTES)).unwrap_or(usize::MAX).min(bytes.len());
        Ok(in_pieces(bytes.slice(start..)))
    }

    async fn referrers(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Vec<Descriptor>, StoreError> {
        Ok(self.asked(Request::ListReferrers, digest)?.referrers(repository, digest))
    }
}

impl Target for Memory {
    async fn write_blob(
        &self,
        repository: &Repository,
        blob: &Blob,
        mount_from: Option<&Repository>,
        content: &dyn Content,
    ) -> Result<Written, StoreError> {
        if let Some(from) = mount_from {
            let mut state = self.asked(Request::Mount, &blob.digest)?;
            if !self.no_mounts && state.mount(repository, &blob.digest, from) {
                return Ok(Written::Mounted);
            }
        } else if self.blob_is_there(repository, blob)? {
            return Ok(Written::AlreadyThere);
        }
        let bytes = self.send(blob, content).await?;
        self.lock().put_blob(repository, &blob.digest, bytes);
        Ok(Written::Sent)
    }

    async fn write_document(
        &self,
        repository: &Repository,
        document: &Document,
        tag: Option<&Tag>,
    ) -> Result<(), StoreError> {
        self.asked(Request::PutDocument, &document.digest).map(drop)?;
        self.check_children(repository, document)?;
        self.lock().put_document(repository, document, tag);
        Ok(())
    }
}

/// Cuts bytes into a stream of pieces as they come from a socket.
fn in_pieces(mut bytes: Bytes) -> BlobStream {
    let mut pieces = Vec::with_capacity(bytes.len() / PIECE_BYTES + 1);
    while !bytes.is_empty() {
        pieces.push(Ok(bytes.split_to(bytes.len().min(PIECE_BYTES))));
    }
    Box::pin(stream::iter(pieces))
}

/// Content that is in memory already.
#[derive(Clone, Debug)]
pub struct InMemory(pub Bytes);

impl Content for InMemory {
    fn open(&self, offset: u64) -> crate::BoxFuture<'_, Result<BlobStream, StoreError>> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.0.len());
        let stream = in_pieces(self.0.slice(start..));
        Box::pin(async move { Ok(stream) })
    }
}

/// Reads a blob whole, verified. For small ones: the caller has checked `blob.size_bytes`.
///
/// # Errors
///
/// Those of the store, and [`StoreErrorKind::Digest`] for other bytes.
pub async fn read_blob<S: Source>(
    source: &S,
    repository: &Repository,
    blob: &Blob,
) -> Result<Bytes, StoreError> {
    let mut stream = verified(source.blob(repository, blob, 0).await?, blob);
    let mut bytes = BytesMut::new();
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece?);
    }
    Ok(bytes.freeze())
}

/// What a document says about itself where it is named as a referrer.
pub(crate) fn as_referrer(document: &Document) -> Option<(Digest, Descriptor)> {
    let hint = Hint { descriptor: Some(&document.media_type), content_type: None };
    let manifest = Manifest::parse(&document.bytes, hint).ok()?;
    let mut descriptor = Descriptor::new(
        document.media_type.clone(),
        document.digest.clone(),
        document.bytes.len() as u64,
    );
    descriptor.artifact_type = manifest.artifact_type.clone().or_else(|| config_type(&manifest));
    descriptor.annotations = manifest.annotations;
    Some((manifest.subject?.digest, descriptor))
}

/// An artifact without `artifactType` is known by the type of its config (distribution-spec, "Listing Referrers").
fn config_type(manifest: &Manifest) -> Option<MediaType> {
    match &manifest.body {
        crate::Body::Image { config, .. } => Some(config.media_type.clone()),
        _ => None,
    }
}
