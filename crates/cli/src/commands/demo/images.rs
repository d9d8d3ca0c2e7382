//! What the demo's internet holds: small images made on the spot, that share layers as real ones do.

use bytes::Bytes;
use sealift_oci::StoreError;
use sealift_oci::Target;
use sealift_oci::image::{Built, ImageBuilder, LayerError, artifact, index};
use sealift_reference::{MediaType, ParseError, Platform, Reference, Repository};

/// Why the demo cannot make or store its images: a bug of ours, or a full disk.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImagesError {
    #[error("cannot make an image")]
    Layer(#[from] LayerError),
    #[error("cannot name an image")]
    Name(#[from] ParseError),
    #[error("cannot store an image")]
    Store(#[from] StoreError),
}

/// The images of the platform by the names that its manifests use.
pub(crate) fn images() -> Result<Vec<(&'static str, Built)>, ImagesError> {
    let amd64 = || Platform::new("linux", "amd64", None);
    let arm64 = || Platform::new("linux", "arm64", Some("v8"));
    let web = index(&[image(amd64()?, "web")?, image(arm64()?, "web")?]);
    let model =
        (MediaType::from("application/vnd.acme.weights"), Bytes::from(noise("weights", 300_000)));
    Ok(vec![
        ("docker.io/library/web:1.27", web),
        ("docker.io/acme/report:3.2", image(amd64()?, "report")?),
        ("quay.io/acme/operator:2.1.0", image(amd64()?, "operator")?),
        ("quay.io/acme/worker:2.1.0", image(amd64()?, "worker")?),
        ("ghcr.io/acme/trainer:0.9", image(amd64()?, "trainer")?),
        ("ghcr.io/acme/notebook-scipy:1.4", image(amd64()?, "notebook-scipy")?),
        ("ghcr.io/acme/notebook-full:1.4", image(amd64()?, "notebook-full")?),
        ("ghcr.io/acme/models/tiny:1", artifact("application/vnd.acme.model", &[model], None)),
    ])
}

/// A system layer that all images of a platform share, and one of its own.
fn image(platform: Platform, name: &str) -> Result<Built, ImagesError> {
    let system = noise(&platform.to_string(), 1_500_000);
    let program = noise(&format!("{name} for {platform}"), 200_000);
    let path = format!("usr/bin/{name}");
    let built = ImageBuilder::new(platform)
        .layer(&[("etc/os-release", b"NAME=demo\n"), ("usr/lib/libdemo.so", &system)])?
        .layer(&[(path.as_str(), &program)])?
        .entrypoint(&[&format!("/{path}")]);
    Ok(built.build())
}

/// Writes the images to a registry, each below the name of its own host.
pub(crate) async fn publish<T: Target>(
    images: &[(&str, Built)],
    target: &T,
    host: &str,
) -> Result<(), ImagesError> {
    for (name, built) in images {
        let reference: Reference = name.parse()?;
        let repository = Repository::new(host, &reference.repository().to_string())?;
        built.write(target, &repository, reference.tag()).await?;
    }
    Ok(())
}

/// Bytes that do not compress, the same for the same name.
fn noise(name: &str, length: usize) -> Vec<u8> {
    let mut state = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        // xorshift64*: good enough to look random.
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        bytes.extend_from_slice(&state.wrapping_mul(0x2545_f491_4f6c_dd1d).to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}
