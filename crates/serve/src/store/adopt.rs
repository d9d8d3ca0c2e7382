//! Layouts that other tools made: each entry of `index.json` with a name is served, as far as its content is there.

use std::collections::{BTreeMap, BTreeSet};

use sealift_files::Folder;
use sealift_oci::limits::DOCUMENTS_PER_ROOT;
use sealift_reference::{Digest, MediaType, Reference, Tag};
use serde_json::Value;

use super::load::{self, Loaded};
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
        if digest != *root.0 && !is_there(folder, &digest) {
            continue; // a layout of chosen platforms lacks the other children
        }
        let (descriptor, manifest) = load::document(folder, &digest, &media_type)
            .map_err(|reason| format!("{digest}: {reason}"))?;
        for blob in manifest.blobs().filter(|blob| is_there(folder, &blob.digest)) {
            loaded.table.add_blob(name, blob.digest.clone());
        }
        let children = manifest.documents().iter();
        left.extend(children.map(|child| (child.digest.clone(), child.media_type.clone())));
        loaded.table.add_document(name, descriptor, &manifest);
    }
    if let Some(tag) = tag {
        loaded.table.add_tag(name, tag.clone(), root.0.clone());
    }
    Ok(())
}

fn is_there(folder: &Folder, digest: &Digest) -> bool {
    folder.size(&place::blob(digest)).is_ok_and(|size| size.is_some())
}
