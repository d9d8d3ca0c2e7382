//! What a lock that was made before says about an image.

use sealift_inventory::{Graph, IndexChoice, Lock, LockedImage};
use sealift_reference::{MediaKind, Reference};

use super::error::Failure;
use super::{Found, ResolveError, ResolveSettings};

/// Returns what `lock` says about an image, if that is what `settings` ask for.
pub(super) fn found(
    image: &Reference,
    settings: &ResolveSettings,
    lock: &Lock,
    graph: &Graph,
) -> Result<Found, Failure> {
    let locked = lock.images().find(|locked| locked.image == *image);
    let locked = locked.ok_or_else(|| offline("the lock does not have it"))?;
    if lock.platforms != settings.platforms {
        return Err(offline("it was made for other platforms"));
    }
    if locked.from != settings.remap.apply(image.repository()) {
        return Err(offline("the image was read elsewhere"));
    }
    let roots =
        std::iter::once(locked.tagged_digest()).chain(locked.with.iter().map(|with| &with.digest));
    let mut nodes = std::collections::BTreeMap::new();
    for digest in graph.closure(roots).manifests.into_keys() {
        if let Some(node) = graph.get(&digest) {
            nodes.insert(digest, node.clone());
        }
    }
    Ok(Found {
        digest: locked.digest.clone(),
        media_type: locked.media_type.clone(),
        platforms: locked.platforms.clone(),
        has: locked.platforms.keys().cloned().collect(),
        is_sparse: locked.index == Some(IndexChoice::Sparse),
        is_index: is_index(locked),
        index: locked.index,
        nodes,
        with: locked.with.clone(),
    })
}

fn is_index(locked: &LockedImage) -> bool {
    locked.index.is_some() || locked.media_type.kind() == MediaKind::Index
}

fn offline(why: &str) -> Failure {
    Box::new(ResolveError::Offline { why: why.to_owned() })
}
