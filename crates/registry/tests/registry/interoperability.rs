//! Against Debian's `docker-registry`, a real distribution 2.8.

use std::sync::Mutex;

use futures_util::StreamExt as _;
use sealift_oci::{
    BlobStream, BoxFuture, Content, Source as _, StoreError, StoreErrorKind, Target as _, Written,
};
use sealift_reference::{Repository, Tag, media_type};
use sealift_registry::{Registry, RequestKind};
use sealift_testkit::DockerRegistry;

use crate::fixture::{InMemory, blob, document, noise, read, registry};

fn repository(server: &DockerRegistry, path: &str) -> Repository {
    Repository::new(server.address(), path).unwrap()
}

#[tokio::test]
async fn an_image_is_pushed_pulled_and_mounted() {
    let Some(server) = DockerRegistry::start() else { return };
    let (registry, home, other) =
        (registry(), repository(&server, "a/home"), repository(&server, "a/other"));
    let (config, layer) = (noise(2000), noise(3 << 20));
    for bytes in [&config, &layer] {
        let content = InMemory(bytes.clone());
        assert_eq!(
            registry.write_blob(&home, &blob(bytes), None, &content).await.unwrap(),
            Written::Sent
        );
        assert_eq!(
            registry.write_blob(&home, &blob(bytes), None, &content).await.unwrap(),
            Written::AlreadyThere
        );
        assert_eq!(
            registry.write_blob(&other, &blob(bytes), Some(&home), &content).await.unwrap(),
            Written::Mounted
        );
        assert_eq!(
            registry.blob_size(&other, &blob(bytes).digest).await.unwrap(),
            Some(bytes.len() as u64)
        );
    }
    let image = document(
        media_type::OCI_MANIFEST,
        &format!(
            r#"{{"schemaVersion":2,"mediaType":"{}","config":{{"mediaType":"{}","digest":"{}","size":{}}},"layers":[{{"mediaType":"{}","digest":"{}","size":{}}}]}}"#,
            media_type::OCI_MANIFEST,
            media_type::OCI_CONFIG,
            blob(&config).digest,
            config.len(),
            media_type::OCI_LAYER_GZIP,
            blob(&layer).digest,
            layer.len()
        ),
    );
    let tag: Tag = "1.0".parse().unwrap();
    registry.write_document(&other, &image, Some(&tag)).await.unwrap();
    assert_eq!(registry.resolve(&other, &tag).await.unwrap().unwrap().digest, image.digest);
    assert_eq!(registry.document(&other, &image.digest).await.unwrap(), Some(image.clone()));
    assert_eq!(registry.resolve(&home, &tag).await.unwrap(), None);
    let stream = registry.blob(&other, &blob(&layer), 1 << 20).await.unwrap();
    assert!(read(stream).await.unwrap() == layer.slice(1 << 20..));
    assert_eq!(
        registry.tags(&other).await.unwrap().unwrap().into_iter().collect::<Vec<_>>(),
        ["1.0"]
    );

    let sparse = document(
        media_type::OCI_INDEX,
        &format!(
            r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[{{"mediaType":"{}","digest":"{}","size":7}}]}}"#,
            media_type::OCI_INDEX,
            media_type::OCI_MANIFEST,
            blob(b"absent").digest
        ),
    );
    let error = registry.write_document(&other, &sparse, None).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::ChildUnknown, "{error}");
}

#[tokio::test]
async fn a_document_with_a_subject_gets_a_fallback_tag() {
    let Some(server) = DockerRegistry::start() else { return };
    let (registry, home) = (registry(), repository(&server, "a/home"));
    let empty = noise(2);
    registry.write_blob(&home, &blob(&empty), None, &InMemory(empty.clone())).await.unwrap();
    let subject = blob(b"the subject may be absent");
    for name in ["one", "two"] {
        let text = format!(
            r#"{{"schemaVersion":2,"mediaType":"{0}","artifactType":"application/x-{name}","config":{{"mediaType":"{1}","digest":"{2}","size":2}},"layers":[],"subject":{{"mediaType":"{0}","digest":"{3}","size":25}}}}"#,
            media_type::OCI_MANIFEST,
            media_type::OCI_CONFIG,
            blob(&empty).digest,
            subject.digest
        );
        registry
            .write_document(&home, &document(media_type::OCI_MANIFEST, &text), None)
            .await
            .unwrap();
    }
    let found = registry.referrers(&home, &subject.digest).await.unwrap();
    let types: Vec<_> =
        found.iter().map(|found| found.artifact_type.as_ref().unwrap().as_str()).collect();
    assert_eq!(types, ["application/x-one", "application/x-two"]);
}

/// Content that breaks once in the middle, as a source does that cannot be read on.
struct Breaks {
    whole: InMemory,
    left: Mutex<u32>,
}

impl Content for Breaks {
    fn open(&self, offset: u64) -> BoxFuture<'_, Result<BlobStream, StoreError>> {
        Box::pin(async move {
            let stream = self.whole.open(offset).await?;
            let breaks = std::mem::replace(&mut *self.left.lock().unwrap(), 0) > 0;
            if !breaks {
                return Ok(stream);
            }
            let error = StoreError::new(StoreErrorKind::Network, "the source broke");
            Ok(Box::pin(stream.take(20).chain(futures_util::stream::iter([Err(error)])))
                as BlobStream)
        })
    }
}

#[tokio::test]
async fn a_source_that_breaks_commits_nothing_and_the_next_run_succeeds() {
    let Some(server) = DockerRegistry::start() else { return };
    let (registry, home, bytes) = (registry(), repository(&server, "a/home"), noise(3 << 20));
    let content = Breaks { whole: InMemory(bytes.clone()), left: Mutex::new(1) };
    let error = registry.write_blob(&home, &blob(&bytes), None, &content).await.unwrap_err();
    assert_eq!(error.to_string(), "the source broke");
    assert_eq!(registry.blob_size(&home, &blob(&bytes).digest).await.unwrap(), None);
    assert_eq!(
        registry.write_blob(&home, &blob(&bytes), None, &content).await.unwrap(),
        Written::Sent
    );
}

#[tokio::test]
async fn wrong_bytes_are_refused_twice_and_then_told() {
    let Some(server) = DockerRegistry::start() else { return };
    let (registry, home) = (registry(), repository(&server, "a/home"));
    let (right, wrong) = (noise(400_000), noise(400_001).slice(1..));
    let error =
        registry.write_blob(&home, &blob(&right), None, &InMemory(wrong)).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Digest);
    assert!(error.to_string().contains("the target stored other bytes, twice"), "{error}");
    assert_eq!(registry.blob_size(&home, &blob(&right).digest).await.unwrap(), None);
}

#[tokio::test]
async fn requests_of_a_cold_copy_are_counted() {
    let Some(server) = DockerRegistry::start() else { return };
    let (registry, home) = (registry(), repository(&server, "a/home"));
    for size in [10, 20, 30, 100_000, 200_000] {
        let bytes = noise(size);
        registry.write_blob(&home, &blob(&bytes), None, &InMemory(bytes.clone())).await.unwrap();
    }
    let counts = registry.counts();
    assert_eq!(counts.requests[server.address()].get(&RequestKind::BlobHead), None);
    // By TLS and by plain HTTP; one list of tags for the blobs that are not tiny; a session and an upload for each blob.
    assert_eq!(counts.total(), 2 + 1 + 5 * 2);
}

#[tokio::test]
async fn a_tiny_blob_that_is_there_costs_two_requests() {
    let Some(server) = DockerRegistry::start() else { return };
    let (home, bytes) = (repository(&server, "a/home"), noise(64 << 10));
    let write = async |registry: Registry| {
        let content = InMemory(bytes.clone());
        let written = registry.write_blob(&home, &blob(&bytes), None, &content).await.unwrap();
        (written, registry.counts().of(RequestKind::UploadPost), registry.counts().total())
    };
    assert_eq!(write(registry()).await, (Written::Sent, 1, 2 + 2));
    assert_eq!(write(registry()).await, (Written::AlreadyThere, 1, 2 + 2));
}
