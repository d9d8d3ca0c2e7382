//! The client for any number of registries.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use sealift_oci::{
    Blob, BlobStream, Content, Descriptor, Document, Foreseen, Resolved, Source, StoreError,
    Target, Written,
};
use sealift_reference::{Digest, Repository, Tag};

use crate::counts::Counts;
use crate::exchange::Exchange;
use crate::host::{Host, RateLimit};
use crate::mirrors::{Mirrors, Wanted};
use crate::settings::Settings;

/// A client for any number of registries, which reads as [`Source`] and writes as [`Target`].
///
/// Repositories carry their host; `docker.io` is connected as `registry-1.docker.io`. Clones share connections, tokens and
/// counters. Mirrors are followed for reading only.
#[derive(Clone)]
pub struct Registry {
    pub(crate) exchange: Arc<Exchange>,
    mirrors: Arc<Mirrors>,
}

impl Registry {
    /// Makes a client; nothing is connected yet.
    ///
    /// # Errors
    ///
    /// A proxy address that cannot be used.
    pub fn new(settings: &Settings) -> Result<Self, StoreError> {
        Ok(Self {
            exchange: Arc::new(Exchange::new(settings)?),
            mirrors: Arc::new(settings.mirrors.clone()),
        })
    }

    /// Returns the requests sent so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.exchange.counter.snapshot()
    }

    /// Returns the pulls that a host still allows, if it has said so.
    #[must_use]
    pub fn rate_limit(&self, host: &str) -> Option<RateLimit> {
        self.exchange.host(host).facts().rate
    }

    /// Returns the host that is asked first for the content of a repository: that of a mirror, where there is one.
    #[must_use]
    pub fn first_host(&self, repository: &Repository) -> String {
        let places = self.mirrors.of(repository, Wanted::Digest).unwrap_or_default();
        places.first().unwrap_or(repository).host().to_owned()
    }

    /// Returns how many blobs are on their way from a host at a time.
    #[must_use]
    pub fn bodies(&self) -> usize {
        self.exchange.bodies
    }

    /// Asks a host whether it is there and, where it wants credentials, whether it takes ours.
    ///
    /// # Errors
    ///
    /// As for any request; [`sealift_oci::StoreErrorKind::Denied`] for credentials that it refuses.
    pub async fn check(&self, host: &str) -> Result<(), StoreError> {
        let host = self.exchange.host(host);
        let request = crate::request::ping();
        match self.exchange.call(&host, &request, &crate::payload::Payload::Empty).await {
            Ok(_) => Ok(()),
            Err(failure) => Err(failure.into_store(&host.name, &request.subject)),
        }
    }

    /// Says that `repository` will be written, and from which repositories of the same host its blobs will be mounted, so that one
    /// token covers it all.
    pub fn plan_writes<'a>(
        &self,
        repository: &Repository,
        sources: impl IntoIterator<Item = &'a Repository>,
    ) {
        let sources = sources.into_iter().filter(|source| source.host() == repository.host());
        let host = self.exchange.host(repository.host());
        host.tokens.plan(repository.path(), sources.map(|source| source.path().to_owned()));
    }

    /// Asks for the right to push to a repository, in the only way there is: by beginning an upload. It is that of `first`, which
    /// [`sealift_oci::Target::write_blob`] then goes on with, or finds to be there; so it is no request more than the blob needs.
    /// Without one a session is opened and left. None is ever deleted, as that needs a right of its own: it is empty, and expires.
    ///
    /// # Errors
    ///
    /// As for an upload.
    pub async fn ask_to_push(
        &self,
        repository: &Repository,
        first: Option<&Blob>,
    ) -> Result<(), StoreError> {
        self.place(repository).begin(first).await
    }

    /// Returns how many requests [`Registry::ask_to_push`] took.
    #[must_use]
    pub fn push_questions(&self) -> u64 {
        self.exchange.push_questions.load(Ordering::Relaxed)
    }

    /// Returns how many upload sessions came of that.
    #[must_use]
    pub fn opened_sessions(&self) -> u64 {
        self.exchange.opened_sessions.load(Ordering::Relaxed)
    }

    /// Tries the places of a name in order: the first that has it, else the error of the first that failed, else nothing.
    async fn places<T, F>(
        &self,
        repository: &Repository,
        wanted: Wanted,
        read: impl Fn(Place) -> F,
    ) -> Result<Option<T>, StoreError>
    where
        F: Future<Output = Result<Option<T>, StoreError>>,
    {
        let mut failed = None;
        for place in self.mirrors.of(repository, wanted)? {
            if place != *repository {
                tracing::info!(%repository, %place, "read from a mirror");
            }
            let repository = place;
            let host = self.exchange.host(repository.host());
            match read(Place { exchange: Arc::clone(&self.exchange), host, repository }).await {
                Ok(Some(found)) => return Ok(Some(found)),
                Ok(None) => {}
                Err(error) => {
                    tracing::debug!(%error, "one of the places of a name failed");
                    failed = failed.or(Some(error));
                }
            }
        }
        failed.map_or(Ok(None), Err)
    }

    fn place(&self, repository: &Repository) -> Place {
        let host = self.exchange.host(repository.host());
        Place { exchange: Arc::clone(&self.exchange), host, repository: repository.clone() }
    }
}

/// A repository at the host where it is really read or written.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) host: Arc<Host>,
    pub(crate) repository: Repository,
}

impl Source for Registry {
    async fn resolve(
        &self,
        repository: &Repository,
        tag: &Tag,
    ) -> Result<Option<Resolved>, StoreError> {
        self.places(repository, Wanted::Tag, |place| async move { place.resolve(tag).await }).await
    }

    async fn document(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Option<Document>, StoreError> {
        self.places(repository, Wanted::Digest, |place| async move { place.document(digest).await })
            .await
    }

    async fn has_document(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<bool, StoreError> {
        let found = self.places(repository, Wanted::Digest, |place| async move {
            Ok(place.has_document(digest).await?.then_some(()))
        });
        Ok(found.await?.is_some())
    }

    async fn blob_size(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Option<u64>, StoreError> {
        self.places(
            repository,
            Wanted::Digest,
            |place| async move { place.blob_size(digest).await },
        )
        .await
    }

    async fn blob(
        &self,
        repository: &Repository,
        blob: &Blob,
        offset: u64,
    ) -> Result<BlobStream, StoreError> {
        let found = self.places(repository, Wanted::Digest, |place| async move {
            place.blob(blob, offset).await.map(Some)
        });
        let missing = || {
            StoreError::new(
                sealift_oci::StoreErrorKind::NotFound,
                format!("{repository}: no mirror may be asked for a blob"),
            )
        };
        found.await?.ok_or_else(missing)
    }

    async fn referrers(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Vec<Descriptor>, StoreError> {
        let found = self.places(repository, Wanted::Digest, |place| async move {
            place.referrers(digest).await.map(Some)
        });
        Ok(found.await?.unwrap_or_default())
    }
}

impl Target for Registry {
    async fn write_blob(
        &self,
        repository: &Repository,
        blob: &Blob,
        mount_from: Option<&Repository>,
        content: &dyn Content,
    ) -> Result<Written, StoreError> {
        self.place(repository).write_blob(blob, mount_from, content).await
    }

    async fn foresee_blob(
        &self,
        repository: &Repository,
        blob: &Blob,
        mount_from: Option<&Repository>,
    ) -> Result<Foreseen, StoreError> {
        self.place(repository).foresee_blob(blob, mount_from).await
    }

    async fn write_document(
        &self,
        repository: &Repository,
        document: &Document,
        tag: Option<&Tag>,
    ) -> Result<(), StoreError> {
        self.place(repository).write_document(document, tag).await
    }
}
