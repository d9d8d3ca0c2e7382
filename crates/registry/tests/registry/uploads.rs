//! Blobs on their way to a registry.

use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use sealift_oci::{
    BlobStream, BoxFuture, Content, StoreError, StoreErrorKind, Target as _, Written,
};
use sealift_reference::{Digest, Repository};
use sealift_registry::RequestKind;
use sealift_testkit::{Entry, Reply, Script, Server};

use crate::fixture::{InMemory, Missing, blob, hasty, noise, registry, repository, told};

pub(crate) const SIZE: usize = 300_000;
pub(crate) const START: &str = "/v2/a/b/blobs/uploads/";
pub(crate) const SESSION: &str = "/u/1?state=x%3D";

fn bytes() -> Bytes {
    noise(SIZE)
}

fn blob_path() -> String {
    format!("/v2/a/b/blobs/{}", blob(&bytes()).digest)
}

/// The PUT that ends a session.
fn put(session: &str) -> Entry {
    Entry::put(&format!("{session}&digest={}", blob(&bytes()).digest))
}

fn absent() -> Entry {
    Entry::head(&blob_path()).reply(Reply::status(404))
}

fn present() -> Entry {
    Entry::head(&blob_path()).reply(Reply::status(200).content_length(SIZE as u64))
}

pub(crate) fn opens(session: &str) -> Entry {
    Entry::post(START).reply(Reply::status(202).header("Location", session))
}

pub(crate) async fn server(entries: Vec<Entry>) -> Server {
    Server::start(entries.into_iter().fold(Script::new().open(), Script::entry)).await
}

async fn write(server: &Server) -> Result<Written, StoreError> {
    registry().write_blob(&repository(server), &blob(&bytes()), None, &InMemory(bytes())).await
}

/// Writes to a server with these rules, and returns the requests after the ping.
async fn written(entries: Vec<Entry>) -> Vec<String> {
    let server = server(entries).await;
    assert_eq!(write(&server).await.map_err(|error| told(&error, &server)), Ok(Written::Sent));
    assert!(server.unexpected().is_empty(), "{:?}", server.unexpected());
    assert!(server.unused().is_empty(), "{:?}", server.unused());
    let digest = blob(&bytes()).digest;
    server.lines().iter().skip(1).map(|line| line.replace(digest.as_str(), "D")).collect()
}

async fn failed(entries: Vec<Entry>) -> (StoreErrorKind, String) {
    let server = server(entries).await;
    let error = write(&server).await.unwrap_err();
    let start = format!("HOST: blob {} of a/b: ", blob(&bytes()).digest);
    let text = told(&error, &server);
    (error.kind, text.strip_prefix(&start).unwrap_or(&text).to_owned())
}

#[tokio::test]
async fn a_blob_is_sent_by_one_put_with_its_length() {
    let server =
        server(vec![absent(), opens(SESSION), put(SESSION).reply(Reply::status(201))]).await;
    write(&server).await.unwrap();
    let put = server.requests().pop().unwrap();
    assert!(put.body == bytes() && put.header("transfer-encoding").is_none());
    assert_eq!(put.header("content-length"), Some("300000"));
    assert_eq!(put.header("content-type"), Some("application/octet-stream"));
    assert_eq!(put.target, format!("{SESSION}&digest={}", blob(&bytes()).digest));
}

#[tokio::test]
async fn a_blob_that_is_there_is_not_sent_and_one_of_another_length_is_an_error() {
    let there = server(vec![present()]).await;
    assert_eq!(write(&there).await.unwrap(), Written::AlreadyThere);
    let lying = Entry::head(&blob_path()).reply(Reply::status(200).content_length(7));
    assert_eq!(
        failed(vec![lying]).await,
        (StoreErrorKind::Length, "it has 7 bytes under this digest instead of 300000".to_owned())
    );
}

#[tokio::test]
async fn a_head_that_is_forbidden_or_unknown_does_not_stop_the_upload() {
    for status in [403, 405] {
        let head = Entry::head(&blob_path()).reply(Reply::status(status));
        written(vec![head, opens(SESSION), put(SESSION).reply(Reply::status(201))]).await;
    }
}

#[tokio::test]
async fn small_blobs_of_a_new_repository_cost_one_list_of_tags_and_no_head() {
    let (small, other) = (noise(70_000), noise(100_000));
    let put = |bytes: &Bytes| {
        Entry::put(&format!("{SESSION}&digest={}", blob(bytes).digest)).reply(Reply::status(201))
    };
    let unknown = Reply::error(404, "NAME_UNKNOWN", "repository name not known to registry");
    let server = server(vec![
        Entry::get("/v2/a/b/tags/list?n=1").reply(unknown),
        opens(SESSION),
        put(&small),
        put(&other),
    ])
    .await;
    let registry = registry();
    for bytes in [&small, &other] {
        registry
            .write_blob(&repository(&server), &blob(bytes), None, &InMemory(bytes.clone()))
            .await
            .unwrap();
    }
    assert_eq!(
        (registry.counts().of(RequestKind::Tags), registry.counts().of(RequestKind::BlobHead)),
        (1, 0)
    );
    assert_eq!(registry.counts().total(), 7, "two pings, a list, two sessions, two uploads");
}

#[tokio::test]
async fn an_empty_blob_is_sent_without_opening_its_content() {
    let empty = blob(b"");
    let put = Entry::put(&format!("{SESSION}&digest={}", empty.digest))
        .if_header("content-length", "0")
        .reply(Reply::status(201));
    let server = server(vec![opens(SESSION), put]).await;
    registry().write_blob(&repository(&server), &empty, None, &Missing).await.unwrap();
}

fn mount(reply: Reply) -> Entry {
    Entry::post(&format!("{START}?mount={}&from=c/d", blob(&bytes()).digest)).reply(reply)
}

async fn mounted(entries: Vec<Entry>) -> Written {
    let server = server(entries).await;
    let from = Repository::new(&server.address(), "c/d").unwrap();
    let written = registry()
        .write_blob(&repository(&server), &blob(&bytes()), Some(&from), &InMemory(bytes()))
        .await
        .unwrap();
    assert!(server.unexpected().is_empty(), "{:?}", server.unexpected());
    assert!(server.unused().is_empty(), "{:?}", server.unused());
    written
}

#[tokio::test]
async fn a_mount_is_a_mount_or_a_session_or_nothing() {
    assert_eq!(mounted(vec![mount(Reply::status(201))]).await, Written::Mounted);
    let session = Reply::status(202).header("Location", SESSION);
    assert_eq!(
        mounted(vec![absent(), mount(session), put(SESSION).reply(Reply::status(201))]).await,
        Written::Sent
    );
    for status in [400, 401, 403, 404, 405, 500, 501] {
        let entries = vec![
            absent(),
            mount(Reply::status(status)),
            opens(SESSION),
            put(SESSION).reply(Reply::status(201)),
        ];
        assert_eq!(mounted(entries).await, Written::Sent, "{status}");
    }
}

#[tokio::test]
async fn three_mounts_that_fail_end_the_mounts_of_a_pair() {
    let any = Entry::put("/u/1").reply(Reply::status(201));
    let server = server(vec![
        Entry::head("/v2/a/b/blobs/*").reply(Reply::status(404)),
        Entry::post(&format!("{START}?mount*")).reply(Reply::status(403)),
        opens(SESSION),
        any,
    ])
    .await;
    let (registry, from) = (registry(), Repository::new(&server.address(), "c/d").unwrap());
    for size in 0..5 {
        let bytes = noise(SIZE + size);
        registry
            .write_blob(&repository(&server), &blob(&bytes), Some(&from), &InMemory(bytes.clone()))
            .await
            .unwrap();
    }
    assert_eq!(registry.counts().of(RequestKind::UploadPost), 3 + 5);
}

#[tokio::test]
async fn a_broken_put_goes_on_from_what_the_session_kept() {
    let status = Reply::status(204).header("Range", "0-99999").header("Location", "/u/2?state=y");
    let lines = written(vec![
        absent(),
        opens(SESSION),
        put(SESSION).reply(Reply::none().early_after(150_000)),
        Entry::get(SESSION).reply(status),
        put("/u/2?state=y").reply(Reply::status(201)),
    ])
    .await;
    // Whether a HEAD comes first depends on how much the kernel took.
    let lines: Vec<_> = lines.iter().filter(|line| !line.starts_with("HEAD")).collect();
    assert_eq!(
        lines,
        [
            "POST /v2/a/b/blobs/uploads/",
            "PUT /u/1?state=x%3D&digest=D",
            "GET /u/1?state=x%3D",
            "PUT /u/2?state=y&digest=D"
        ]
    );
}

#[tokio::test]
async fn the_rest_of_a_broken_put_is_exactly_the_rest() {
    let status = Reply::status(204).header("Range", "0-99999").header("Location", "/u/2?state=y");
    let server = server(vec![
        absent(),
        opens(SESSION),
        put(SESSION).reply(Reply::none().early_after(150_000)),
        Entry::get(SESSION).reply(status),
        put("/u/2?state=y").reply(Reply::status(201)),
    ])
    .await;
    write(&server).await.unwrap();
    assert!(server.requests().pop().unwrap().body == bytes().slice(100_000..));
}

#[tokio::test]
async fn a_session_that_kept_nothing_or_is_lost_is_replaced() {
    let lost = Reply::error(404, "BLOB_UPLOAD_INVALID", "x");
    let nothing = Reply::status(204).header("Range", "0-0").header("Location", "/u/2?state=y");
    for status in [lost, nothing] {
        let break_once = put(SESSION).reply(Reply::none().early_after(150_000)).times(1);
        let lines = written(vec![
            absent(),
            opens(SESSION),
            break_once,
            Entry::get(SESSION).reply(status),
            put(SESSION).reply(Reply::status(201)),
        ])
        .await;
        assert_eq!(lines.iter().filter(|line| line.starts_with("POST")).count(), 2, "{lines:?}");
    }
}

#[tokio::test]
async fn a_session_that_claims_more_than_was_sent_is_an_error() {
    let status = Reply::status(204).header("Range", "0-999999").header("Location", "/u/2?state=y");
    let (kind, text) = failed(vec![
        absent(),
        opens(SESSION),
        put(SESSION).reply(Reply::none().early_after(150_000)),
        Entry::get(SESSION).reply(status),
    ])
    .await;
    assert!(
        kind == StoreErrorKind::Protocol
            && text.starts_with("it claims 1000000 bytes of which at most "),
        "{text}"
    );
}

#[tokio::test]
async fn a_put_whose_answer_is_lost_is_found_by_head() {
    let lost = put(SESSION).set_state("stored").reply(Reply::none());
    let head = absent().if_state("");
    let lines = written(vec![head, opens(SESSION), lost, present().if_state("stored")]).await;
    assert_eq!(lines.last().unwrap(), "HEAD /v2/a/b/blobs/D");
}

#[tokio::test]
async fn an_early_answer_decides() {
    let early = put(SESSION)
        .reply(Reply::error(404, "BLOB_UPLOAD_UNKNOWN", "x").early_after(1000))
        .times(1);
    written(vec![absent(), opens(SESSION), early, put(SESSION).reply(Reply::status(201))]).await;
    let denied =
        put(SESSION).reply(Reply::error(403, "DENIED", "quota exceeded").early_after(1000));
    let (kind, text) = failed(vec![absent(), opens(SESSION), denied]).await;
    assert_eq!(
        (kind, text.as_str()),
        (StoreErrorKind::Denied, "no right to push to a/b (anonymous): 403 DENIED quota exceeded")
    );
}

#[tokio::test]
async fn other_good_answers_to_a_put_are_checked_by_head() {
    for status in [202, 204] {
        let put = put(SESSION).set_state("stored").reply(Reply::status(status));
        written(vec![absent().if_state(""), opens(SESSION), put, present().if_state("stored")])
            .await;
    }
}

#[tokio::test]
async fn a_registry_that_doubts_our_bytes_gets_them_once_more() {
    let doubts = || put(SESSION).reply(Reply::error(400, "DIGEST_INVALID", "x"));
    let lines = written(vec![
        absent(),
        opens(SESSION),
        doubts().times(1),
        put(SESSION).reply(Reply::status(201)),
    ])
    .await;
    assert_eq!(lines.iter().filter(|line| line.starts_with("PUT")).count(), 2);
    let (kind, text) = failed(vec![absent(), opens(SESSION), doubts()]).await;
    assert_eq!(
        (kind, text.as_str()),
        (StoreErrorKind::Digest, "the target stored other bytes, twice: 400 DIGEST_INVALID x")
    );
}

/// The blob of a registry that says of it that it is another one, so many times.
fn other(times: usize) -> Entry {
    stored(Digest::sha256(b"other").as_str(), times)
}

fn stored(digest: &str, times: usize) -> Entry {
    put(SESSION).reply(Reply::status(201).header("Docker-Content-Digest", digest)).times(times)
}

#[tokio::test]
async fn a_registry_that_names_another_digest_gets_the_bytes_once_more() {
    let whole = || put(SESSION).reply(Reply::status(201));
    let lines = written(vec![absent(), opens(SESSION), other(1), whole()]).await;
    assert_eq!(lines.iter().filter(|line| line.starts_with("PUT")).count(), 2);
    let (kind, text) = failed(vec![absent(), opens(SESSION), other(2)]).await;
    assert_eq!(kind, StoreErrorKind::Digest);
    let begin = "the target stored other bytes, twice: it says sha256:";
    assert!(text.starts_with(begin), "{text}");
    let (kind, text) = failed(vec![absent(), opens(SESSION), stored("x", 2)]).await;
    assert_eq!(
        (kind, text.as_str()),
        (
            StoreErrorKind::Digest,
            "the target stored other bytes, twice: its answer holds no digest where one belongs"
        )
    );
}

/// Content whose bytes are spoilt once, at the second reading.
struct SpoiltOnce(Bytes, AtomicUsize);

impl Content for SpoiltOnce {
    fn open(&self, offset: u64) -> BoxFuture<'_, Result<BlobStream, StoreError>> {
        if self.1.fetch_add(1, Ordering::Relaxed) == 1 {
            let error = StoreError::new(StoreErrorKind::Digest, "source: wrong bytes");
            return Box::pin(async { Err(error) });
        }
        Box::pin(async move { InMemory(self.0.clone()).open(offset).await })
    }
}

#[tokio::test]
async fn a_doubt_of_the_target_leaves_the_source_its_second_reading() {
    let bytes = bytes();
    let rules = vec![absent(), opens(SESSION), other(1), put(SESSION).reply(Reply::status(201))];
    let server = server(rules).await;
    let content = SpoiltOnce(bytes.clone(), AtomicUsize::new(0));
    let written = registry().write_blob(&repository(&server), &blob(&bytes), None, &content).await;
    written.expect("written at last");
    assert_eq!(content.1.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn stray_refusals_of_quay_are_tried_again() {
    for code in ["BLOB_UPLOAD_INVALID", "SIZE_INVALID"] {
        let stray = put(SESSION).reply(Reply::error(400, code, "x")).times(1);
        written(vec![absent(), opens(SESSION), stray, put(SESSION).reply(Reply::status(201))])
            .await;
    }
}

#[tokio::test]
async fn targets_that_take_nothing_say_why_within_three_requests() {
    let table = [
        (
            Reply::error(405, "UNSUPPORTED", "x"),
            StoreErrorKind::ReadOnly,
            "read-only registry: 405 UNSUPPORTED x",
        ),
        (
            Reply::error(404, "NAME_UNKNOWN", "no project"),
            StoreErrorKind::NotFound,
            "no such project or repository: 404 NAME_UNKNOWN no project",
        ),
        (
            Reply::error(403, "DENIED", "quota"),
            StoreErrorKind::Denied,
            "no right to push to a/b (anonymous): 403 DENIED quota",
        ),
        (Reply::status(202), StoreErrorKind::Protocol, "202 without Location, not a registry?"),
    ];
    for (reply, kind, text) in table {
        let server = server(vec![absent(), Entry::post(START).reply(reply)]).await;
        let error = write(&server).await.unwrap_err();
        assert_eq!(
            (error.kind, told(&error, &server)),
            (kind, format!("HOST: blob {} of a/b: {text}", blob(&bytes()).digest))
        );
        assert_eq!(server.lines().len(), 3);
    }
}

#[tokio::test]
async fn an_error_of_the_source_is_told_as_it_is_and_leaves_nothing() {
    let server =
        server(vec![absent(), opens(SESSION), put(SESSION).reply(Reply::status(201))]).await;
    let error = registry()
        .write_blob(&repository(&server), &blob(&bytes()), None, &Missing)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind, error.to_string().as_str()),
        (StoreErrorKind::NotFound, "the source has lost it")
    );
    let short = InMemory(bytes().slice(..SIZE - 1));
    let error = registry()
        .write_blob(&repository(&server), &blob(&bytes()), None, &short)
        .await
        .unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Length, "{error}");
    assert!(server.requests().iter().all(|request| request.body.len() < SIZE));
}

#[tokio::test]
async fn an_upload_that_stands_still_is_given_up() {
    let server = server(vec![
        absent(),
        opens(SESSION),
        put(SESSION).reply(Reply::hang()),
        Entry::get(SESSION).reply(Reply::status(404)),
    ])
    .await;
    let content = InMemory(bytes());
    let written = hasty().write_blob(&repository(&server), &blob(&bytes()), None, &content).await;
    let error = written.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Network);
    assert!(error.to_string().contains("no answer within"), "{error}");
}
