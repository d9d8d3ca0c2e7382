//! Inventories and sources for these tests.

use std::sync::Arc;

use bytes::Bytes;
use sealift_inventory::{Artifact, Class, Confidence, Finding, Inventory, Origin, Step};
use sealift_oci::Memory;
use sealift_oci::image::{Built, ImageBuilder};
use sealift_oci::resolve::{Resolution, ResolveSettings, resolve};
use sealift_reference::{Platform, Reference, Repository, Tag};

pub(crate) fn repository(text: &str) -> Repository {
    text.parse().unwrap()
}

pub(crate) fn tag(text: &str) -> Tag {
    text.parse().unwrap()
}

pub(crate) fn platforms(texts: &[&str]) -> Vec<Platform> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

pub(crate) fn image(on: &str, text: &str) -> Built {
    let builder = ImageBuilder::new(on.parse().unwrap()).entrypoint(&["/app"]);
    builder.layer(&[("app", text.as_bytes())]).unwrap().build()
}

pub(crate) fn inventory(images: &[&str]) -> Inventory {
    let findings = images.iter().map(|image| Finding {
        artifact: Artifact::Image(image.parse::<Reference>().unwrap()),
        origin: Origin::new().with(Step::File { path: "pods.yaml".to_owned(), line: Some(7) }),
        set_by: Vec::new(),
        class: Class::Required,
        confidence: Confidence::Certain,
    });
    Inventory::collect(findings, [], [])
}

pub(crate) fn fill(source: &Memory, at: &str, name: &str, built: &Built) {
    source.fill(&repository(at), built.blobs(), built.documents(), Some(&tag(name)));
}

/// Puts the parts of `built` there without a tag.
pub(crate) fn fill_untagged(source: &Memory, at: &str, built: &Built) {
    source.fill(&repository(at), built.blobs(), built.documents(), None);
}

pub(crate) async fn resolved(
    source: &Arc<Memory>,
    images: &[&str],
    settings: &ResolveSettings,
) -> Resolution {
    resolve(inventory(images).artifacts(), settings, Arc::clone(source), &()).await.unwrap()
}

pub(crate) fn words(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

pub(crate) fn text(bytes: &str) -> Bytes {
    Bytes::copy_from_slice(bytes.as_bytes())
}
