//! Manifests, indexes and artifacts, read strictly and never written again.

use std::collections::BTreeMap;

use sealift_inventory::GraphNode;
use sealift_reference::{MediaKind, MediaType, Platform, media_type};

use crate::descriptor::Fields;
use crate::json::{self, Json};
use crate::limits::{CONFIG_BYTES, INDEX_CHILDREN, LAYERS, MANIFEST_BYTES};
use crate::{Descriptor, Document, ManifestError};

const KEYS: &[&str] = &[
    "annotations",
    "artifactType",
    "blobs",
    "config",
    "fsLayers",
    "history",
    "layers",
    "manifests",
    "mediaType",
    "schemaVersion",
    "signatures",
    "subject",
];
const CONFIG_KEYS: &[&str] =
    &["architecture", "config", "history", "os", "os.features", "os.version", "rootfs", "variant"];

/// What others said about the type of a document.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hint<'a> {
    /// The media type in the descriptor that led here.
    pub descriptor: Option<&'a MediaType>,
    /// The `Content-Type` that came with the bytes; parameters after `;` are ignored, and so are generic types such as
    /// `application/json` or `text/plain`.
    pub content_type: Option<&'a str>,
}

/// What a document names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// A withdrawn OCI artifact manifest: blobs without a config.
    Artifact {
        /// In the order of the document.
        blobs: Vec<Descriptor>,
    },
    /// An image, or an artifact that has the form of one.
    Image {
        /// What the image runs with, or the description of an artifact.
        config: Box<Descriptor>,
        /// In the order of the document; may be empty.
        layers: Vec<Descriptor>,
    },
    /// Manifests of one thing, by platform or otherwise; may be empty.
    Index {
        /// In the order of the document.
        manifests: Vec<Descriptor>,
    },
    /// An unknown type without a known shape: carried, not followed.
    Opaque,
}

/// A manifest, index or artifact document, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The document's own `mediaType`, else its descriptor's, else the server's, else what its shape says.
    pub media_type: MediaType,
    /// What kind of artifact it is, where it says so.
    pub artifact_type: Option<MediaType>,
    /// Free text by key.
    pub annotations: BTreeMap<String, String>,
    /// What it refers to (a signature names the image that it signs).
    pub subject: Option<Descriptor>,
    /// What it names.
    pub body: Body,
}

impl Manifest {
    /// Parses a document of at most 4 MiB and 64 levels.
    ///
    /// # Errors
    ///
    /// Refused is whatever two readers could understand differently: repeated keys, keys that fold to a known key, two kinds in
    /// one, a media type that its parent or server contradicts; and schema 1, by name.
    pub fn parse(bytes: &[u8], hint: Hint<'_>) -> Result<Self, ManifestError> {
        refuse_large(bytes, MANIFEST_BYTES as u64)?;
        let document = json::parse(bytes)?;
        let fields = Fields::of(&document, "", KEYS)?;
        refuse_schema1(&fields)?;
        let media_type = type_of(&fields, hint)?;
        let manifest = Self {
            artifact_type: fields
                .text("artifactType")?
                .filter(|text| !text.is_empty())
                .map(MediaType::from),
            annotations: fields.annotations()?,
            subject: descriptor(&fields, "subject")?,
            body: body(&fields, &media_type)?,
            media_type,
        };
        manifest
            .children()
            .try_fold(0_u64, |sum, child| sum.checked_add(child.size_bytes))
            .ok_or(ManifestError::SizeSum)?;
        Ok(manifest)
    }

    /// Returns the manifests that this index names; empty for anything else.
    #[must_use]
    pub fn documents(&self) -> &[Descriptor] {
        match &self.body {
            Body::Index { manifests } => manifests,
            _ => &[],
        }
    }

    /// Iterates over the blobs that this document names: the config first, then the layers.
    pub fn blobs(&self) -> impl Iterator<Item = &Descriptor> {
        let (config, layers) = match &self.body {
            Body::Artifact { blobs } => (None, blobs.as_slice()),
            Body::Image { config, layers } => (Some(&**config), layers.as_slice()),
            Body::Index { .. } | Body::Opaque => (None, [].as_slice()),
        };
        config.into_iter().chain(layers)
    }

    /// Iterates over everything that must be there before this document may be written. Its subject is not among them.
    pub fn children(&self) -> impl Iterator<Item = &Descriptor> {
        self.documents().iter().chain(self.blobs())
    }

    /// Returns what a graph says of the document that this was parsed of.
    #[must_use]
    pub fn node(&self, document: &Document) -> GraphNode {
        GraphNode {
            size: document.bytes.len() as u64,
            media_type: self.media_type.clone(),
            children: self
                .children()
                .map(|child| (child.digest.clone(), child.size_bytes))
                .collect(),
        }
    }
}

/// Reads the platform out of an image config (`application/vnd.oci.image.config.v1+json` or Docker's).
///
/// # Errors
///
/// As for [`Manifest::parse`]; `Ok(None)` where the config names no operating system or architecture.
pub fn parse_config(bytes: &[u8]) -> Result<Option<Platform>, ManifestError> {
    refuse_large(bytes, CONFIG_BYTES)?;
    let document = json::parse(bytes)?;
    Fields::of(&document, "", CONFIG_KEYS)?.platform_fields()
}

fn refuse_large(bytes: &[u8], limit_bytes: u64) -> Result<(), ManifestError> {
    let size_bytes = bytes.len() as u64;
    if size_bytes > limit_bytes {
        return Err(ManifestError::TooLarge { size_bytes, limit_bytes });
    }
    Ok(())
}

/// A schema 1 image says `schemaVersion: 1` and has `fsLayers`; old registries serve it as `text/plain`.
fn refuse_schema1(fields: &Fields<'_>) -> Result<(), ManifestError> {
    if fields.get("fsLayers").is_some() {
        return Err(ManifestError::Schema1);
    }
    match fields.get("schemaVersion") {
        None | Some(Json::Number(Some(2))) => Ok(()),
        Some(Json::Number(Some(1))) => Err(ManifestError::Schema1),
        Some(_) => Err(fields.wrong("schemaVersion", "2")),
    }
}

fn type_of(fields: &Fields<'_>, hint: Hint<'_>) -> Result<MediaType, ManifestError> {
    let own = fields.text("mediaType")?.filter(|text| !text.is_empty()).map(MediaType::from);
    let served = hint.content_type.map(without_parameters).map(MediaType::from).filter(is_known);
    let Some(own) = own else {
        let given = hint.descriptor.cloned().or(served);
        return Ok(given.unwrap_or_else(|| shape_of(fields)));
    };
    if let Some(given) = hint.descriptor.filter(|given| **given != own) {
        return Err(ManifestError::MediaType {
            document: own,
            given: given.clone(),
            by: "descriptor",
        });
    }
    match served {
        Some(given) if given != own => {
            Err(ManifestError::MediaType { document: own, given, by: "server" })
        }
        _ => Ok(own),
    }
}

fn without_parameters(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

fn is_known(media_type: &MediaType) -> bool {
    !matches!(media_type.kind(), MediaKind::Other)
}

fn shape_of(fields: &Fields<'_>) -> MediaType {
    let has = |key| fields.get(key).is_some();
    MediaType::from(match () {
        () if has("manifests") => media_type::OCI_INDEX,
        () if has("config") || has("layers") => media_type::OCI_MANIFEST,
        () if has("blobs") => media_type::OCI_ARTIFACT,
        () => "application/json",
    })
}

fn body(fields: &Fields<'_>, media_type: &MediaType) -> Result<Body, ManifestError> {
    let has = |key| fields.get(key).is_some();
    if has("manifests") {
        refuse_both(fields, "manifests", &["layers", "config"])?;
    }
    match media_type.kind() {
        MediaKind::Schema1 => Err(ManifestError::Schema1),
        MediaKind::Index => Ok(Body::Index { manifests: index(fields)? }),
        MediaKind::Manifest => image(fields),
        MediaKind::Artifact => artifact(fields),
        MediaKind::Other if has("manifests") => Ok(Body::Index { manifests: index(fields)? }),
        MediaKind::Other if has("config") && has("layers") => image(fields),
        MediaKind::Other => Ok(Body::Opaque),
    }
}

fn index(fields: &Fields<'_>) -> Result<Vec<Descriptor>, ManifestError> {
    descriptors(fields, "manifests", INDEX_CHILDREN)?.ok_or_else(|| fields.missing("manifests"))
}

fn image(fields: &Fields<'_>) -> Result<Body, ManifestError> {
    refuse_both(fields, "layers", &["manifests"])?;
    let config = descriptor(fields, "config")?.ok_or_else(|| fields.missing("config"))?;
    let layers = descriptors(fields, "layers", LAYERS)?.unwrap_or_default();
    Ok(Body::Image { config: Box::new(config), layers })
}

fn artifact(fields: &Fields<'_>) -> Result<Body, ManifestError> {
    refuse_both(fields, "blobs", &["manifests", "layers", "config"])?;
    Ok(Body::Artifact { blobs: descriptors(fields, "blobs", LAYERS)?.unwrap_or_default() })
}

/// Refuses `first`, which the media type stands for, beside a key of another kind of document.
fn refuse_both(
    fields: &Fields<'_>,
    first: &'static str,
    others: &[&'static str],
) -> Result<(), ManifestError> {
    match others.iter().find(|key| fields.get(key).is_some()) {
        Some(second) => Err(ManifestError::TwoKinds { first, second }),
        None => Ok(()),
    }
}

fn descriptor(fields: &Fields<'_>, key: &'static str) -> Result<Option<Descriptor>, ManifestError> {
    fields.get(key).map(|value| Descriptor::from_json(value, key)).transpose()
}

fn descriptors(
    fields: &Fields<'_>,
    key: &'static str,
    limit: usize,
) -> Result<Option<Vec<Descriptor>>, ManifestError> {
    let Some(list) = fields.list(key)? else { return Ok(None) };
    if list.len() > limit {
        return Err(ManifestError::TooMany { key, count: list.len(), limit });
    }
    let parsed = list
        .iter()
        .enumerate()
        .map(|(at, value)| Descriptor::from_json(value, &format!("{key}[{at}]")));
    parsed.collect::<Result<_, _>>().map(Some)
}
