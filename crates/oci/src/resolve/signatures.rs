//! What goes with an image: signatures, attestations, SBOMs.

use std::collections::{BTreeMap, BTreeSet};

use sealift_inventory::{Companion, IndexChoice};
use sealift_reference::{Digest, Tag};

use super::error::Failure;
use super::lookup::Lookup;
use super::walk::Walk;
use super::{Found, ResolveError};
use crate::limits::{ATTACHMENT_BYTES, REFERRER_DEPTH, REFERRERS};
use crate::{Descriptor, Source};

/// What is looked for besides an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum With {
    /// All that refers to an image or one of its manifests, also indirectly: two more requests a manifest, and more.
    All,
    /// Nothing.
    None,
    /// Signatures of what the tag names: two more requests an image.
    #[default]
    Signatures,
}

const SIGNATURE: &str = "signature";
const ATTESTATION: &str = "attestation";

/// The tags that cosign up to version 2 puts beside an image, and what they hold.
const COSIGN_TAGS: [(&str, &str); 3] = [("sig", SIGNATURE), ("att", ATTESTATION), ("sbom", "sbom")];

/// What cosign 3 writes into the bundle of a signature; other predicates are attestations.
const COSIGN_SIGN: &str = "https://sigstore.dev/cosign/sign/v1";

impl<S: Source> Lookup<S> {
    /// Finds what goes with an image, and adds its manifests to the graph.
    pub(super) async fn companions(&self, found: &mut Found) -> Result<(), Failure> {
        let mut subjects = vec![(self.subject(found), 1)];
        match self.with {
            With::None => return Ok(()),
            With::Signatures => {}
            With::All => subjects
                .extend(found.nodes.keys().filter(|d| **d != found.digest).map(|d| (d.clone(), 1))),
        }
        let mut walk = Walk::new(self);
        let mut with: BTreeMap<Digest, Companion> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        while let Some((subject, depth)) = subjects.pop() {
            if !seen.insert(subject.clone()) {
                continue;
            }
            for companion in self.about(&subject).await? {
                self.add(&mut walk, &companion).await?;
                if self.with == With::All && depth < REFERRER_DEPTH {
                    subjects.push((companion.digest.clone(), depth + 1));
                }
                with.entry(companion.digest.clone()).or_insert(companion);
            }
        }
        found.nodes.append(&mut walk.nodes);
        found.with = with.into_values().collect();
        Ok(())
    }

    /// Where a child stands in place of its index, nobody will ask for what is about the index.
    fn subject(&self, found: &Found) -> Digest {
        let child = found.platforms.values().next();
        let child = child.filter(|_| found.is_index && self.index == Some(IndexChoice::Child));
        child.unwrap_or(&found.digest).clone()
    }

    /// Returns what is directly about one digest: by the referrers API, then by cosign's tags.
    async fn about(&self, subject: &Digest) -> Result<Vec<Companion>, Failure> {
        let referrers = self.source.referrers(&self.repository, subject).await;
        let referrers = referrers.map_err(self.failed("list referrers of", subject))?;
        if referrers.len() > REFERRERS {
            let what = format!("documents that refer to {subject}");
            return Err(Box::new(ResolveError::Limit { what, limit: REFERRERS }));
        }
        let named = referrers.iter().map(|referrer| (kind_of(referrer), referrer.digest.clone()));
        let wanted = named.filter(|(kind, _)| self.wants(kind));
        let mut about: Vec<_> = wanted
            .map(|(kind, digest)| Companion { kind: kind.to_owned(), tag: None, digest })
            .collect();
        for (suffix, kind) in COSIGN_TAGS.into_iter().filter(|(_, kind)| self.wants(kind)) {
            let text = format!("{}-{}.{suffix}", subject.algorithm(), subject.hex());
            // A sha512 digest makes a text that is too long for a tag, so cosign cannot have written one.
            let Ok(tag) = text.parse::<Tag>() else { continue };
            let resolved = self.source.resolve(&self.repository, &tag).await;
            if let Some(resolved) = resolved.map_err(self.failed("look up tag", &tag))? {
                about.push(Companion {
                    kind: kind.to_owned(),
                    tag: Some(tag),
                    digest: resolved.digest,
                });
            }
        }
        Ok(about)
    }

    fn wants(&self, kind: &str) -> bool {
        self.with == With::All || kind == SIGNATURE
    }

    async fn add(&self, walk: &mut Walk<'_, S>, companion: &Companion) -> Result<(), Failure> {
        if walk.nodes.contains_key(&companion.digest) {
            return Ok(());
        }
        let document = self.document(&companion.digest).await?;
        let document = document.ok_or_else(|| self.not_found(&companion.digest))?;
        let manifest = self.parse(&document, None)?;
        if let Some(large) = manifest.blobs().find(|blob| blob.size_bytes > ATTACHMENT_BYTES) {
            let what = format!(
                "bytes of {}, which goes with the image as {}",
                large.digest, companion.kind
            );
            let limit = usize::try_from(ATTACHMENT_BYTES).unwrap_or(usize::MAX);
            return Err(Box::new(ResolveError::Limit { what, limit }));
        }
        walk.all(document, manifest).await
    }
}

/// Names the kind of a referrer by its artifact type.
///
/// cosign 3.1.2 writes bundles for both and tells them apart by an annotation (`pkg/oci/remote`).
fn kind_of(referrer: &Descriptor) -> &'static str {
    let artifact_type =
        referrer.artifact_type.as_ref().map_or("", |media_type| media_type.as_str());
    let predicate =
        referrer.annotations.get("dev.sigstore.bundle.predicateType").map(String::as_str);
    match artifact_type {
        "application/vnd.dev.cosign.artifact.sig.v1+json"
        | "application/vnd.cncf.notary.signature" => SIGNATURE,
        text if text.starts_with("application/vnd.dev.sigstore.bundle") => match predicate {
            None | Some(COSIGN_SIGN) => SIGNATURE,
            Some(_) => ATTESTATION,
        },
        "application/vnd.dev.cosign.artifact.att.v1+json" | "application/vnd.in-toto+json" => {
            ATTESTATION
        }
        "application/vnd.dev.cosign.artifact.sbom.v1+json"
        | "application/spdx+json"
        | "text/spdx+json" => "sbom",
        text if text.starts_with("application/vnd.cyclonedx") => "sbom",
        _ => "referrer",
    }
}
