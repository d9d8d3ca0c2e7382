//! Charts as artifacts of OCI registries.

use std::collections::BTreeMap;

use bytes::Bytes;
use sealift_helm::chart::{Maintainer, Metadata};
use sealift_oci::image::Built;
use sealift_oci::{Descriptor, Document};
use sealift_reference::{Digest, MediaType, media_type};

use crate::json::{self, Object};
use crate::oci::PROVENANCE;
use crate::{Error, Package};

/// What the chart's own annotations do not replace.
const OWN: [&str; 2] = ["org.opencontainers.image.version", "org.opencontainers.image.title"];

/// Makes the artifact that `helm push` makes of an archive and its provenance file, but for the time in it, so that the same
/// bytes always have the same digest. `metadata` is that of the chart in the archive.
///
/// Mirrors `Push` in `pkg/registry/client.go` and `generateOCIAnnotations` in `pkg/registry/chart.go` of Helm 4.2.4.
///
/// # Errors
///
/// [`Error::Metadata`] where the metadata cannot be JSON.
pub fn artifact(
    package: &Package,
    metadata: &Metadata,
    provenance: Option<&Bytes>,
) -> Result<Built, Error> {
    let config = json::metadata(metadata);
    let config = config
        .map_err(|error| Error::Metadata { name: metadata.name.clone(), why: error.to_string() })?;
    let config = Bytes::from(config);
    let archive = (MediaType::from(media_type::HELM_CHART), package.bytes.clone());
    let mut layers = vec![archive];
    layers.extend(provenance.map(|bytes| (MediaType::from(PROVENANCE), bytes.clone())));
    let described =
        |(media_type, bytes): &(MediaType, Bytes)| Descriptor::of(media_type.clone(), bytes);
    let mut descriptors: Vec<_> = layers.iter().map(described).collect();
    descriptors.sort_by(|a, b| a.digest.as_str().cmp(b.digest.as_str()));
    let layer_list: Vec<_> = descriptors.iter().map(descriptor).collect();
    let config_descriptor = Descriptor::of(MediaType::from(media_type::HELM_CONFIG), &config);
    let annotations = annotations(metadata);
    let annotations = annotations.iter();
    let annotations =
        annotations.fold(Object::default(), |object, (name, value)| object.text(name, value));
    let manifest = Object::default()
        .raw("schemaVersion", "2")
        .raw("config", &descriptor(&config_descriptor))
        .raw("layers", &json::list(&layer_list))
        .raw("annotations", &annotations.end())
        .end();
    let bytes = Bytes::from(manifest);
    let media_type = MediaType::from(media_type::OCI_MANIFEST);
    let document = Document { media_type, digest: Digest::sha256(&bytes), bytes };
    let blobs = std::iter::once(config).chain(layers.into_iter().map(|(_, bytes)| bytes));
    Ok(Built::of(vec![document], blobs.collect()).expect("there is a document"))
}

/// In the order of Go's structure.
fn descriptor(descriptor: &Descriptor) -> String {
    Object::default()
        .text("mediaType", descriptor.media_type.as_str())
        .text("digest", descriptor.digest.as_str())
        .raw("size", &descriptor.size_bytes.to_string())
        .end()
}

fn annotations(metadata: &Metadata) -> BTreeMap<String, String> {
    let authors: Vec<_> = metadata.maintainers.iter().map(author).collect();
    let source = metadata.sources.first().map(String::as_str).unwrap_or_default();
    let said = [
        ("description", metadata.description.as_str()),
        ("title", &metadata.name),
        ("version", &metadata.version),
        ("url", &metadata.home),
        ("source", source),
        ("authors", &authors.join(", ")),
    ];
    let said = said.into_iter().filter(|(_, value)| !value.trim().is_empty());
    let said =
        said.map(|(name, value)| (format!("org.opencontainers.image.{name}"), value.to_owned()));
    let own = metadata.annotations.iter().filter(|(name, _)| !OWN.contains(&name.as_str()));
    said.chain(own.map(|(name, value)| (name.clone(), value.clone()))).collect()
}

fn author(maintainer: &Maintainer) -> String {
    if maintainer.email.is_empty() {
        return maintainer.name.clone();
    }
    format!("{} ({})", maintainer.name, maintainer.email)
}
