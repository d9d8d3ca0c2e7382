//! Mounts of a repository from itself, which ask for a blob and open its upload at once.

use bytes::Bytes;
use sealift_oci::{Foreseen, StoreError, StoreErrorKind, Target as _, Written};
use sealift_registry::Registry;
use sealift_testkit::{Entry, Reply, Server};

use crate::fixture::{InMemory, Missing, blob, noise, registry, repository, told};
use crate::uploads::{SESSION, SIZE, START, opens, server};

/// The question that opens the upload of a blob.
fn own_mount(bytes: &Bytes) -> Entry {
    Entry::post(&format!("{START}?mount={}&from=a/b", blob(bytes).digest))
}

fn blob_head(bytes: &Bytes) -> Entry {
    Entry::head(&format!("/v2/a/b/blobs/{}", blob(bytes).digest))
}

fn ends(bytes: &Bytes) -> Entry {
    Entry::put(&format!("{SESSION}&digest={}", blob(bytes).digest))
}

/// Writes blobs with one client, and returns what came of each and the requests after the pings.
async fn written_each(entries: Vec<Entry>, blobs: &[&Bytes]) -> (Vec<Written>, Vec<String>) {
    let server = server(entries).await;
    let registry = registry();
    let mut written = Vec::new();
    for bytes in blobs {
        let content = InMemory(Bytes::clone(bytes));
        let done = registry.write_blob(&repository(&server), &blob(bytes), None, &content).await;
        written.push(done.unwrap());
    }
    assert!(server.unexpected().is_empty(), "{:?}", server.unexpected());
    assert!(server.unused().is_empty(), "{:?}", server.unused());
    (written, server.lines())
}

#[tokio::test]
async fn a_tiny_blob_is_found_or_sent_by_the_request_that_opens_its_upload() {
    let (there, absent) = (noise(10), noise(64 << 10));
    let entries = vec![
        own_mount(&there).reply(Reply::status(201)),
        blob_head(&there).reply(Reply::status(200).content_length(10)),
        own_mount(&absent).reply(Reply::status(202).header("Location", SESSION)),
        ends(&absent).reply(Reply::status(201)),
    ];
    let (written, lines) = written_each(entries, &[&there, &absent]).await;
    assert_eq!(written, [Written::AlreadyThere, Written::Sent]);
    let lines: Vec<_> = lines.iter().filter(|line| *line != "GET /v2/").collect();
    assert_eq!(lines.len(), 4, "a HEAD for what is said to be there, no list of tags: {lines:?}");
}

#[tokio::test]
async fn a_tiny_blob_that_is_only_said_to_be_there_is_sent() {
    let bytes = noise(10);
    for status in [404, 403] {
        let entries = vec![
            own_mount(&bytes).reply(Reply::status(201)),
            blob_head(&bytes).reply(Reply::status(status)),
            opens(SESSION),
            ends(&bytes).reply(Reply::status(201)),
        ];
        assert_eq!(written_each(entries, &[&bytes]).await.0, [Written::Sent], "{status}");
    }
}

/// Opens the upload of a blob, as a preflight does, and writes it.
async fn begun_and_written(
    server: &Server,
    registry: &Registry,
    bytes: &Bytes,
) -> Result<Written, StoreError> {
    let (repository, blob) = (repository(server), blob(bytes));
    registry.ask_to_push(&repository, Some(&blob)).await.unwrap();
    registry.write_blob(&repository, &blob, None, &InMemory(bytes.clone())).await
}

#[tokio::test]
async fn a_blob_that_is_only_said_to_be_there_when_its_upload_begins_is_sent() {
    for bytes in [noise(10), noise(SIZE)] {
        let server = server(vec![
            own_mount(&bytes).reply(Reply::status(201)),
            blob_head(&bytes).reply(Reply::status(404)),
            opens(SESSION),
            ends(&bytes).reply(Reply::status(201)),
        ])
        .await;
        let registry = registry();
        let foreseen = async || {
            let (repository, blob) = (repository(&server), blob(&bytes));
            registry.ask_to_push(&repository, Some(&blob)).await.unwrap();
            registry.foresee_blob(&repository, &blob, None).await.unwrap()
        };
        assert_eq!(foreseen().await, Foreseen { written: Written::Sent, requests: 3 });
        assert_eq!(begun_and_written(&server, &registry, &bytes).await.unwrap(), Written::Sent);
        let lines = server.lines();
        let posts = lines.iter().filter(|line| line.starts_with("POST")).count();
        let heads = lines.iter().filter(|line| line.starts_with("HEAD")).count();
        assert_eq!((posts, heads), (2 + 1, 2), "{lines:?}");
    }
}

#[tokio::test]
async fn a_blob_of_another_length_that_is_said_to_be_there_is_an_error() {
    let bytes = noise(10);
    for length in [0, 7] {
        let server = server(vec![
            own_mount(&bytes).reply(Reply::status(201)),
            blob_head(&bytes).reply(Reply::status(200).content_length(length)),
        ])
        .await;
        let registry = registry();
        let content = InMemory(bytes.clone());
        let (repository, blob) = (repository(&server), blob(&bytes));
        let written = registry.write_blob(&repository, &blob, None, &content).await;
        for written in [written, begun_and_written(&server, &registry, &bytes).await] {
            let error = written.unwrap_err();
            assert_eq!(error.kind, StoreErrorKind::Length);
            let said = format!("it has {length} bytes under this digest instead of 10");
            assert!(told(&error, &server).ends_with(&said), "{error}");
        }
    }
}

#[tokio::test]
async fn a_tiny_blob_that_the_source_has_lost_is_looked_for_at_the_target() {
    let bytes = noise(10);
    for (reply, wanted) in [
        (Reply::status(200).content_length(10), Ok(Written::AlreadyThere)),
        (Reply::status(404), Err(StoreErrorKind::NotFound)),
    ] {
        let server = server(vec![
            own_mount(&bytes).reply(Reply::status(202).header("Location", SESSION)),
            blob_head(&bytes).reply(reply),
        ])
        .await;
        let (repository, blob) = (repository(&server), blob(&bytes));
        let written = registry().write_blob(&repository, &blob, None, &Missing).await;
        assert_eq!(written.map_err(|error| error.kind), wanted);
        let heads = server.lines().iter().filter(|line| line.starts_with("HEAD")).count();
        assert_eq!(heads, 1);
    }
}

#[tokio::test]
async fn a_blob_that_was_asked_for_is_not_asked_for_again_when_the_source_has_lost_it() {
    let bytes = noise(SIZE);
    let absent = blob_head(&bytes).reply(Reply::status(404));
    let server = server(vec![absent, opens(SESSION)]).await;
    let (repository, blob) = (repository(&server), blob(&bytes));
    let written = registry().write_blob(&repository, &blob, None, &Missing).await;
    assert_eq!(written.unwrap_err().kind, StoreErrorKind::NotFound);
    assert_eq!(server.lines().iter().filter(|line| line.starts_with("HEAD")).count(), 1);
}

#[tokio::test]
async fn a_mount_from_the_repository_itself_that_goes_wrong_once_is_asked_for_again() {
    let (first, second) = (noise(10), noise(20));
    let entries = vec![
        own_mount(&first).reply(Reply::error(500, "UNKNOWN", "x")).times(1),
        own_mount(&second).reply(Reply::status(201)),
        blob_head(&second).reply(Reply::status(200).content_length(20)),
        opens(SESSION),
        ends(&first).reply(Reply::status(201)),
    ];
    let (written, _) = written_each(entries, &[&first, &second]).await;
    assert_eq!(written, [Written::Sent, Written::AlreadyThere]);
}

#[tokio::test]
async fn a_host_that_refuses_mounts_from_the_repository_itself_is_asked_for_one_only() {
    let (first, second) = (noise(10), noise(20));
    for status in [400, 401, 403, 404, 405, 501] {
        let entries = vec![
            own_mount(&first).reply(Reply::error(status, "UNSUPPORTED", "x")).times(1),
            opens(SESSION),
            ends(&first).reply(Reply::status(201)),
            ends(&second).reply(Reply::status(201)),
        ];
        let (written, lines) = written_each(entries, &[&first, &second]).await;
        assert_eq!(written, [Written::Sent, Written::Sent], "{status}");
        let mounts = lines.iter().filter(|line| line.contains("mount=")).count();
        assert_eq!(mounts, 1, "{status}: {lines:?}");
    }
}

#[tokio::test]
async fn a_host_that_refuses_every_upload_has_not_refused_the_mount() {
    let bytes = noise(10);
    let server = server(vec![
        own_mount(&bytes).reply(Reply::error(403, "DENIED", "x")).times(1),
        Entry::post(START).reply(Reply::error(403, "DENIED", "x")).times(1),
        own_mount(&bytes).reply(Reply::status(201)),
        blob_head(&bytes).reply(Reply::status(200).content_length(10)),
    ])
    .await;
    let registry = registry();
    let (repository, content) = (repository(&server), InMemory(bytes.clone()));
    let write = async || registry.write_blob(&repository, &blob(&bytes), None, &content).await;
    assert_eq!(write().await.unwrap_err().kind, StoreErrorKind::Denied);
    assert_eq!(write().await.unwrap(), Written::AlreadyThere);
}

#[tokio::test]
async fn the_lost_answer_to_a_tiny_blob_is_found_by_head() {
    let bytes = noise(10);
    let there = blob_head(&bytes);
    let entries = vec![
        own_mount(&bytes).reply(Reply::status(202).header("Location", SESSION)),
        ends(&bytes).reply(Reply::none()).times(1),
        there.reply(Reply::status(200).content_length(10)),
    ];
    let (written, lines) = written_each(entries, &[&bytes]).await;
    assert_eq!(written, [Written::Sent]);
    assert_eq!(lines.iter().filter(|line| line.starts_with("PUT")).count(), 1, "{lines:?}");
}

#[tokio::test]
async fn a_tiny_blob_that_this_run_has_sent_is_asked_for_before_it_is_sent_again() {
    let bytes = noise(10);
    let head = || blob_head(&bytes);
    let entries = vec![
        own_mount(&bytes).reply(Reply::status(202).header("Location", SESSION)).times(1),
        head().reply(Reply::status(200).content_length(10)).times(1),
        head().reply(Reply::status(404)).times(1),
        opens(SESSION),
        ends(&bytes).reply(Reply::status(201)),
    ];
    let (written, lines) = written_each(entries, &[&bytes, &bytes, &bytes]).await;
    assert_eq!(written, [Written::Sent, Written::AlreadyThere, Written::Sent]);
    assert_eq!(lines.iter().filter(|line| line.contains("mount=")).count(), 1, "{lines:?}");
}
