//! The pointers that manifests are made of.

use std::collections::BTreeMap;

use bytes::Bytes;
use data_encoding::BASE64;
use sealift_reference::{Digest, MediaType, Platform};
use serde_json::{Map, Value};

use crate::json::{Json, Object, refuse_folded};
use crate::limits::SIZE_BYTES;
use crate::{Blob, ManifestError};

const KEYS: &[&str] =
    &["annotations", "artifactType", "data", "digest", "mediaType", "platform", "size", "urls"];
const PLATFORM_KEYS: &[&str] =
    &["architecture", "features", "os", "os.features", "os.version", "variant"];

/// A pointer to content: what it is, how long it is, and its hash.
///
/// Spec: <https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// What the content is.
    pub media_type: MediaType,
    /// The hash of the content.
    pub digest: Digest,
    /// Length of the content in bytes, at most 2^63 − 1.
    pub size_bytes: u64,
    /// What the content runs on; absent as well where the platform has no operating system or architecture.
    pub platform: Option<Platform>,
    /// Free text by key.
    pub annotations: BTreeMap<String, String>,
    /// Other places that hold the content. Never followed without the operator's word.
    pub urls: Vec<String>,
    /// What kind of artifact the content is.
    pub artifact_type: Option<MediaType>,
    /// The content itself, verified against `digest` and `size_bytes`.
    pub data: Option<Bytes>,
}

impl Descriptor {
    /// Makes a descriptor without any of the optional fields.
    #[must_use]
    pub fn new(media_type: MediaType, digest: Digest, size_bytes: u64) -> Self {
        Self {
            media_type,
            digest,
            size_bytes,
            platform: None,
            annotations: BTreeMap::new(),
            urls: Vec::new(),
            artifact_type: None,
            data: None,
        }
    }

    /// Makes the descriptor of some bytes, hashed with sha256.
    #[must_use]
    pub fn of(media_type: MediaType, bytes: &[u8]) -> Self {
        Self::new(media_type, Digest::sha256(bytes), bytes.len() as u64)
    }

    /// Returns the identity of the content.
    #[must_use]
    pub fn blob(&self) -> Blob {
        Blob { digest: self.digest.clone(), size_bytes: self.size_bytes }
    }

    /// Returns the JSON form with sorted keys, for new documents; documents that were received are never written again.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut json = Map::new();
        json.insert("mediaType".to_owned(), self.media_type.as_str().into());
        json.insert("digest".to_owned(), self.digest.as_str().into());
        json.insert("size".to_owned(), self.size_bytes.into());
        if let Some(platform) = &self.platform {
            json.insert("platform".to_owned(), platform_to_json(platform));
        }
        if !self.annotations.is_empty() {
            json.insert("annotations".to_owned(), annotations_to_json(&self.annotations));
        }
        if !self.urls.is_empty() {
            json.insert("urls".to_owned(), self.urls.clone().into());
        }
        if let Some(artifact_type) = &self.artifact_type {
            json.insert("artifactType".to_owned(), artifact_type.as_str().into());
        }
        if let Some(data) = &self.data {
            json.insert("data".to_owned(), BASE64.encode(data).into());
        }
        Value::Object(json)
    }

    pub(crate) fn from_json(value: &Json, at: &str) -> Result<Self, ManifestError> {
        let fields = Fields::of(value, at, KEYS)?;
        let digest = fields.text("digest")?.ok_or_else(|| fields.missing("digest"))?;
        let digest =
            digest.parse().map_err(|source| ManifestError::Digest { at: at.to_owned(), source })?;
        let media_type = fields.text("mediaType")?.ok_or_else(|| fields.missing("mediaType"))?;
        let data = fields.data(&digest)?;
        let descriptor = Self {
            media_type: MediaType::from(media_type),
            digest,
            size_bytes: fields.size()?,
            platform: fields.platform()?,
            annotations: fields.annotations()?,
            urls: fields.urls()?,
            artifact_type: fields
                .text("artifactType")?
                .filter(|text| !text.is_empty())
                .map(MediaType::from),
            data,
        };
        if descriptor.data.as_ref().is_some_and(|data| data.len() as u64 != descriptor.size_bytes) {
            return Err(ManifestError::Data { at: at.to_owned() });
        }
        Ok(descriptor)
    }
}

pub(crate) fn platform_to_json(platform: &Platform) -> Value {
    let mut json = Map::new();
    json.insert("os".to_owned(), platform.os().into());
    json.insert("architecture".to_owned(), platform.architecture().into());
    if let Some(variant) = platform.variant() {
        json.insert("variant".to_owned(), variant.into());
    }
    Value::Object(json)
}

pub(crate) fn annotations_to_json(annotations: &BTreeMap<String, String>) -> Value {
    annotations.iter().map(|(key, value)| (key.clone(), Value::from(value.as_str()))).collect()
}

/// An object of a document, its place in it, and typed access. `null` counts as absent, as Go reads it.
pub(crate) struct Fields<'a> {
    object: &'a Object,
    at: &'a str,
}

impl<'a> Fields<'a> {
    pub(crate) fn of(
        value: &'a Json,
        at: &'a str,
        known: &[&'static str],
    ) -> Result<Self, ManifestError> {
        let Json::Object(object) = value else {
            let at = if at.is_empty() { "the document" } else { at };
            return Err(ManifestError::Type { at: at.to_owned(), want: "an object" });
        };
        refuse_folded(object, known)?;
        Ok(Self { object, at })
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'a Json> {
        self.object.get(key).filter(|value| **value != Json::Null)
    }

    pub(crate) fn place(&self, key: &str) -> String {
        if self.at.is_empty() { key.to_owned() } else { format!("{}.{key}", self.at) }
    }

    pub(crate) fn missing(&self, key: &str) -> ManifestError {
        ManifestError::Missing { at: self.place(key) }
    }

    pub(crate) fn wrong(&self, key: &str, want: &'static str) -> ManifestError {
        ManifestError::Type { at: self.place(key), want }
    }

    pub(crate) fn text(&self, key: &str) -> Result<Option<&'a str>, ManifestError> {
        match self.get(key) {
            None => Ok(None),
            Some(Json::Text(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(key, "a text")),
        }
    }

    pub(crate) fn list(&self, key: &str) -> Result<Option<&'a [Json]>, ManifestError> {
        match self.get(key) {
            None => Ok(None),
            Some(Json::List(list)) => Ok(Some(list)),
            Some(_) => Err(self.wrong(key, "a list")),
        }
    }

    pub(crate) fn annotations(&self) -> Result<BTreeMap<String, String>, ManifestError> {
        let Some(value) = self.get("annotations") else { return Ok(BTreeMap::new()) };
        let Json::Object(object) = value else {
            return Err(self.wrong("annotations", "an object"));
        };
        let pairs = object.iter().map(|(key, value)| match value {
            Json::Text(text) => Ok((key.clone(), text.clone())),
            _ => Err(self.wrong("annotations", "an object of texts")),
        });
        pairs.collect()
    }

    pub(crate) fn platform(&self) -> Result<Option<Platform>, ManifestError> {
        let Some(value) = self.get("platform") else { return Ok(None) };
        let place = self.place("platform");
        Fields::of(value, &place, PLATFORM_KEYS)?.platform_fields()
    }

    pub(crate) fn platform_fields(&self) -> Result<Option<Platform>, ManifestError> {
        let (os, architecture) = (self.text("os")?, self.text("architecture")?);
        let variant = self.text("variant")?.filter(|variant| !variant.is_empty());
        Ok(match (os, architecture) {
            (Some(os), Some(architecture)) => Platform::new(os, architecture, variant).ok(),
            _ => None,
        })
    }

    fn size(&self) -> Result<u64, ManifestError> {
        match self.get("size") {
            None => Err(self.missing("size")),
            Some(Json::Number(Some(size))) if *size <= SIZE_BYTES => Ok(*size),
            Some(_) => Err(self.wrong("size", "a number of bytes from 0 to 2^63 - 1")),
        }
    }

    fn urls(&self) -> Result<Vec<String>, ManifestError> {
        let urls = self.list("urls")?.unwrap_or_default().iter().map(|url| match url {
            Json::Text(url) => Ok(url.clone()),
            _ => Err(self.wrong("urls", "a list of texts")),
        });
        urls.collect()
    }

    fn data(&self, digest: &Digest) -> Result<Option<Bytes>, ManifestError> {
        let Some(text) = self.text("data")? else { return Ok(None) };
        let data = BASE64.decode(text.as_bytes()).map_err(|_| self.wrong("data", "Base64"))?;
        if Digest::of(digest.algorithm(), &data) != *digest {
            return Err(ManifestError::Data { at: self.at.to_owned() });
        }
        Ok(Some(Bytes::from(data)))
    }
}
