//! Layouts that other tools made: each entry of `index.json` with a name is served, as far as its content is there.

use std::collections::{BTreeMap, BTreeSet};

use sealift_files::Folder;
use sealift_oci::limits::{DOCUMENTS_PER_ROOT, MANIFEST_BYTES};
use sealift_oci::{Hint, Manifest};
use sealift_reference::{Digest, MediaType, Reference, Tag};
use serde_json::Value;

use super::load::Loaded;
use super::table::Link;
use super::{index, place};
use crate::route::Name;

/// Adds the entries of other tools to the tables, in memory only. `docker.io/library/nginx:1.27` is served as
/// `docker.io/library/nginx` and as `library/nginx`, the latter only when one host has such a path.
pub(crate) fn adopt(folder: &Folder, foreign: &[Value], loaded: &mut Loaded) {
    let entries: Vec<_> = foreign.iter().filter_map(entry).collect();
    let mut hosts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (reference, ..) in &entries {
        hosts.entry(reference.path()).or_default().insert(reference.host());
    }
    for (reference, digest, media_type) in &entries {
        let full = format!("{}/{}", reference.host().replace(':', "_"), reference.path());
        let short = hosts[reference.path()].len() == 1;
        let names = [Some(full.as_str()), short.then(|| reference.path())];
        for name in names.into_iter().flatten().filter_map(Name::parse) {
            if let Err(reason) = add(folder, &name, reference.tag(), (digest, media_type), loaded) {
                loaded
                    .problems
                    .push(format!("index.json: `{}` is not served: {reason}", reference.written()));
            }
        }
    }
}

/// The name, the digest and the type of an entry. A bare tag, as in `oci:DIR:latest`, names no repository.
fn entry(entry: &Value) -> Option<(Reference, Digest, MediaType)> {
    let name = index::ref_name(entry).filter(|name| name.contains([':', '/']))?;
    let text = |key| entry.get(key).and_then(Value::as_str);
    Some((name.parse().ok()?, text("digest")?.parse().ok()?, MediaType::from(text("mediaType")?)))
}

fn add(
    folder: &Folder,
    name: &Name,
    tag: Option<&Tag>,
    root: (&Digest, &MediaType),
    loaded: &mut Loaded,
) -> Result<(), String> {
    let mut left = vec![(root.0.clone(), root.1.clone())];
    let mut seen = BTreeSet::new();
    while let Some((digest, media_type)) = left.pop() {
        if !seen.insert(digest.clone()) {
            continue;
        }
        if seen.len() > DOCUMENTS_PER_ROOT {
            return Err(format!("more than {DOCUMENTS_PER_ROOT} manifests"));
        }
        let bytes = match folder.read(&place::blob(&digest), MANIFEST_BYTES as u64) {
            // A layout of chosen platforms lacks the other children.
            Err(error) if error.is_not_found() && digest != *root.0 => continue,
            other => other.map_err(|error| error.to_string())?,
        };
        if Digest::of(digest.algorithm(), &bytes) != digest {
            return Err(format!("{digest} has other bytes"));
        }
        let hint = Hint { descriptor: Some(&media_type), content_type: None };
        let manifest = Manifest::parse(&bytes, hint).map_err(|error| error.to_string())?;
        for blob in manifest.blobs().map(|blob| &blob.digest) {
            if folder.size(&place::blob(blob)).is_ok_and(|size| size.is_some()) {
                loaded.table.add_link(name, blob.clone(), Link::Blob);
            }
        }
        left.extend(
            manifest
                .documents()
                .iter()
                .map(|child| (child.digest.clone(), child.media_type.clone())),
        );
        let link = Link::document(media_type, digest.clone(), bytes.len() as u64, &manifest);
        loaded.table.add_link(name, digest, link);
    }
    if let Some(tag) = tag {
        loaded.table.add_tag(name, tag.clone(), root.0.clone());
    }
    Ok(())
}
