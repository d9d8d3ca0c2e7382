//! The right to push is asked for by the upload of a blob, which then goes on.

use bytes::Bytes;
use sealift_oci::{Target as _, Written};
use sealift_registry::Registry;
use sealift_testkit::{Entry, Reply, Server};

use crate::fixture::{InMemory, blob, noise, registry, repository};
use crate::uploads::{SESSION, START, opens, server};

/// The question for a blob.
fn question(bytes: &Bytes) -> Entry {
    Entry::post(&format!("{START}?mount={}&from=a/b", blob(bytes).digest))
}

fn session(at: &str) -> Reply {
    Reply::status(202).header("Location", at)
}

fn put(session: &str, bytes: &Bytes) -> Entry {
    let end = Entry::put(&format!("{session}&digest={}", blob(bytes).digest));
    end.reply(Reply::status(201))
}

async fn write(registry: &Registry, server: &Server, bytes: &Bytes) -> Written {
    let content = InMemory(bytes.clone());
    registry.write_blob(&repository(server), &blob(bytes), None, &content).await.unwrap()
}

#[tokio::test]
async fn the_session_is_taken_by_the_blob_that_it_was_opened_for() {
    let (first, other) = (noise(10), noise(20));
    let (own, next) = ("/u/1?state=1", "/u/2?state=2");
    let server = server(vec![
        question(&first).reply(session(own)).times(1),
        question(&other).reply(session(next)),
        put(own, &first),
        put(next, &other),
    ])
    .await;
    let registry = registry();
    registry.ask_to_push(&repository(&server), Some(&blob(&first))).await.unwrap();
    for bytes in [&other, &first] {
        assert_eq!(write(&registry, &server, bytes).await, Written::Sent);
    }
    assert!(server.unexpected().is_empty(), "{:?}", server.unexpected());
    assert!(server.unused().is_empty(), "{:?}", server.unused());
    assert_eq!((registry.push_questions(), registry.opened_sessions()), (1, 1));
}

#[tokio::test]
async fn a_blob_that_an_earlier_run_has_sent_is_found_by_the_question_and_asked_for_each_time() {
    let bytes = noise(10);
    let there = Entry::head(&format!("/v2/a/b/blobs/{}", blob(&bytes).digest))
        .reply(Reply::status(200).content_length(10));
    let server = server(vec![question(&bytes).reply(Reply::status(201)), there]).await;
    let registry = registry();
    registry.ask_to_push(&repository(&server), Some(&blob(&bytes))).await.unwrap();
    let foreseen = registry.foresee_blob(&repository(&server), &blob(&bytes), None).await.unwrap();
    assert_eq!((foreseen.written, foreseen.requests), (Written::AlreadyThere, 1));
    registry.ask_to_push(&repository(&server), Some(&blob(&bytes))).await.unwrap();
    assert_eq!((registry.push_questions(), registry.opened_sessions()), (2, 0));
    let before = server.lines().len();
    assert_eq!(write(&registry, &server, &bytes).await, Written::AlreadyThere);
    assert_eq!(server.lines().len(), before + 1);
    // It may have gone since then.
    assert_eq!(write(&registry, &server, &bytes).await, Written::AlreadyThere);
    assert_eq!(server.lines().len(), before + 2);
}

#[tokio::test]
async fn the_list_of_tags_is_foreseen_once_and_only_for_blobs_that_are_not_tiny() {
    let (tiny, other, short) = (noise(64 << 10), noise(70_000), noise(80_000));
    let server = server(vec![
        Entry::get("/v2/a/b/tags/list?n=1").reply(Reply::error(404, "NAME_UNKNOWN", "x")).times(1),
    ])
    .await;
    let registry = registry();
    let mut requests = Vec::new();
    for bytes in [&tiny, &other, &short, &tiny] {
        let foreseen = registry.foresee_blob(&repository(&server), &blob(bytes), None).await;
        let foreseen = foreseen.unwrap();
        assert_eq!(foreseen.written, Written::Sent);
        requests.push(foreseen.requests);
    }
    assert_eq!(requests, [2, 3, 2, 2]);
}

#[tokio::test]
async fn a_tiny_blob_that_is_there_is_foreseen_as_two_requests() {
    let bytes = noise(10);
    let server = server(vec![
        Entry::get("/v2/a/b/tags/list?n=1").reply(Reply::status(200).body(r#"{"tags":["1"]}"#)),
        Entry::head(&format!("/v2/a/b/blobs/{}", blob(&bytes).digest))
            .reply(Reply::status(200).content_length(10)),
    ])
    .await;
    let foreseen = registry().foresee_blob(&repository(&server), &blob(&bytes), None).await;
    let foreseen = foreseen.unwrap();
    assert_eq!((foreseen.written, foreseen.requests), (Written::AlreadyThere, 2));
    assert!(server.unused().is_empty(), "{:?}", server.unused());
}

#[tokio::test]
async fn a_registry_that_knows_no_mounts_is_asked_in_the_plain_way() {
    let bytes = noise(10);
    let server = server(vec![
        question(&bytes).reply(Reply::status(405)),
        opens(SESSION),
        put(SESSION, &bytes),
    ])
    .await;
    let registry = registry();
    registry.ask_to_push(&repository(&server), Some(&blob(&bytes))).await.unwrap();
    assert_eq!((registry.push_questions(), registry.opened_sessions()), (2, 1));
    assert_eq!(write(&registry, &server, &bytes).await, Written::Sent);
    assert_eq!(server.lines().iter().filter(|line| line.starts_with("POST")).count(), 2);
}
