//! Everything below a manifest, with the platforms that were chosen.

use std::collections::{BTreeMap, BTreeSet};

use sealift_inventory::{GraphNode, IndexChoice};
use sealift_reference::{Digest, MediaKind, Platform};

use super::ResolveError;
use super::error::Failure;
use super::lookup::Lookup;
use crate::limits::{DOCUMENTS_PER_ROOT, INDEX_DEPTH};
use crate::{Body, Descriptor, Document, Manifest, Source};

/// The annotation of a `BuildKit` attestation that names the manifest it is about.
const ATTESTED: &str = "vnd.docker.reference.digest";

pub(super) struct Walk<'a, S> {
    lookup: &'a Lookup<S>,
    /// Chosen platforms; the first manifest of each.
    pub(super) platforms: BTreeMap<Platform, Digest>,
    /// Every platform that is offered.
    pub(super) has: BTreeSet<Platform>,
    /// Something was left out.
    pub(super) is_sparse: bool,
    pub(super) nodes: BTreeMap<Digest, GraphNode>,
}

impl<'a, S: Source> Walk<'a, S> {
    pub(super) fn new(lookup: &'a Lookup<S>) -> Self {
        Self {
            lookup,
            platforms: BTreeMap::new(),
            has: BTreeSet::new(),
            is_sparse: false,
            nodes: BTreeMap::new(),
        }
    }

    /// Walks an image. Where one platform shall stand in place of the index, the index itself is left out.
    pub(super) async fn image(
        &mut self,
        document: &Document,
        manifest: &Manifest,
    ) -> Result<(), Failure> {
        if self.lookup.index != Some(IndexChoice::Child) || manifest.documents().is_empty() {
            return self.all(document.clone(), manifest.clone()).await;
        }
        self.choose(manifest);
        let chosen: Vec<Digest> = self.platforms.values().cloned().collect();
        for child in manifest.documents().iter().filter(|child| chosen.contains(&child.digest)) {
            let (document, manifest) = self.child(child).await?;
            self.all(document, manifest).await?;
        }
        Ok(())
    }

    /// Walks a manifest and all that it names, taking of an index what the settings choose.
    pub(super) async fn all(
        &mut self,
        document: Document,
        manifest: Manifest,
    ) -> Result<(), Failure> {
        let mut stack = vec![(document, manifest, 1)];
        while let Some((document, manifest, depth)) = stack.pop() {
            self.add(&document, &manifest)?;
            if depth > INDEX_DEPTH && matches!(manifest.body, Body::Index { .. }) {
                let what = format!("levels of indexes above {}", document.digest);
                return Err(Box::new(ResolveError::Limit { what, limit: INDEX_DEPTH }));
            }
            for child in self.choose(&manifest) {
                if !self.nodes.contains_key(&child.digest) {
                    let (document, manifest) = self.child(child).await?;
                    stack.push((document, manifest, depth + 1));
                }
            }
        }
        Ok(())
    }

    async fn child(&self, child: &Descriptor) -> Result<(Document, Manifest), Failure> {
        let missing = || ResolveError::ChildMissing {
            repository: self.lookup.repository.clone(),
            digest: child.digest.clone(),
            platform: child.platform.clone(),
        };
        let document = self.lookup.document(&child.digest).await?.ok_or_else(missing)?;
        let manifest = self.lookup.parse(&document, Some(&child.media_type))?;
        Ok((document, manifest))
    }

    fn add(&mut self, document: &Document, manifest: &Manifest) -> Result<(), Failure> {
        if self.nodes.len() == DOCUMENTS_PER_ROOT {
            let what = format!("manifests above {}", document.digest);
            return Err(Box::new(ResolveError::Limit { what, limit: DOCUMENTS_PER_ROOT }));
        }
        self.nodes.insert(document.digest.clone(), manifest.node(document));
        Ok(())
    }

    /// Returns the children of an index to take: those of a chosen platform, those of none, and attestations of these.
    fn choose<'m>(&mut self, manifest: &'m Manifest) -> Vec<&'m Descriptor> {
        let children = manifest.documents();
        // The graph tells an absent child from a blob by the type of its parent, so an unknown type goes whole.
        let takes_all =
            manifest.media_type.kind() != MediaKind::Index || self.lookup.platforms.is_empty();
        let taken: BTreeSet<_> = children
            .iter()
            .filter(|child| {
                !child.annotations.contains_key(ATTESTED) && (takes_all || self.is_wanted(child))
            })
            .map(|child| child.digest.as_str())
            .collect();
        let is_taken = |child: &&Descriptor| match child.annotations.get(ATTESTED) {
            Some(about) => {
                takes_all || taken.contains(about.as_str()) || names_none(about, children)
            }
            None => taken.contains(child.digest.as_str()),
        };
        let chosen: Vec<_> = children.iter().filter(is_taken).collect();
        self.is_sparse |= chosen.len() < children.len();
        self.note_platforms(children, &chosen);
        chosen
    }

    fn is_wanted(&self, child: &Descriptor) -> bool {
        match platform_of(child) {
            Some(platform) => self.lookup.platforms.iter().any(|wants| wants.matches(platform)),
            None => true,
        }
    }

    fn note_platforms(&mut self, children: &[Descriptor], chosen: &[&Descriptor]) {
        self.has.extend(children.iter().filter_map(platform_of).cloned());
        for child in chosen {
            if let Some(platform) = platform_of(child) {
                self.platforms.entry(platform.clone()).or_insert_with(|| child.digest.clone());
            }
        }
    }
}

/// An attestation of something that is not in the index belongs to all of it.
fn names_none(about: &str, children: &[Descriptor]) -> bool {
    !children.iter().any(|child| child.digest.as_str() == about)
}

fn platform_of(child: &Descriptor) -> Option<&Platform> {
    child.platform.as_ref().filter(|platform| !platform.is_unknown())
}
