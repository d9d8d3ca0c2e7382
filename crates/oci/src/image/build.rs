//! An image of one platform, layer by layer.

use std::collections::BTreeMap;

use bytes::Bytes;
use sealift_archive::{ArchivePath, Mode, PathError, TarError, TarWriter, gzip};
use sealift_reference::{Digest, MediaType, Platform, media_type};
use serde_json::{Value, json};

use super::{Built, manifest, with_annotations};
use crate::descriptor::platform_to_json;

/// Why a layer cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LayerError {
    /// A name that no archive may hold.
    #[error("`{path}` cannot stand in a layer")]
    Path {
        /// As given.
        path: String,
        /// Why.
        source: PathError,
    },
    /// A file twice.
    #[error("the layer cannot be written")]
    Tar(#[from] TarError),
    /// The end of the archive could not be written.
    #[error("the layer cannot be ended")]
    End(#[from] std::io::Error),
}

/// Builds an image of one platform.
#[derive(Clone, Debug)]
pub struct ImageBuilder {
    platform: Platform,
    layers: Vec<(MediaType, Bytes)>,
    diff_ids: Vec<Digest>,
    annotations: BTreeMap<String, String>,
    entrypoint: Vec<String>,
    is_docker: bool,
}

impl ImageBuilder {
    /// Starts an image without layers.
    #[must_use]
    pub fn new(platform: Platform) -> Self {
        Self {
            platform,
            layers: Vec::new(),
            diff_ids: Vec::new(),
            annotations: BTreeMap::new(),
            entrypoint: Vec::new(),
            is_docker: false,
        }
    }

    /// Adds a layer of files, packed with gzip.
    ///
    /// # Errors
    ///
    /// [`LayerError`] for a path that no archive may hold, or one that stands there twice.
    pub fn layer(mut self, files: &[(&str, &[u8])]) -> Result<Self, LayerError> {
        let mut tar = TarWriter::new(Vec::new());
        for (path, content) in files {
            let parsed: ArchivePath = path
                .parse()
                .map_err(|source| LayerError::Path { path: (*path).to_owned(), source })?;
            tar.file(&parsed, Mode::File, content)?;
        }
        let tar = tar.finish()?;
        self.diff_ids.push(Digest::sha256(&tar));
        self.layers.push((MediaType::from(media_type::OCI_LAYER_GZIP), Bytes::from(gzip(&tar))));
        Ok(self)
    }

    /// Adds a layer of any bytes that are no archive, for tests of transfers.
    #[must_use]
    pub fn raw_layer(mut self, bytes: Bytes) -> Self {
        self.diff_ids.push(Digest::sha256(&bytes));
        self.layers.push((MediaType::from(media_type::OCI_LAYER_GZIP), bytes));
        self
    }

    /// Adds an annotation to the manifest.
    #[must_use]
    pub fn annotation(mut self, key: &str, value: &str) -> Self {
        self.annotations.insert(key.to_owned(), value.to_owned());
        self
    }

    /// Sets the command that the image starts.
    #[must_use]
    pub fn entrypoint(mut self, words: &[&str]) -> Self {
        self.entrypoint = words.iter().map(|word| (*word).to_owned()).collect();
        self
    }

    /// Uses the media types of Docker's schema 2 instead of those of OCI.
    #[must_use]
    pub fn as_docker(mut self) -> Self {
        self.is_docker = true;
        self
    }

    /// Ends the image.
    #[must_use]
    pub fn build(self) -> Built {
        let mut more = with_annotations(&self.annotations);
        let mut layers = self.layers.clone();
        let mut config_type = media_type::OCI_CONFIG;
        if self.is_docker {
            config_type = media_type::DOCKER_CONFIG;
            more.insert("mediaType".to_owned(), media_type::DOCKER_MANIFEST.into());
            for (layer_type, _) in &mut layers {
                *layer_type = MediaType::from(media_type::DOCKER_LAYER_GZIP);
            }
        }
        let config = (MediaType::from(config_type), Bytes::from(self.config().to_string()));
        let mut built = manifest(&config, &layers, more);
        built.platform = Some(self.platform);
        built
    }

    fn config(&self) -> Value {
        let mut config = platform_to_json(&self.platform);
        let diff_ids: Vec<_> = self.diff_ids.iter().map(Digest::as_str).collect();
        config["rootfs"] = json!({"type": "layers", "diff_ids": diff_ids});
        config["config"] = if self.entrypoint.is_empty() {
            json!({})
        } else {
            json!({"Entrypoint": self.entrypoint})
        };
        config
    }
}
