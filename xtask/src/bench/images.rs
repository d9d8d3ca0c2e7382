//! Images made for a benchmark: layers of noise, one of them shared by all.

use std::io::Write as _;
use std::path::Path;

use anyhow::Result;
use flate2::{Compression, write::GzEncoder};
use sealift_reference::Digest;
use serde_json::json;

/// How many images there are.
pub(super) const COUNT: u64 = 16;
const SHARED_BYTES: usize = 32 << 20;
const OWN_BYTES: usize = 3 << 20;
const OWN_LAYERS: u64 = 2;

/// Content of an image with its identity.
struct Stored {
    digest: Digest,
    size: usize,
}

/// Writes image number `index` as an OCI layout.
pub(super) fn layout(folder: &Path, index: u64) -> Result<()> {
    fs_err::create_dir_all(folder.join("blobs/sha256"))?;
    let mut layers = vec![store(folder, &layer(0, SHARED_BYTES)?)?];
    for own in 0..OWN_LAYERS {
        layers.push(store(folder, &layer(1 + index * OWN_LAYERS + own, OWN_BYTES)?)?);
    }
    let config = json!({
        "architecture": "amd64", "os": "linux", "config": {"Labels": {"index": index.to_string()}},
        "rootfs": {"type": "layers", "diff_ids": layers.iter().map(|layer| layer.digest.to_string()).collect::<Vec<_>>()},
    });
    let config = store(folder, config.to_string().as_bytes())?;
    let entry = |kind: &str, stored: &Stored| json!({"mediaType": format!("application/vnd.oci.image.{kind}"), "digest": stored.digest.to_string(), "size": stored.size});
    let manifest = json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": entry("config.v1+json", &config),
        "layers": layers.iter().map(|layer| entry("layer.v1.tar+gzip", layer)).collect::<Vec<_>>(),
    });
    let manifest = store(folder, manifest.to_string().as_bytes())?;
    let top = json!({"schemaVersion": 2, "manifests": [entry("manifest.v1+json", &manifest)]});
    fs_err::write(folder.join("index.json"), top.to_string())?;
    Ok(fs_err::write(folder.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#)?)
}

fn store(folder: &Path, bytes: &[u8]) -> Result<Stored> {
    let digest = Digest::sha256(bytes);
    fs_err::write(folder.join("blobs/sha256").join(digest.hex()), bytes)?;
    Ok(Stored { digest, size: bytes.len() })
}

/// Packs noise, which does not get smaller.
fn layer(seed: u64, length: usize) -> Result<Vec<u8>> {
    let mut noise = crate::noise::Noise::new(seed);
    let bytes: Vec<u8> =
        std::iter::repeat_with(|| noise.next().to_le_bytes()).flatten().take(length).collect();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(&bytes)?;
    Ok(encoder.finish()?)
}
