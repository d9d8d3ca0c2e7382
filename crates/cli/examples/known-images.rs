//! Images that are known before, for `cargo xtask bench copy`: `known-images SET REGISTRY` makes them and sends them as fast as
//! `sealift mirror` could if it had to read and hash nothing: the same client, the same requests. Prints the names, one a line, and
//! at the end the seconds that sending took.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sealift_oci::image::{Built, ImageBuilder, attestation, index};
use sealift_oci::{Blob, InMemory, Source as _, StoreError, Target as _};
use sealift_reference::{Digest, Platform, Repository, Tag};
use sealift_registry::{Registry, Settings};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// As many as `mirror` has.
const BODIES: usize = 8;
const REQUESTS: usize = 16;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a program of its own")]
fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [set, registry] = arguments.as_slice() else {
        eprintln!("known-images SET REGISTRY");
        return ExitCode::FAILURE;
    };
    let runtime = tokio::runtime::Runtime::new().expect("threads can be started");
    let Some(images) = images(set) else {
        eprintln!("no set `{set}`");
        return ExitCode::FAILURE;
    };
    let names: Vec<_> = (0..images.len()).map(|n| format!("{registry}/bench/image-{n}")).collect();
    let images: Vec<_> =
        names.iter().map(|name| name.parse().expect("a name")).zip(images).collect();
    match runtime.block_on(send(images)) {
        Ok(took) => {
            for name in &names {
                println!("{name}:1");
            }
            println!("{:.4}", took.as_secs_f64());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}: {:?}", std::error::Error::source(&error));
            ExitCode::FAILURE
        }
    }
}

/// The sets of the notes: so many images with layers of so many bytes.
fn images(set: &str) -> Option<Vec<Built>> {
    const MIB: usize = 1 << 20;
    Some(match set {
        // 69 layers, of which 28 images share three.
        "mesh30" => (0..30).map(|image| mesh(image, 11 * MIB - 150_000)).collect(),
        "big1" => vec![one("linux/amd64", 0, &[layer(1, 1024 * MIB)])],
        "multi" => (0..12).map(|image| multi(image, 3 * MIB)).collect(),
        "small" => {
            let shared = layer(0, 48 << 10);
            let own = |image, own| layer(1 + image * 2 + own, 48 << 10);
            let small = |image| [shared.clone(), own(image, 0), own(image, 1)];
            (0..200).map(|image| one("linux/amd64", image, &small(image))).collect()
        }
        _ => return None,
    })
}

fn mesh(image: u64, bytes: usize) -> Built {
    let shared = if image < 28 { 3 } else { 0 };
    let layers = (0..5).map(|number| {
        if number < shared { layer(number, bytes) } else { layer(10 + image * 5 + number, bytes) }
    });
    one("linux/amd64", image, &layers.collect::<Vec<_>>())
}

/// Three platforms, each with an attestation; a layer of each platform is shared by all images.
fn multi(image: u64, bytes: usize) -> Built {
    let mut children = Vec::new();
    for (number, platform) in (0..).zip(["linux/amd64", "linux/arm64", "linux/s390x"]) {
        let layers = [layer(number, bytes), layer(10 + image * 3 + number, bytes)];
        let built = one(platform, image, &layers);
        let statement = format!("{{\"predicate\":\"{image} {platform}\"}}");
        let attested = attestation(&built, statement.as_bytes());
        children.extend([built, attested]);
    }
    index(&children)
}

fn one(platform: &str, image: u64, layers: &[Bytes]) -> Built {
    let platform: Platform = platform.parse().expect("a platform");
    let builder = ImageBuilder::new(platform).entrypoint(&[&image.to_string()]);
    layers.iter().fold(builder, |builder, layer| builder.raw_layer(layer.clone())).build()
}

/// Noise, packed as layers are, of about this length.
fn layer(seed: u64, bytes: usize) -> Bytes {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d;
    let noise = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    let block: Vec<u8> = noise.take(8192).flatten().collect();
    let mut packed = GzEncoder::new(Vec::with_capacity(bytes + 1024), Compression::none());
    let mut left = bytes;
    while left > 0 {
        let now = left.min(block.len());
        packed.write_all(&block[..now]).expect("memory takes all");
        left -= now;
    }
    packed.finish().expect("memory takes all").into()
}

/// What is sent.
struct Parts {
    /// Each blob with the first repository that needs it, largest first.
    blobs: Vec<(Repository, Bytes, Blob)>,
    /// Repositories that need a blob too, and where it is then.
    mounts: Vec<(Repository, Repository, Blob)>,
}

impl Parts {
    fn of(images: &[(Repository, Built)]) -> Self {
        let mut homes: BTreeMap<Digest, (Repository, Bytes, Blob)> = BTreeMap::new();
        let mut mounts = BTreeSet::new();
        for (repository, built) in images {
            for bytes in built.blobs() {
                let digest = Digest::sha256(bytes);
                let blob = Blob { digest: digest.clone(), size_bytes: bytes.len() as u64 };
                match homes.get(&digest) {
                    None => {
                        homes.insert(digest, (repository.clone(), bytes.clone(), blob));
                    }
                    Some((home, ..)) if home == repository => {}
                    Some((home, ..)) => {
                        mounts.insert((repository.clone(), home.clone(), blob));
                    }
                }
            }
        }
        let mut blobs: Vec<_> = homes.into_values().collect();
        blobs.sort_by_key(|(_, bytes, _)| std::cmp::Reverse(bytes.len()));
        Self { blobs, mounts: mounts.into_iter().collect() }
    }
}

/// Asks for tags, sends each blob once, then mounts, then manifests; returns how long that took.
async fn send(images: Vec<(Repository, Built)>) -> Result<Duration, StoreError> {
    let tag: Tag = "1".parse().expect("a tag");
    let Parts { blobs, mounts } = Parts::of(&images);
    let registry = Arc::new(Registry::new(&Settings::default())?);
    let repositories: Vec<_> = images.iter().map(|(repository, _)| repository.clone()).collect();

    let start = Instant::now();
    each(REQUESTS, repositories, |repository| {
        let (registry, tag) = (Arc::clone(&registry), tag.clone());
        async move { registry.resolve(&repository, &tag).await.map(drop) }
    })
    .await?;
    each(BODIES, blobs, |(repository, bytes, blob)| {
        let registry = Arc::clone(&registry);
        async move {
            registry.write_blob(&repository, &blob, None, &InMemory(bytes)).await.map(drop)
        }
    })
    .await?;
    each(REQUESTS, mounts, |(repository, home, blob)| {
        let registry = Arc::clone(&registry);
        async move {
            let nothing = InMemory(Bytes::new());
            registry.write_blob(&repository, &blob, Some(&home), &nothing).await.map(drop)
        }
    })
    .await?;
    each(REQUESTS, images, |(repository, built)| {
        let (registry, tag) = (Arc::clone(&registry), tag.clone());
        async move {
            for document in built.documents() {
                let tag = (document.digest == *built.digest()).then_some(&tag);
                registry.write_document(&repository, document, tag).await?;
            }
            Ok(())
        }
    })
    .await?;
    Ok(start.elapsed())
}

/// Does something with each item, so many at a time.
async fn each<T, F>(
    at_a_time: usize,
    items: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> F,
) -> Result<(), StoreError>
where
    F: Future<Output = Result<(), StoreError>> + Send + 'static,
{
    let (places, mut running) = (Arc::new(Semaphore::new(at_a_time)), JoinSet::new());
    for item in items {
        let place = Arc::clone(&places).acquire_owned().await.expect("it is never closed");
        let done = work(item);
        running.spawn(async move {
            let result = done.await;
            drop(place);
            result
        });
    }
    while let Some(result) = running.join_next().await {
        result.expect("nothing panics")?;
    }
    Ok(())
}
