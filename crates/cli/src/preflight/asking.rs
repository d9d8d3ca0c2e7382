//! How a question is asked, and how long its answer is waited for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sealift_oci::copy::Side;
use sealift_oci::{Blob, BoxFuture, Source as _, StoreError};
use sealift_reference::{Digest, Repository};
use sealift_registry::Registry;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::is_clear;
use super::questions::{About, Question};
use crate::ahead::Ahead;
use crate::carried::Carried;

/// Who asks.
pub(super) struct Asker {
    pub(super) source: Arc<Ahead<Carried>>,
    pub(super) target: Arc<Registry>,
    /// How long an answer is waited for.
    pub(super) patience: Duration,
    /// By host, places for blobs on their way: who has none waits for others, and not for an answer.
    turns: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Asker {
    pub(super) fn new(
        source: Arc<Ahead<Carried>>,
        target: Arc<Registry>,
        patience: Duration,
    ) -> Self {
        Self { source, target, patience, turns: Mutex::default() }
    }

    /// Asks; `None` where nobody answered in time.
    pub(super) async fn ask(&self, question: &Question) -> Option<Result<(), StoreError>> {
        let repository = &question.repository;
        match &question.about {
            About::Manifest(digest) => self.ask_for(repository, digest).await,
            About::Blob { blob, manifest } => self.read(repository, blob, manifest).await,
            About::Upload(first) => {
                let asked: BoxFuture<'_, _> =
                    Box::pin(self.target.ask_to_push(repository, first.as_ref()));
                self.in_time(asked).await
            }
        }
    }

    async fn ask_for(
        &self,
        repository: &Repository,
        manifest: &Digest,
    ) -> Option<Result<(), StoreError>> {
        let found: BoxFuture<'_, _> =
            Box::pin(self.source.source.has_document(repository, manifest));
        Some(self.in_time(found).await?.map(drop))
    }

    /// Reads a blob, and asks for a manifest where its turn does not come in time, or where it is refused: storage elsewhere may
    /// lack this blob alone. The copy meets that again, and says it of the images that need the blob.
    async fn read(
        &self,
        repository: &Repository,
        blob: &Blob,
        manifest: &Digest,
    ) -> Option<Result<(), StoreError>> {
        let turns = self.turns_at(repository);
        let mut refused = None;
        if let Some(_turn) = self.in_time(turns.acquire()).await {
            match self.in_time(self.source.read(repository, blob)).await? {
                Err(error) if is_clear(Side::Source, error.kind) => refused = Some(error),
                answer => return Some(answer),
            }
        }
        Some(match (self.ask_for(repository, manifest).await?, refused) {
            // The answer to a HEAD has no words.
            (Err(wordless), Some(refused)) if wordless.kind == refused.kind => Err(refused),
            (answer, _) => answer,
        })
    }

    fn turns_at(&self, repository: &Repository) -> Arc<Semaphore> {
        let registry = &self.source.source.registry.registry;
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let turns = turns.entry(registry.first_host(repository));
        Arc::clone(turns.or_insert_with(|| Arc::new(Semaphore::new(registry.bodies()))))
    }

    async fn in_time<F: Future>(&self, answer: F) -> Option<F::Output> {
        timeout(self.patience, answer).await.ok()
    }
}
