//! The lookup of one image.

use std::sync::Arc;

use sealift_inventory::IndexChoice;
use sealift_reference::{Digest, MediaType, Platform, Reference, Repository, media_type};

use super::error::Failure;
use super::walk::Walk;
use super::{Found, ResolveError, ResolveSettings, With, read_from};
use crate::limits::CONFIG_BYTES;
use crate::{
    Body, Descriptor, Document, Hint, Manifest, ManifestError, Source, StoreError, parse_config,
    read_blob,
};

pub(super) struct Lookup<S> {
    pub(super) source: Arc<S>,
    pub(super) repository: Repository,
    pub(super) platforms: Vec<Platform>,
    pub(super) index: Option<IndexChoice>,
    pub(super) with: With,
    image: Reference,
}

impl<S: Source> Lookup<S> {
    pub(super) fn new(source: Arc<S>, image: &Reference, settings: &ResolveSettings) -> Self {
        Self {
            source,
            repository: read_from(image, settings),
            platforms: settings.platforms.clone(),
            index: settings.index,
            with: settings.with,
            image: image.clone(),
        }
    }

    pub(super) async fn image(self) -> Result<Found, Failure> {
        if self.index == Some(IndexChoice::Child) && self.platforms.len() != 1 {
            return Err(Box::new(ResolveError::OnePlatform { count: self.platforms.len() }));
        }
        let digest = self.digest().await?;
        let document = self.document(&digest).await?.ok_or_else(|| self.not_found(&digest))?;
        let manifest = self.parse(&document, None)?;
        let mut walk = Walk::new(&self);
        walk.image(&document, &manifest).await?;
        let mut found = Found {
            digest,
            media_type: manifest.media_type.clone(),
            is_index: matches!(manifest.body, Body::Index { .. }),
            platforms: walk.platforms,
            has: walk.has,
            is_sparse: walk.is_sparse,
            index: None,
            nodes: walk.nodes,
            with: Vec::new(),
        };
        if !found.is_index {
            self.read_platform(&manifest, &mut found).await?;
        }
        self.check_platforms(&found)?;
        found.index = self.index_choice(&found);
        self.companions(&mut found).await?;
        Ok(found)
    }

    /// The digest decides; a tag is only asked for where there is none. Whether the repository has that digest is asked as well: a
    /// source that keeps manifests gives them whatever the repository is called.
    async fn digest(&self) -> Result<Digest, Failure> {
        if let Some(digest) = self.image.digest() {
            let is_there = self.source.has_document(&self.repository, digest).await;
            let is_there = is_there.map_err(self.failed("read manifest", digest))?;
            return if is_there { Ok(digest.clone()) } else { Err(self.not_found(digest)) };
        }
        let Some(tag) = self.image.tag() else { return Err(self.not_found(&"a tag")) };
        let resolved = self.source.resolve(&self.repository, tag).await;
        let resolved = resolved.map_err(self.failed("look up tag", tag))?;
        Ok(resolved.ok_or_else(|| self.not_found(tag))?.digest)
    }

    pub(super) async fn document(&self, digest: &Digest) -> Result<Option<Document>, Failure> {
        self.source
            .document(&self.repository, digest)
            .await
            .map_err(self.failed("read manifest", digest))
    }

    /// Parses a manifest, with what its parent says about it.
    pub(super) fn parse(
        &self,
        document: &Document,
        descriptor: Option<&MediaType>,
    ) -> Result<Manifest, Failure> {
        let hint = Hint { descriptor, content_type: Some(document.media_type.as_str()) };
        Manifest::parse(&document.bytes, hint)
            .map_err(|error| self.refused(&document.digest, error))
    }

    /// An image without an index says in its config what it runs on; other artifacts have no platform.
    async fn read_platform(&self, manifest: &Manifest, found: &mut Found) -> Result<(), Failure> {
        let Body::Image { config, .. } = &manifest.body else { return Ok(()) };
        if !matches!(config.media_type.as_str(), media_type::OCI_CONFIG | media_type::DOCKER_CONFIG)
        {
            return Ok(());
        }
        if let Some(platform) = self.platform_of(config).await? {
            found.has.insert(platform.clone());
            found.platforms.insert(platform, found.digest.clone());
        }
        Ok(())
    }

    async fn platform_of(&self, config: &Descriptor) -> Result<Option<Platform>, Failure> {
        if config.size_bytes > CONFIG_BYTES {
            let error = ManifestError::TooLarge {
                size_bytes: config.size_bytes,
                limit_bytes: CONFIG_BYTES,
            };
            return Err(self.refused(&config.digest, error));
        }
        let bytes = match &config.data {
            Some(data) => data.clone(),
            None => read_blob(&*self.source, &self.repository, &config.blob())
                .await
                .map_err(self.failed("read config", &config.digest))?,
        };
        parse_config(&bytes).map_err(|error| self.refused(&config.digest, error))
    }

    /// What is built for no platform at all (charts, signatures) suits every choice.
    fn check_platforms(&self, found: &Found) -> Result<(), Failure> {
        if found.platforms.is_empty() && found.has.is_empty() {
            return Ok(());
        }
        let lacking = self
            .platforms
            .iter()
            .find(|wants| !found.platforms.keys().any(|has| has.matches(wants)));
        match lacking {
            Some(wants) => {
                let has = found.has.iter().cloned().collect();
                Err(Box::new(ResolveError::Platform { wants: wants.clone(), has }))
            }
            None => Ok(()),
        }
    }

    /// Where platforms were chosen, the lock says what that means for the index.
    fn index_choice(&self, found: &Found) -> Option<IndexChoice> {
        match self.index {
            _ if !found.is_index || self.platforms.is_empty() => None,
            Some(IndexChoice::Child) => Some(IndexChoice::Child),
            _ if found.is_sparse => Some(IndexChoice::Sparse),
            _ => Some(IndexChoice::Complete),
        }
    }

    pub(super) fn refused(&self, digest: &Digest, source: ManifestError) -> Failure {
        Box::new(ResolveError::Manifest {
            repository: self.repository.clone(),
            digest: digest.clone(),
            source,
        })
    }

    pub(super) fn not_found(&self, name: &dyn std::fmt::Display) -> Failure {
        Box::new(ResolveError::NotFound {
            repository: self.repository.clone(),
            name: name.to_string(),
        })
    }

    pub(super) fn failed(
        &self,
        action: &'static str,
        what: &dyn std::fmt::Display,
    ) -> impl FnOnce(StoreError) -> Failure + use<S> {
        let (repository, what) = (self.repository.clone(), what.to_string());
        move |source| Box::new(ResolveError::Store { repository, action, what, source })
    }
}
