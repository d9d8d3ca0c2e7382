//! The `index.json` of a layout: roots and their names.

use std::collections::BTreeMap;

use sealift_reference::{Digest, MediaType, Reference, Repository, Tag, media_type};
use serde_json::{Value, json};

use crate::descriptor::Fields;
use crate::json::{self, Json};
use crate::{Descriptor, Document, ManifestError, Resolved, StoreError, StoreErrorKind};

const REF_NAME: &str = "org.opencontainers.image.ref.name";
/// Read first by containerd, for which the other one is a mere tag.
const CONTAINERD_NAME: &str = "io.containerd.image.name";

#[derive(Debug, Default)]
pub(super) struct Index {
    entries: Vec<Entry>,
    /// Grows with every change.
    revision: u64,
}

#[derive(Debug)]
struct Entry {
    descriptor: Descriptor,
    /// As it was read, with fields that we do not know.
    raw: Value,
}

/// What an entry is called.
enum Name {
    Bare(Tag),
    Full(Reference),
}

pub(super) fn check_version(bytes: &[u8]) -> Result<(), StoreError> {
    let document = json::parse(bytes).map_err(refused("oci-layout"))?;
    let fields =
        Fields::of(&document, "", &["imageLayoutVersion"]).map_err(refused("oci-layout"))?;
    match fields.text("imageLayoutVersion").map_err(refused("oci-layout"))? {
        Some("1.0.0") => Ok(()),
        other => {
            let message =
                format!("image layout of version {}, known is 1.0.0", other.unwrap_or("none"));
            Err(StoreError::new(StoreErrorKind::Refused, message))
        }
    }
}

fn refused(file: &'static str) -> impl Fn(ManifestError) -> StoreError {
    move |error| {
        StoreError::new(StoreErrorKind::Refused, format!("{file} of the layout is refused"))
            .because(error)
    }
}

impl Index {
    /// Parses `index.json`. Unlike an index that is content it may have any number of entries.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, StoreError> {
        let document = json::parse(bytes).map_err(refused("index.json"))?;
        let known = ["annotations", "manifests", "mediaType", "schemaVersion"];
        let fields = Fields::of(&document, "", &known).map_err(refused("index.json"))?;
        let list = fields.list("manifests").map_err(refused("index.json"))?;
        let list = list.ok_or_else(|| refused("index.json")(fields.missing("manifests")))?;
        let raw: Value = serde_json::from_slice(bytes).map_err(|error| {
            StoreError::new(StoreErrorKind::Refused, "index.json of the layout is no JSON")
                .because(error)
        })?;
        let raw = raw.get("manifests").and_then(Value::as_array).cloned().unwrap_or_default();
        let entries =
            list.iter().zip(raw).enumerate().map(|(at, (parsed, raw))| entry(at, parsed, raw));
        Ok(Self {
            entries: entries.collect::<Result<_, _>>().map_err(refused("index.json"))?,
            revision: 0,
        })
    }

    pub(super) fn to_json(&self) -> String {
        let manifests: Vec<_> = self.entries.iter().map(|entry| &entry.raw).collect();
        json!({"schemaVersion": 2, "mediaType": media_type::OCI_INDEX, "manifests": manifests})
            .to_string()
    }

    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    pub(super) fn names(&self) -> Vec<(String, Digest)> {
        let names = self.entries.iter().filter_map(|entry| {
            let name = match entry.name()? {
                Name::Bare(tag) => tag.to_string(),
                Name::Full(reference) => reference.to_string(),
            };
            Some((name, entry.descriptor.digest.clone()))
        });
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    pub(super) fn roots(&self) -> Vec<Digest> {
        self.entries.iter().map(|entry| entry.descriptor.digest.clone()).collect()
    }

    pub(super) fn media_type(&self, digest: &Digest) -> Option<MediaType> {
        let entry = self.entries.iter().find(|entry| entry.descriptor.digest == *digest);
        entry.map(|entry| entry.descriptor.media_type.clone())
    }

    /// Returns what has a name. Two different things of one name are refused: readers would disagree.
    pub(super) fn find(
        &self,
        repository: &Repository,
        tag: &Tag,
        bare_tags: Option<&Repository>,
    ) -> Result<Option<Resolved>, StoreError> {
        let is_meant = |entry: &&Entry| match entry.name() {
            Some(Name::Bare(name)) => bare_tags == Some(repository) && name == *tag,
            Some(Name::Full(name)) => name.repository() == repository && name.tag() == Some(tag),
            None => false,
        };
        let mut found = self.entries.iter().filter(is_meant).map(|entry| &entry.descriptor);
        let Some(first) = found.next() else { return Ok(None) };
        if let Some(second) = found.find(|second| second.digest != first.digest) {
            let message = format!(
                "{repository}:{tag} stands twice in index.json: {} and {}",
                first.digest, second.digest
            );
            return Err(StoreError::new(StoreErrorKind::Refused, message));
        }
        Ok(Some(Resolved {
            digest: first.digest.clone(),
            media_type: first.media_type.clone(),
            size_bytes: first.size_bytes,
        }))
    }

    /// Adds a root, in the place of what had its name; sorted by name and digest, so that order of writing does not matter.
    /// Returns the new revision.
    pub(super) fn put(
        &mut self,
        repository: &Repository,
        document: &Document,
        tag: Option<&Tag>,
    ) -> u64 {
        let mut descriptor = Descriptor::new(
            document.media_type.clone(),
            document.digest.clone(),
            document.bytes.len() as u64,
        );
        if let Some(tag) = tag {
            let name = format!("{repository}:{tag}");
            self.entries.retain(|entry| !entry.is_called(repository, tag));
            descriptor.annotations = BTreeMap::from([
                (REF_NAME.to_owned(), name.clone()),
                (CONTAINERD_NAME.to_owned(), name),
            ]);
        } else if self.entries.iter().any(|entry| entry.descriptor.digest == descriptor.digest) {
            return self.revision;
        }
        self.entries.push(Entry { raw: descriptor.to_json(), descriptor });
        self.entries.sort_by(|a, b| a.order().cmp(&b.order()));
        self.revision += 1;
        self.revision
    }
}

impl Entry {
    fn name(&self) -> Option<Name> {
        let annotations = &self.descriptor.annotations;
        let text = annotations.get(CONTAINERD_NAME).or_else(|| annotations.get(REF_NAME))?;
        if !text.contains(['/', ':', '@']) {
            return text.parse().ok().map(Name::Bare);
        }
        text.parse().ok().map(Name::Full)
    }

    fn is_called(&self, repository: &Repository, tag: &Tag) -> bool {
        matches!(self.name(), Some(Name::Full(name)) if name.repository() == repository && name.tag() == Some(tag))
    }

    fn order(&self) -> (Option<&String>, &Digest) {
        (self.descriptor.annotations.get(REF_NAME), &self.descriptor.digest)
    }
}

fn entry(at: usize, parsed: &Json, raw: Value) -> Result<Entry, ManifestError> {
    Ok(Entry { descriptor: Descriptor::from_json(parsed, &format!("manifests[{at}]"))?, raw })
}
