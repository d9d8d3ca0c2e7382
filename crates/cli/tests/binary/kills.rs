//! `mirror` killed at random moments between two real registries: run again, it ends as if nothing had happened.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use sealift_oci::image::{Built, ImageBuilder, index};
use sealift_reference::{Digest, Platform};
use sealift_testkit::DockerRegistry;

use crate::scene::{Scene, files};

const KILLS: u32 = 20;

/// Random moments; the seed is said, so that a failure can be had again with `SEALIFT_SEED`.
struct Moments(u64);

impl Moments {
    fn new() -> Self {
        let now = || SystemTime::UNIX_EPOCH.elapsed().map_or(1, |time| time.subsec_nanos().into());
        let given = std::env::var("SEALIFT_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(now).max(1);
        eprintln!("SEALIFT_SEED={seed}");
        Self(seed)
    }

    fn next(&mut self, longest: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        longest * u32::try_from(self.0 % 1000).expect("small") / 1000
    }
}

/// An index of two platforms, with a layer that all images share and one of 2 MB that none does.
fn image(name: u8) -> Built {
    let build = |architecture: &str| {
        let platform = Platform::new("linux", architecture, None).expect("a platform");
        let own: Vec<u8> = (0..2_000_000_u32).map(|n| (n % 251) as u8 ^ name).collect();
        ImageBuilder::new(platform)
            .raw_layer(Bytes::from(vec![7; 3_000_000]))
            .raw_layer([own.as_slice(), architecture.as_bytes()].concat().into())
            .build()
    };
    index(&[build("amd64"), build("arm64")])
}

/// All blobs by their hash, and all that repositories and tags link, of a registry.
fn contents(registry: &DockerRegistry) -> BTreeMap<PathBuf, String> {
    let data = registry.data();
    let kept = |path: &Path| path.ends_with("data") || path.ends_with("link");
    let files = files(&data).into_iter().filter(|(path, _)| {
        kept(path) && !path.components().any(|part| part.as_os_str() == "_uploads")
    });
    let contents = files.map(|(path, bytes)| {
        let hash = Digest::sha256(&bytes).hex().to_owned();
        if path.ends_with("data") {
            assert!(path.display().to_string().contains(&hash), "wrong bytes: {}", path.display());
        }
        (path.strip_prefix(&data).expect("it is below").to_owned(), hash)
    });
    contents.collect()
}

#[test]
fn a_mirror_killed_at_random_moments_and_run_again_ends_as_an_undisturbed_one() {
    let (Some(source), Some(whole)) = (DockerRegistry::start(), DockerRegistry::start()) else {
        return;
    };
    let scene = Scene::new();
    let mut list = Vec::new();
    for name in 0..6 {
        let reference = format!("{}/acme/image-{name}:1", source.address());
        scene.publish_to(&image(name), &reference);
        list.push(reference);
    }
    scene.env.write("images.txt", list.join("\n"));
    let _locked = scene.env.run(["lock", "-q", "images.txt"]).expect_code(0);
    let start = Instant::now();
    let _mirrored = scene.env.run(["mirror", "-q", "--to", whole.address()]).expect_code(0);
    let (took, wanted) = (start.elapsed(), contents(&whole));

    let mut moments = Moments::new();
    for kill in 0..KILLS {
        let target = DockerRegistry::start().expect("it started before");
        let moment = moments.next(took);
        let mut child = scene
            .env
            .command(["mirror", "-q", "--to", target.address()])
            .stderr(Stdio::null())
            .spawn()
            .expect("it was built");
        std::thread::sleep(moment);
        child.kill().expect("it is ours");
        child.wait().expect("it ends");
        let _finished = scene.env.run(["mirror", "-q", "--to", target.address()]).expect_code(0);
        assert!(contents(&target) == wanted, "kill {kill} after {moment:?} of {took:?}");
        let _verified = scene.env.run(["verify", "-q", "--to", target.address()]).expect_code(0);
    }
}
