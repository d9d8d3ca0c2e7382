//! Small images made in memory, for demonstrations and tests: the same input gives the same bytes.

mod build;

use std::collections::BTreeMap;

use bytes::Bytes;
use sealift_inventory::GraphNode;
use sealift_reference::{Digest, MediaType, Platform, Repository, Tag, media_type};
use serde_json::{Map, Value, json};

pub use build::{ImageBuilder, LayerError};

use crate::descriptor::annotations_to_json;
use crate::{
    Blob, Descriptor, Document, Hint, InMemory, Manifest, ManifestError, StoreError, Target,
};

/// Documents and blobs of one thing, ready to be written to any target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// Children before parents; the last one is the thing itself. Never empty.
    documents: Vec<Document>,
    blobs: Vec<Bytes>,
    platform: Option<Platform>,
    annotations: BTreeMap<String, String>,
}

impl Built {
    /// Takes documents, children before parents and the thing itself last, and the blobs that they name; `None` without
    /// any document.
    #[must_use]
    pub fn of(documents: Vec<Document>, blobs: Vec<Bytes>) -> Option<Self> {
        let annotations = BTreeMap::new();
        (!documents.is_empty()).then_some(Self { documents, blobs, platform: None, annotations })
    }

    /// Returns the manifest or index itself.
    #[must_use]
    pub fn root(&self) -> &Document {
        self.documents.last().expect("every builder ends with a document")
    }

    /// Returns the digest of the manifest or index itself.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.root().digest
    }

    /// Returns all documents, children first.
    #[must_use]
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// Returns all blobs; one that is used twice stands there twice.
    #[must_use]
    pub fn blobs(&self) -> &[Bytes] {
        &self.blobs
    }

    /// Returns the descriptor of the manifest or index, with its platform.
    #[must_use]
    pub fn descriptor(&self) -> Descriptor {
        let root = self.root();
        let mut descriptor = Descriptor::of(root.media_type.clone(), &root.bytes);
        descriptor.platform.clone_from(&self.platform);
        descriptor.annotations.clone_from(&self.annotations);
        descriptor
    }

    /// Returns the documents as a graph has them.
    ///
    /// # Errors
    ///
    /// Where a document is no manifest.
    pub fn nodes(&self) -> Result<Vec<(Digest, GraphNode)>, ManifestError> {
        let node = |document: &Document| {
            let hint = Hint { descriptor: Some(&document.media_type), content_type: None };
            let manifest = Manifest::parse(&document.bytes, hint)?;
            Ok((document.digest.clone(), manifest.node(document)))
        };
        self.documents.iter().map(node).collect()
    }

    /// Writes everything, blobs first, the root by `tag` where there is one.
    ///
    /// # Errors
    ///
    /// Those of the target.
    pub async fn write<T: Target>(
        &self,
        target: &T,
        repository: &Repository,
        tag: Option<&Tag>,
    ) -> Result<(), StoreError> {
        for bytes in &self.blobs {
            let blob = Blob { digest: Digest::sha256(bytes), size_bytes: bytes.len() as u64 };
            target.write_blob(repository, &blob, None, &InMemory(bytes.clone())).await?;
        }
        for document in &self.documents {
            let tag = tag.filter(|_| document.digest == *self.digest());
            target.write_document(repository, document, tag).await?;
        }
        Ok(())
    }
}

/// Makes an OCI index of images, in their order.
#[must_use]
pub fn index(children: &[Built]) -> Built {
    let manifests: Vec<_> = children.iter().map(|child| child.descriptor().to_json()).collect();
    let json =
        json!({"schemaVersion": 2, "mediaType": media_type::OCI_INDEX, "manifests": manifests});
    let own = document(media_type::OCI_INDEX, &json);
    Built {
        documents: children.iter().flat_map(|child| child.documents.clone()).chain([own]).collect(),
        blobs: children.iter().flat_map(|child| child.blobs.clone()).collect(),
        platform: None,
        annotations: BTreeMap::new(),
    }
}

/// Makes the attestation that `BuildKit` puts beside an image in its index: a manifest of platform `unknown/unknown` whose
/// annotations in the index name the image.
#[must_use]
pub fn attestation(of: &Built, statement: &[u8]) -> Built {
    let layer =
        (MediaType::from("application/vnd.in-toto+json"), Bytes::copy_from_slice(statement));
    let config = (MediaType::from(media_type::OCI_CONFIG), Bytes::from_static(b"{}"));
    let mut built = manifest(&config, &[layer], Map::new());
    built.platform = Platform::new("unknown", "unknown", None).ok();
    built.annotations = BTreeMap::from([
        ("vnd.docker.reference.digest".to_owned(), of.digest().to_string()),
        ("vnd.docker.reference.type".to_owned(), "attestation-manifest".to_owned()),
    ]);
    built
}

/// Makes an artifact of some files; with `subject` it is found as a referrer of that.
#[must_use]
pub fn artifact(
    artifact_type: &str,
    files: &[(MediaType, Bytes)],
    subject: Option<&Built>,
) -> Built {
    let mut more = Map::new();
    more.insert("artifactType".to_owned(), artifact_type.into());
    if let Some(subject) = subject {
        let subject = Descriptor::of(subject.root().media_type.clone(), &subject.root().bytes);
        more.insert("subject".to_owned(), subject.to_json());
    }
    let config = (MediaType::from(media_type::EMPTY_JSON), Bytes::from_static(b"{}"));
    manifest(&config, files, more)
}

/// Makes a manifest of a config and layers, and what else it shall say.
fn manifest(
    config: &(MediaType, Bytes),
    layers: &[(MediaType, Bytes)],
    more: Map<String, Value>,
) -> Built {
    let layer_descriptors: Vec<_> = layers
        .iter()
        .map(|(media_type, bytes)| Descriptor::of(media_type.clone(), bytes).to_json())
        .collect();
    let mut json = more;
    json.insert("schemaVersion".to_owned(), 2.into());
    let media_type = json
        .get("mediaType")
        .and_then(Value::as_str)
        .unwrap_or(media_type::OCI_MANIFEST)
        .to_owned();
    json.insert("mediaType".to_owned(), media_type.as_str().into());
    json.insert("config".to_owned(), Descriptor::of(config.0.clone(), &config.1).to_json());
    json.insert("layers".to_owned(), layer_descriptors.into());
    let document = document(&media_type, &Value::Object(json));
    let blobs =
        [&config.1].into_iter().chain(layers.iter().map(|(_, bytes)| bytes)).cloned().collect();
    Built { documents: vec![document], blobs, platform: None, annotations: BTreeMap::new() }
}

fn document(media_type: &str, json: &Value) -> Document {
    // Keys are sorted (serde_json's map is), so that the bytes depend on nothing else.
    let bytes = Bytes::from(json.to_string());
    Document { media_type: MediaType::from(media_type), digest: Digest::sha256(&bytes), bytes }
}

fn with_annotations(annotations: &BTreeMap<String, String>) -> Map<String, Value> {
    let mut more = Map::new();
    if !annotations.is_empty() {
        more.insert("annotations".to_owned(), annotations_to_json(annotations));
    }
    more
}
