//! What is mirrored: two images that share a layer, one of them for two platforms.

use bytes::Bytes;
use sealift_oci::image::{Built, ImageBuilder, index};
use sealift_reference::{Digest, Platform};

/// Length of the large layer: it is asked for before it is sent, and breaks in the middle of it are far from its ends.
pub(crate) const LARGE: usize = 300_000;

/// A name in its registry, and what it names.
pub(crate) type Named = (&'static str, Built);

/// The image with the large layer.
pub(crate) const WORKER: &str = "shop/worker:2.1";

/// The index.
pub(crate) const WEB: &str = "shop/web:1.27";

pub(crate) fn all() -> Vec<Named> {
    vec![(WEB, web()), (WORKER, worker())]
}

pub(crate) fn web() -> Built {
    index(&["amd64", "arm64"].map(web_for))
}

pub(crate) fn web_for(architecture: &str) -> Built {
    image(architecture, noise(20_000, &format!("web for {architecture}")))
}

pub(crate) fn worker() -> Built {
    image("amd64", large())
}

pub(crate) fn large() -> Bytes {
    noise(LARGE, "worker")
}

/// The digest of the large layer.
pub(crate) fn large_digest() -> Digest {
    Digest::sha256(&large())
}

/// The layer that all images of a platform share.
pub(crate) fn shared(architecture: &str) -> Bytes {
    noise(30_000, &format!("system of {architecture}"))
}

pub(crate) fn image(architecture: &str, layer: Bytes) -> Built {
    let platform = Platform::new("linux", architecture, None).unwrap();
    ImageBuilder::new(platform).raw_layer(shared(architecture)).raw_layer(layer).build()
}

/// Bytes that no two places share by chance.
pub(crate) fn noise(length: usize, seed: &str) -> Bytes {
    let mut state = Digest::sha256(seed.as_bytes()).hex()[..15]
        .bytes()
        .fold(0u64, |state, byte| state.wrapping_mul(31).wrapping_add(byte.into()));
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..length).map(|_| next()).collect::<Vec<u8>>().into()
}
