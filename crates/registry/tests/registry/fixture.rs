//! What the tests share: fast timing, names, contents.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use sealift_oci::{Blob, BlobStream, BoxFuture, Content, Document, StoreError, StoreErrorKind};
use sealift_reference::{Digest, MediaType, Repository, media_type};
use sealift_registry::{Registry, Settings, Timing};
use sealift_testkit::Server;

/// Waits short enough for tests, and limits that a busy machine keeps.
pub(crate) fn timing() -> Timing {
    Timing {
        connect: Duration::from_secs(5),
        headers: Duration::from_secs(5),
        stall: Duration::from_secs(5),
        first_wait: Duration::from_millis(1),
        longest_wait: Duration::from_millis(5),
        ..Timing::default()
    }
}

/// Limits short enough for a test that runs into them.
pub(crate) fn hasty() -> Registry {
    let timing = Timing {
        connect: Duration::from_millis(500),
        headers: Duration::from_millis(500),
        stall: Duration::from_millis(300),
        ..timing()
    };
    Registry::new(&Settings { timing, ..Settings::default() }).unwrap()
}

pub(crate) fn settings() -> Settings {
    Settings { timing: timing(), ..Settings::default() }
}

pub(crate) fn registry() -> Registry {
    Registry::new(&settings()).unwrap()
}

/// `a/b` at a server.
pub(crate) fn repository(server: &Server) -> Repository {
    Repository::new(&server.address(), "a/b").unwrap()
}

pub(crate) fn blob(bytes: &[u8]) -> Blob {
    Blob { digest: Digest::sha256(bytes), size_bytes: bytes.len() as u64 }
}

/// Bytes that differ at every place within a page.
pub(crate) fn noise(length: usize) -> Bytes {
    (0..length).map(|at| (at.wrapping_mul(31) >> 3).to_le_bytes()[0]).collect::<Vec<u8>>().into()
}

/// An image manifest without layers.
pub(crate) fn image() -> Document {
    document(
        media_type::OCI_MANIFEST,
        r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[]}"#,
    )
}

/// An empty index.
pub(crate) fn index() -> Document {
    document(
        media_type::OCI_INDEX,
        r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#,
    )
}

pub(crate) fn document(media_type: &str, text: &str) -> Document {
    let bytes = Bytes::copy_from_slice(text.as_bytes());
    Document { media_type: MediaType::from(media_type), digest: Digest::sha256(&bytes), bytes }
}

/// Reads a stream to its end or first error.
pub(crate) async fn read(mut stream: BlobStream) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece?);
    }
    Ok(bytes)
}

/// Content in memory, handed out in pieces of 64 KiB.
pub(crate) struct InMemory(pub(crate) Bytes);

impl Content for InMemory {
    fn open(&self, offset: u64) -> BoxFuture<'_, Result<BlobStream, StoreError>> {
        let rest = self.0.slice(usize::try_from(offset).unwrap()..);
        let pieces: Vec<_> = rest.chunks(64 << 10).map(|piece| Ok(rest.slice_ref(piece))).collect();
        Box::pin(async move { Ok(Box::pin(stream::iter(pieces)) as BlobStream) })
    }
}

/// Content that cannot be had.
pub(crate) struct Missing;

impl Content for Missing {
    fn open(&self, _offset: u64) -> BoxFuture<'_, Result<BlobStream, StoreError>> {
        Box::pin(async { Err(StoreError::new(StoreErrorKind::NotFound, "the source has lost it")) })
    }
}

/// Puts a server's address out of a message.
pub(crate) fn told(error: &StoreError, server: &Server) -> String {
    error.to_string().replace(&server.address(), "HOST")
}
