//! The work that touches the two ends: one job, one outcome, no decisions.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use sealift_reference::{Digest, MediaType, Repository, Tag};

use super::content::{Bodies, SourceContent};
use super::{CopyError, Limits, Observer, Side};
use crate::limits::{DOCUMENT_CACHE_BYTES, DOCUMENTS_PER_ROOT};
use crate::plan::Node;
use crate::verified::Checkpoints;
use crate::{
    Blob, Document, Hint, Manifest, Resolved, Source, StoreError, StoreErrorKind, Target, Written,
};

/// What a job is for: an index into the tables of the schedule.
pub(super) type Id = usize;

/// Shared, since one failure may be that of many images.
pub(super) type Failure = Arc<CopyError>;

#[derive(Debug)]
pub(super) struct Job {
    pub(super) id: Id,
    pub(super) work: Work,
}

#[derive(Debug)]
pub(super) enum Work {
    /// What a root's tag names at the target; without a tag, whether its digest is there. `children` are asked for as well.
    Tag {
        target: Repository,
        tag: Option<Tag>,
        digest: Digest,
        children: Vec<Digest>,
    },
    /// Whether a manifest is at the target.
    Probe {
        target: Repository,
        digest: Digest,
    },
    Blob {
        source: Repository,
        target: Repository,
        blob: Blob,
        mount_from: Option<Repository>,
    },
    /// `reused`: other repositories will need the same bytes.
    Document {
        source: Repository,
        target: Repository,
        digest: Digest,
        media_type: MediaType,
        tag: Option<Tag>,
        reused: bool,
    },
    /// Which of the children a repository lacks.
    Lacking {
        target: Repository,
        documents: Vec<Digest>,
        blobs: Vec<Blob>,
    },
    /// Manifests below the children that an index lacks.
    Expand {
        source: Repository,
        target: Repository,
        index: Digest,
        absent: Vec<Blob>,
    },
}

#[derive(Debug)]
pub(super) enum Outcome {
    Tag(Result<TagFound, Failure>),
    Probe(bool),
    Blob(Result<Written, Failure>),
    Document(Result<(), Failure>),
    Lacking(Result<Vec<Digest>, Failure>),
    Expand(Result<BTreeMap<Digest, Node>, Failure>),
}

/// What the target says about a root.
#[derive(Debug)]
pub(super) struct TagFound {
    /// What the tag names; the wanted digest where a root without a tag is there.
    pub(super) names: Option<Digest>,
    /// The right manifest is there without one of its children: an earlier run chose fewer platforms.
    pub(super) lacks_children: bool,
}

#[derive(Debug)]
pub(super) struct Done {
    pub(super) id: Id,
    pub(super) outcome: Outcome,
}

pub(super) struct Ends<S, T> {
    source: Arc<S>,
    target: Arc<T>,
    observer: Arc<dyn Observer>,
    bodies: Bodies,
    cache: Mutex<Cache>,
    /// Nothing is read or written: what would be is only said.
    rehearses: bool,
    read_bytes: Arc<AtomicU64>,
    foreseen_requests: AtomicU64,
}

#[derive(Debug, Default)]
struct Cache {
    documents: BTreeMap<Digest, Document>,
    size_bytes: usize,
}

impl<S: Source, T: Target> Ends<S, T> {
    pub(super) fn new(
        source: Arc<S>,
        target: Arc<T>,
        limits: Limits,
        observer: Arc<dyn Observer>,
    ) -> Self {
        Self {
            source,
            target,
            observer,
            bodies: Bodies::new(limits.bodies, limits.small_bodies),
            cache: Mutex::default(),
            rehearses: false,
            read_bytes: Arc::default(),
            foreseen_requests: AtomicU64::default(),
        }
    }

    /// Writes nothing and reads no content.
    pub(super) fn rehearsing(self) -> Self {
        Self { rehearses: true, ..self }
    }

    /// Returns the bytes of content that were read, those of broken transfers included.
    pub(super) fn read_bytes(&self) -> u64 {
        self.read_bytes.load(Ordering::Relaxed)
    }

    /// Returns the requests that writing the blobs would take, as far as a rehearsal can tell.
    pub(super) fn foreseen_requests(&self) -> u64 {
        self.foreseen_requests.load(Ordering::Relaxed)
    }

    pub(super) async fn run(self: Arc<Self>, job: Job) -> Done {
        let outcome = match job.work {
            Work::Tag { target, tag, digest, children } => {
                Outcome::Tag(self.tag(&target, tag.as_ref(), &digest, children).await)
            }
            Work::Probe { target, digest } => {
                Outcome::Probe(self.target.has_document(&target, &digest).await.unwrap_or(false))
            }
            Work::Blob { source, target, blob, mount_from } => {
                let from = mount_from.as_ref();
                Outcome::Blob(if self.rehearses {
                    self.foresee(&target, &blob, from).await
                } else {
                    self.blob(&source, &target, &blob, from).await
                })
            }
            Work::Document { .. } if self.rehearses => Outcome::Document(Ok(())),
            Work::Document { source, target, digest, media_type, tag, reused } => {
                let document = self.read(&source, &digest, &media_type, reused).await;
                Outcome::Document(match document {
                    Ok(document) => self.write(&target, &document, tag.as_ref()).await,
                    Err(error) => Err(error),
                })
            }
            Work::Lacking { target, documents, blobs } => {
                Outcome::Lacking(self.lacking(&target, documents, blobs).await)
            }
            Work::Expand { source, target, index, absent } => {
                Outcome::Expand(self.expand(&source, &target, &index, absent).await)
            }
        };
        Done { id: job.id, outcome }
    }

    async fn tag(
        &self,
        target: &Repository,
        tag: Option<&Tag>,
        digest: &Digest,
        children: Vec<Digest>,
    ) -> Result<TagFound, Failure> {
        let names = if let Some(tag) = tag {
            let found = self.target.resolve(target, tag).await;
            found
                .map_err(at(Side::Target, target, "look up tag", tag))?
                .map(|Resolved { digest, .. }| digest)
        } else {
            let found = self.target.has_document(target, digest).await;
            found
                .map_err(at(Side::Target, target, "look up manifest", digest))?
                .then(|| digest.clone())
        };
        let is_right = names.as_ref() == Some(digest);
        let lacks_children =
            is_right && !self.lacking(target, children, Vec::new()).await?.is_empty();
        Ok(TagFound { names, lacks_children })
    }

    async fn blob(
        &self,
        source: &Repository,
        target: &Repository,
        blob: &Blob,
        mount_from: Option<&Repository>,
    ) -> Result<Written, Failure> {
        let content = SourceContent {
            source: &*self.source,
            repository: source,
            blob,
            bodies: &self.bodies,
            observer: &self.observer,
            read_bytes: &self.read_bytes,
            checkpoints: Checkpoints::default(),
            failure: Arc::default(),
        };
        match self.target.write_blob(target, blob, mount_from, &content).await {
            Ok(written) => {
                self.observer.blob_finished(blob, target, written);
                Ok(written)
            }
            Err(error) => Err(match content.take_failure() {
                Some(error) => at(Side::Source, source, "read blob", &blob.digest)(error),
                None => at(Side::Target, target, "write blob", &blob.digest)(error),
            }),
        }
    }

    async fn foresee(
        &self,
        target: &Repository,
        blob: &Blob,
        mount_from: Option<&Repository>,
    ) -> Result<Written, Failure> {
        let foreseen = self.target.foresee_blob(target, blob, mount_from).await;
        let foreseen = foreseen.map_err(at(Side::Target, target, "look up blob", &blob.digest))?;
        self.foreseen_requests.fetch_add(foreseen.requests, Ordering::Relaxed);
        self.observer.blob_finished(blob, target, foreseen.written);
        Ok(foreseen.written)
    }

    /// Reads a manifest, and gives it the media type that it must be sent with.
    async fn read(
        &self,
        source: &Repository,
        digest: &Digest,
        media_type: &MediaType,
        reused: bool,
    ) -> Result<Document, Failure> {
        if let Some(document) = self.cached(digest) {
            return Ok(document);
        }
        let mut document = self.get(source, digest).await?.ok_or_else(|| {
            let gone =
                StoreError::new(StoreErrorKind::NotFound, format!("{digest} is not in {source}"));
            at(Side::Source, source, "read manifest", digest)(gone)
        })?;
        document.media_type = parse(source, &document, media_type)?.media_type;
        if reused {
            self.keep(&document);
        }
        Ok(document)
    }

    async fn get(&self, source: &Repository, digest: &Digest) -> Result<Option<Document>, Failure> {
        self.source.document(source, digest).await.map_err(at(
            Side::Source,
            source,
            "read manifest",
            digest,
        ))
    }

    fn cached(&self, digest: &Digest) -> Option<Document> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).documents.get(digest).cloned()
    }

    fn keep(&self, document: &Document) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.size_bytes + document.bytes.len() <= DOCUMENT_CACHE_BYTES
            && cache.documents.insert(document.digest.clone(), document.clone()).is_none()
        {
            cache.size_bytes += document.bytes.len();
        }
    }

    async fn write(
        &self,
        target: &Repository,
        document: &Document,
        tag: Option<&Tag>,
    ) -> Result<(), Failure> {
        let written = self.target.write_document(target, document, tag).await;
        written.map_err(at(Side::Target, target, "write manifest", &document.digest))?;
        self.observer.document_written(&document.digest, target, tag);
        Ok(())
    }

    async fn lacking(
        &self,
        target: &Repository,
        documents: Vec<Digest>,
        blobs: Vec<Blob>,
    ) -> Result<Vec<Digest>, Failure> {
        let mut lacking = Vec::new();
        for digest in documents {
            let found = self.target.has_document(target, &digest).await;
            if !found.map_err(at(Side::Target, target, "look up manifest", &digest))? {
                lacking.push(digest);
            }
        }
        for blob in blobs {
            let found = self.target.blob_size(target, &blob.digest).await;
            if found.map_err(at(Side::Target, target, "look up blob", &blob.digest))?.is_none() {
                lacking.push(blob.digest);
            }
        }
        Ok(lacking)
    }

    async fn expand(
        &self,
        source: &Repository,
        target: &Repository,
        index: &Digest,
        absent: Vec<Blob>,
    ) -> Result<BTreeMap<Digest, Node>, Failure> {
        let mut nodes = BTreeMap::new();
        let mut stack: Vec<(Digest, Option<MediaType>)> =
            absent.into_iter().map(|blob| (blob.digest, None)).collect();
        while let Some((digest, media_type)) = stack.pop() {
            if nodes.len() == DOCUMENTS_PER_ROOT {
                let error = StoreError::new(
                    StoreErrorKind::Limit,
                    format!("more than {DOCUMENTS_PER_ROOT} manifests"),
                );
                return Err(at(Side::Source, source, "read manifests below", index)(error));
            }
            let Some(document) = self.get(source, &digest).await? else {
                return Err(Arc::new(CopyError::Sparse {
                    repository: target.clone(),
                    index: index.clone(),
                    child: digest,
                }));
            };
            let media_type = media_type.unwrap_or_else(|| document.media_type.clone());
            let manifest = parse(source, &document, &media_type)?;
            let below =
                manifest.documents().iter().filter(|child| !nodes.contains_key(&child.digest));
            stack.extend(below.map(|child| (child.digest.clone(), Some(child.media_type.clone()))));
            nodes.insert(digest, Node::complete(&document, &manifest));
        }
        Ok(nodes)
    }
}

fn parse(
    source: &Repository,
    document: &Document,
    media_type: &MediaType,
) -> Result<Manifest, Failure> {
    let hint = Hint { descriptor: Some(media_type), content_type: None };
    Manifest::parse(&document.bytes, hint).map_err(|error| {
        Arc::new(CopyError::Manifest {
            repository: source.clone(),
            digest: document.digest.clone(),
            source: error,
        })
    })
}

fn at(
    side: Side,
    repository: &Repository,
    action: &'static str,
    what: &dyn std::fmt::Display,
) -> impl FnOnce(StoreError) -> Failure {
    let (repository, what) = (repository.clone(), what.to_string());
    move |source| Arc::new(CopyError::Store { side, repository, action, what, source })
}
