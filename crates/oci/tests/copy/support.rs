//! Plans and stores for the tests of the copy engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use sealift_oci::copy::{CopyOptions, Summary, copy};
use sealift_oci::image::{Built, ImageBuilder};
use sealift_oci::plan::{Node, Plan, PlannedImage, Root};
use sealift_oci::{Blob, Document, Hint, Manifest, Memory};
use sealift_reference::{Digest, Platform, Repository, Tag};

pub(crate) fn repository(text: &str) -> Repository {
    text.parse().unwrap()
}

pub(crate) fn tag(text: &str) -> Tag {
    text.parse().unwrap()
}

pub(crate) fn platform(text: &str) -> Platform {
    text.parse().unwrap()
}

/// An image of raw layers: what is in them does not matter for a transfer.
pub(crate) fn image(name: &str, layers: &[Bytes]) -> Built {
    image_for("linux/amd64", name, layers)
}

pub(crate) fn image_for(on: &str, name: &str, layers: &[Bytes]) -> Built {
    let builder = ImageBuilder::new(platform(on)).entrypoint(&[name]).annotation("name", name);
    layers.iter().fold(builder, |builder, layer| builder.raw_layer(layer.clone())).build()
}

/// A layer of a length, unlike all of another seed.
pub(crate) fn layer(seed: u8, bytes: usize) -> Bytes {
    Bytes::from(std::iter::repeat_n(seed, bytes).collect::<Vec<_>>())
}

/// An image at the source, and where it goes.
pub(crate) struct Shipped<'a> {
    pub(crate) built: &'a Built,
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) tag: Option<&'a str>,
}

pub(crate) fn nodes_of(built: &Built) -> BTreeMap<Digest, Node> {
    let node = |document: &Document| {
        let hint = Hint { descriptor: Some(&document.media_type), content_type: None };
        (
            document.digest.clone(),
            Node::complete(document, &Manifest::parse(&document.bytes, hint).unwrap()),
        )
    };
    built.documents().iter().map(node).collect()
}

/// Fills a source with images, and plans their copy.
pub(crate) fn ship(images: &[Shipped<'_>]) -> (Arc<Memory>, Plan) {
    let source = Memory::new();
    let mut plan = Plan::default();
    for Shipped { built, from, to, tag: name } in images {
        let name = name.map(tag);
        source.fill(&repository(from), built.blobs(), built.documents(), name.as_ref());
        plan.nodes.extend(nodes_of(built));
        plan.images.push(PlannedImage {
            name: format!("{from}:{name:?}"),
            source: repository(from),
            target: repository(to),
            roots: vec![Root { digest: built.digest().clone(), tag: name }],
        });
    }
    (Arc::new(source), plan)
}

/// Leaves a child of an index out, as a choice of platforms does.
pub(crate) fn leave_out(plan: &mut Plan, index: &Built, child: &Document) {
    let absent = Blob { digest: child.digest.clone(), size_bytes: child.bytes.len() as u64 };
    let node = plan.nodes.get_mut(index.digest()).unwrap();
    node.documents.retain(|digest| *digest != absent.digest);
    node.absent.push(absent);
    plan.nodes.remove(&child.digest);
}

pub(crate) async fn run(plan: &Plan, source: &Arc<Memory>, target: &Arc<Memory>) -> Summary {
    copy(plan, Arc::clone(source), Arc::clone(target), &CopyOptions::default(), Arc::new(())).await
}

/// What went wrong, in words, with the causes.
pub(crate) fn failures(summary: &Summary) -> Vec<String> {
    let errors = summary.failed.iter().flat_map(|failure| &failure.errors);
    errors
        .map(|error| {
            let cause = std::error::Error::source(&**error).map(|cause| format!(": {cause}"));
            format!("{error}{}", cause.unwrap_or_default())
        })
        .collect()
}
