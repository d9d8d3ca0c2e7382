//! Registries that store nothing: one makes the bytes of its layer while they are asked for, one counts the bytes that it is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use sealift_reference::{Algorithm, Digest, Hasher};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufStream};
use tokio::net::TcpStream;

use crate::bench::listener::Listener;
use crate::noise::Noise;

/// Bytes of which a layer is a repetition.
const BLOCK_BYTES: usize = 64 << 10;

const MANIFEST_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";

/// An image with one layer.
pub(super) struct Image {
    manifest: Vec<u8>,
    manifest_digest: Digest,
    config: Vec<u8>,
    layer_digest: Digest,
    layer_bytes: u64,
    block: Vec<u8>,
}

impl Image {
    /// Makes one with a layer of so many bytes, a multiple of [`BLOCK_BYTES`].
    pub(super) fn with_layer(layer_bytes: u64) -> Self {
        let mut noise = Noise::new(layer_bytes);
        let block: Vec<u8> =
            (0..BLOCK_BYTES / 8).flat_map(|_| noise.next().to_le_bytes()).collect();
        let mut hasher = Hasher::new(Algorithm::Sha256);
        for _ in 0..layer_bytes / BLOCK_BYTES as u64 {
            hasher.update(&block);
        }
        let layer_digest = hasher.finish();
        let config = json!({
            "architecture": "amd64", "os": "linux",
            "rootfs": {"type": "layers", "diff_ids": [layer_digest.to_string()]},
        });
        let config = config.to_string().into_bytes();
        let part = |kind: &str, digest: &Digest, size: u64| -> Value {
            let media_type = format!("application/vnd.oci.image.{kind}");
            json!({"mediaType": media_type, "digest": digest.to_string(), "size": size})
        };
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST_TYPE,
            "config": part("config.v1+json", &Digest::sha256(&config), config.len() as u64),
            "layers": [part("layer.v1.tar", &layer_digest, layer_bytes)],
        });
        let manifest = manifest.to_string().into_bytes();
        let manifest_digest = Digest::sha256(&manifest);
        Self { manifest, manifest_digest, config, layer_digest, layer_bytes, block }
    }
}

/// A running registry; it ends when this is dropped.
pub(super) struct Registry {
    listener: Listener,
    received: Arc<AtomicU64>,
}

impl Registry {
    /// One that has an image.
    pub(super) fn of(image: Image) -> Result<Self> {
        Self::start(Some(image))
    }

    /// One that has nothing, and keeps nothing.
    pub(super) fn empty() -> Result<Self> {
        Self::start(None)
    }

    fn start(image: Option<Image>) -> Result<Self> {
        let (image, received) = (Arc::new(image), Arc::new(AtomicU64::new(0)));
        let counter = Arc::clone(&received);
        let listener = Listener::start(move |client| {
            let (image, received) = (Arc::clone(&image), Arc::clone(&counter));
            async move { converse(client, image.as_ref().as_ref(), &received).await }
        })?;
        Ok(Self { listener, received })
    }

    pub(super) fn address(&self) -> &str {
        self.listener.address()
    }

    /// Bytes of all bodies that came.
    pub(super) fn received_bytes(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }
}

/// What a request begins with.
struct Head {
    method: String,
    path: String,
    body_bytes: u64,
    is_expecting: bool,
}

async fn converse(
    client: TcpStream,
    image: Option<&Image>,
    received: &AtomicU64,
) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    let mut stream = BufStream::with_capacity(BLOCK_BYTES, BLOCK_BYTES, client);
    while let Some(head) = read_head(&mut stream).await? {
        if head.is_expecting {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
            stream.flush().await?;
        }
        let body = drain(&mut stream, head.body_bytes, received).await?;
        match image {
            Some(image) => give(&mut stream, &head, image).await?,
            None => take(&mut stream, &head, &body).await?,
        }
        stream.flush().await?;
    }
    Ok(())
}

async fn read_head(stream: &mut BufStream<TcpStream>) -> std::io::Result<Option<Head>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut head = Head { method, path, body_bytes: 0, is_expecting: false };
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.split_once(':') else { return Ok(Some(head)) };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => head.body_bytes = value.trim().parse().unwrap_or(0),
            "expect" => head.is_expecting = true,
            _ => {}
        }
    }
}

/// Takes a body; the bytes of one block are returned, which is more than a manifest has.
async fn drain(
    stream: &mut BufStream<TcpStream>,
    bytes: u64,
    received: &AtomicU64,
) -> std::io::Result<Vec<u8>> {
    let (mut left, mut first) = (bytes, Vec::new());
    while left > 0 {
        let piece = stream.fill_buf().await?;
        if piece.is_empty() {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let length = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
        if first.len() < BLOCK_BYTES {
            first.extend_from_slice(&piece[..length]);
        }
        stream.consume(length);
        left -= length as u64;
        received.fetch_add(length as u64, Ordering::Relaxed);
    }
    Ok(first)
}

/// Answers as a registry that has the image.
async fn give(
    stream: &mut BufStream<TcpStream>,
    Head { method, path, .. }: &Head,
    image: &Image,
) -> std::io::Result<()> {
    let is_body = method == "GET";
    if path.ends_with("/manifests/1") || path.ends_with(image.manifest_digest.hex()) {
        let headers = [
            ("Content-Type", MANIFEST_TYPE.to_owned()),
            ("Docker-Content-Digest", image.manifest_digest.to_string()),
        ];
        let length = image.manifest.len() as u64;
        answer(stream, "200 OK", &headers, length).await?;
        return if is_body { stream.write_all(&image.manifest).await } else { Ok(()) };
    }
    if path.ends_with(image.layer_digest.hex()) {
        answer(stream, "200 OK", &[], image.layer_bytes).await?;
        let blocks = if is_body { image.layer_bytes / BLOCK_BYTES as u64 } else { 0 };
        for _ in 0..blocks {
            stream.write_all(&image.block).await?;
        }
        return Ok(());
    }
    if path.contains("/blobs/") {
        answer(stream, "200 OK", &[], image.config.len() as u64).await?;
        return if is_body { stream.write_all(&image.config).await } else { Ok(()) };
    }
    plain(stream, path).await
}

/// Answers as a registry that takes everything.
async fn take(
    stream: &mut BufStream<TcpStream>,
    Head { method, path, .. }: &Head,
    body: &[u8],
) -> std::io::Result<()> {
    match method.as_str() {
        "POST" => {
            let location = [("Location", "/v2/bench/large/blobs/uploads/1".to_owned())];
            answer(stream, "202 Accepted", &location, 0).await
        }
        "PUT" if path.contains("/manifests/") => {
            let digest = [("Docker-Content-Digest", Digest::sha256(body).to_string())];
            answer(stream, "201 Created", &digest, 0).await
        }
        "PUT" => answer(stream, "201 Created", &[], 0).await,
        _ => plain(stream, path).await,
    }
}

/// Answers what is no part of an image: that a registry is here, and that the rest is not.
async fn plain(stream: &mut BufStream<TcpStream>, path: &str) -> std::io::Result<()> {
    let status = if path == "/v2/" { "200 OK" } else { "404 Not Found" };
    answer(stream, status, &[], 0).await
}

async fn answer(
    stream: &mut BufStream<TcpStream>,
    status: &str,
    headers: &[(&str, String)],
    length: u64,
) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n");
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await
}
