//! Layers that their manifest places outside of registries, from hosts that the operator has named.

use sealift_inventory::Graph;
use sealift_oci::{Blob, BlobStream, Hint, Manifest, Source as _, StoreError, StoreErrorKind};
use sealift_reference::{Digest, MediaKind, Repository};
use sealift_registry::foreign_host;

use crate::carried::Carried;

impl Carried {
    /// Opens a blob that the registry does not have (which it said by `error`) where its manifest places it, if that may be asked.
    pub(crate) async fn foreign_blob(
        &self,
        repository: &Repository,
        blob: &Blob,
        offset: u64,
        error: StoreError,
    ) -> Result<BlobStream, StoreError> {
        let mut refused = None;
        for url in self.addresses(repository, &blob.digest).await {
            let Some(host) = foreign_host(&url) else { continue };
            if !self.foreign_from.contains(&host) {
                refused = refused.or(Some(host));
                continue;
            }
            let registry = &self.registry.registry;
            return registry.foreign_blob(repository, &url, blob, offset).await;
        }
        Err(match refused {
            Some(host) => advised(&error, &host),
            None => error,
        })
    }

    /// Where manifests say that a layer is.
    async fn addresses(&self, repository: &Repository, digest: &Digest) -> Vec<String> {
        for manifest in parents(&self.graph, digest) {
            let Ok(Some(document)) = self.registry.document(repository, &manifest).await else {
                continue;
            };
            let Ok(manifest) = Manifest::parse(&document.bytes, Hint::default()) else { continue };
            let found = manifest.blobs().find(|blob| blob.digest == *digest);
            if let Some(layer) = found.filter(|layer| !layer.urls.is_empty()) {
                return layer.urls.clone();
            }
        }
        Vec::new()
    }
}

/// Manifests that name a blob.
fn parents(graph: &Graph, digest: &Digest) -> Vec<Digest> {
    let nodes = graph.nodes().filter(|(_, node)| node.media_type.kind() != MediaKind::Index);
    let parents = nodes.filter(|(_, node)| node.children.iter().any(|(child, _)| child == digest));
    parents.map(|(digest, _)| digest.clone()).collect()
}

fn advised(error: &StoreError, host: &str) -> StoreError {
    let message = format!(
        "{}; its manifest places it at {host}, which is not asked without --foreign-from {host}",
        error.message
    );
    StoreError::new(StoreErrorKind::NotFound, message)
}
