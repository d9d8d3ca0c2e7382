//! Blobs that do not go in one piece.

use std::sync::LazyLock;

use bytes::Bytes;
use futures_util::stream;
use sealift_oci::{Blob, BlobStream, BoxFuture, Content, StoreError, StoreErrorKind, Target as _};
use sealift_reference::Digest;
use sealift_registry::RequestKind;
use sealift_testkit::{Entry, Reply, Script, Server};

use crate::fixture::{InMemory, blob, noise, registry, repository, told};
use crate::uploads::{SESSION, START, opens, server};

/// 9 MiB, which is three chunks of 4 MiB.
fn large() -> Bytes {
    static LARGE: LazyLock<Bytes> = LazyLock::new(|| noise(9 << 20));
    LARGE.clone()
}

fn large_put(session: &str) -> Entry {
    static DIGEST: LazyLock<Digest> = LazyLock::new(|| blob(&large()).digest);
    Entry::put(&format!("{session}?digest={}", *DIGEST))
}

/// Writes a larger blob, and returns the `Content-Range`s of its chunks.
async fn chunks(entries: Vec<Entry>) -> Result<Vec<String>, String> {
    let head = Entry::head("/v2/a/b/blobs/*").reply(Reply::status(404));
    let server = Server::start(
        [head, opens("/u/0")].into_iter().chain(entries).fold(Script::new().open(), Script::entry),
    )
    .await;
    let written = registry()
        .write_blob(&repository(&server), &blob(&large()), None, &InMemory(large()))
        .await;
    written.map_err(|error| told(&error, &server))?;
    assert!(server.unexpected().is_empty(), "{:?}", server.unexpected());
    let patches: Vec<_> =
        server.requests().into_iter().filter(|request| request.method == "PATCH").collect();
    Ok(patches.iter().map(|request| request.header("content-range").unwrap().to_owned()).collect())
}

fn kept(next: &str, last: usize) -> Reply {
    Reply::status(202).header("Location", next).header("Range", format!("0-{last}"))
}

#[tokio::test]
async fn a_blob_that_is_too_large_for_one_body_goes_in_chunks() {
    for status in [413, 416, 411] {
        let ranges = chunks(vec![
            large_put("/u/0").reply(Reply::status(status).early_after(1000)),
            Entry::patch("/u/0").reply(kept("/u/1", 4_194_303)),
            Entry::patch("/u/1").reply(kept("/u/2", 8_388_607)),
            Entry::patch("/u/2").reply(kept("/u/3", 9_437_183)),
            large_put("/u/3").reply(Reply::status(201)),
        ])
        .await;
        assert_eq!(
            ranges.unwrap(),
            ["0-4194303", "4194304-8388607", "8388608-9437183"],
            "{status}"
        );
    }
}

#[tokio::test]
async fn chunks_are_no_smaller_than_the_registry_allows() {
    let head = Entry::head("/v2/a/b/blobs/*").reply(Reply::status(404));
    let start = Entry::post(START).reply(
        Reply::status(202).header("Location", "/u/0").header("OCI-Chunk-Min-Length", "8388608"),
    );
    let script = Script::new()
        .open()
        .entry(head)
        .entry(start)
        .entry(large_put("/u/0").reply(Reply::status(413).early_after(1000)))
        .entry(Entry::patch("/u/0").reply(kept("/u/1", 8_388_607)))
        .entry(Entry::patch("/u/1").reply(kept("/u/2", 9_437_183)))
        .entry(large_put("/u/2").reply(Reply::status(201)));
    let server = Server::start(script).await;
    registry()
        .write_blob(&repository(&server), &blob(&large()), None, &InMemory(large()))
        .await
        .unwrap();
    assert!(server.unexpected().is_empty());
}

#[tokio::test]
async fn a_chunk_that_lands_at_the_wrong_place_starts_the_blob_anew() {
    let ranges = chunks(vec![
        large_put("/u/0").reply(Reply::status(413).early_after(1000)),
        Entry::patch("/u/0").reply(kept("/u/1", 4_194_302)).times(1),
        Entry::patch("/u/0").reply(kept("/u/1", 4_194_303)),
        Entry::patch("/u/1").reply(kept("/u/2", 8_388_607)),
        Entry::patch("/u/2").reply(kept("/u/3", 9_437_183)),
        large_put("/u/3").reply(Reply::status(201)),
    ])
    .await;
    assert_eq!(ranges.unwrap(), ["0-4194303", "0-4194303", "4194304-8388607", "8388608-9437183"]);
}

#[tokio::test]
async fn a_chunk_that_is_still_too_large_is_an_error_with_a_guess() {
    let error = chunks(vec![
        large_put("/u/0").reply(Reply::status(413).early_after(1000)),
        Entry::patch("/u/0").reply(Reply::status(413).early_after(1000)),
    ])
    .await;
    assert!(
        error.unwrap_err().ends_with(": 413, also for chunks of 4 MiB (body limit of a proxy?)")
    );
}

#[tokio::test]
async fn after_chunks_were_learned_a_blob_that_fits_into_one_goes_whole() {
    let small = noise(300_000);
    let script = Script::new()
        .open()
        .entry(Entry::head("/v2/a/b/blobs/*").reply(Reply::status(404)))
        .entry(opens("/u/0"))
        .entry(large_put("/u/0").reply(Reply::status(413).early_after(1000)))
        .entry(Entry::patch("/u/0").reply(kept("/u/1", 4_194_303)))
        .entry(Entry::patch("/u/1").reply(kept("/u/2", 8_388_607)))
        .entry(Entry::patch("/u/2").reply(kept("/u/3", 9_437_183)))
        .entry(large_put("/u/3").reply(Reply::status(201)))
        .entry(
            Entry::put(&format!("/u/0?digest={}", blob(&small).digest)).reply(Reply::status(201)),
        );
    let server = Server::start(script).await;
    let registry = registry();
    for bytes in [large(), small] {
        let content = InMemory(bytes.clone());
        registry.write_blob(&repository(&server), &blob(&bytes), None, &content).await.unwrap();
    }
    assert_eq!(registry.counts().of(RequestKind::UploadPatch), 3);
}

/// Writes a blob to a registry that takes chunks, answers 500 to each PUT, and has lost the session then; returns the error and
/// the number of requests.
async fn never_ended(size: usize, patches: Vec<Entry>) -> (StoreError, usize) {
    let bytes = noise(size);
    let rules = [
        Entry::head("/v2/a/b/blobs/*").reply(Reply::status(404)),
        opens("/u/0"),
        Entry::get("/u/*").reply(Reply::status(404)),
    ];
    let put = Entry::put("/u/*").reply(Reply::status(500));
    let server = server(rules.into_iter().chain(patches).chain([put]).collect()).await;
    let content = InMemory(bytes.clone());
    let error = registry().write_blob(&repository(&server), &blob(&bytes), None, &content).await;
    assert!(server.unexpected().is_empty(), "{:?}", server.unexpected());
    (error.unwrap_err(), server.lines().len())
}

#[tokio::test]
async fn chunks_that_go_again_into_another_session_are_no_progress() {
    let size = 2 << 20;
    let patch = Entry::patch("/u/0").reply(kept("/u/1", size - 1));
    let (error, requests) = never_ended(size, vec![patch]).await;
    assert_eq!(error.kind, StoreErrorKind::Network);
    // The first chunk was progress, once: two tries in one piece, and six in chunks after it.
    assert!(error.to_string().ends_with(": 500 (tried 6 times)"), "{error}");
    assert!(requests <= 50, "{requests}");
}

#[tokio::test]
async fn chunks_of_a_larger_blob_that_go_again_are_no_progress_either() {
    let patches = vec![
        large_put("/u/0").reply(Reply::status(413).early_after(1000)).times(1),
        Entry::patch("/u/0").reply(kept("/u/1", 4_194_303)),
        Entry::patch("/u/1").reply(kept("/u/2", 8_388_607)),
        Entry::patch("/u/2").reply(kept("/u/3", 9_437_183)),
    ];
    let (error, requests) = never_ended(9 << 20, patches).await;
    assert_eq!(error.kind, StoreErrorKind::Network);
    assert!(error.to_string().ends_with(": 500 (tried 6 times)"), "{error}");
    assert!(requests <= 60, "{requests}");
}

#[tokio::test]
async fn a_session_that_is_lost_again_and_again_gives_no_tries_back() {
    // Each session keeps 2 MiB of a broken PUT, and is gone at the next one.
    let bytes = noise(3 << 20);
    let server = server(vec![
        Entry::head("/v2/a/b/blobs/*").reply(Reply::status(404)),
        opens("/u/0"),
        Entry::put("/u/0").reply(Reply::none().early_after((5 << 20) / 2)),
        Entry::get("/u/0")
            .reply(Reply::status(204).header("Range", "0-2097151").header("Location", "/u/1")),
        Entry::put("/u/1").reply(Reply::status(404)),
    ])
    .await;
    let content = InMemory(bytes.clone());
    let error = registry().write_blob(&repository(&server), &blob(&bytes), None, &content).await;
    let text = told(&error.unwrap_err(), &server);
    assert!(text.ends_with("(tried 6 times)"), "{text}");
    assert!(server.lines().len() <= 40, "{:?}", server.lines());
}

/// Content of any length that is nowhere.
struct Zeros(u64);

impl Content for Zeros {
    fn open(&self, offset: u64) -> BoxFuture<'_, Result<BlobStream, StoreError>> {
        let left = self.0 - offset;
        let pieces = stream::unfold(left, |left| async move {
            let length = usize::try_from(left.min(64 << 10)).ok().filter(|length| *length > 0)?;
            Some((Ok(Bytes::from(vec![0; length])), left - length as u64))
        });
        Box::pin(async move { Ok(Box::pin(pieces) as BlobStream) })
    }
}

#[tokio::test]
async fn a_blob_of_a_gibibyte_goes_in_chunks_after_two_breaks() {
    let blob = Blob { digest: Digest::sha256(b"x"), size_bytes: 1 << 30 };
    let put = Entry::put(&format!("{SESSION}&digest={}", blob.digest));
    let denied = Reply::error(403, "DENIED", "quota exceeded");
    let server = server(vec![
        Entry::head("/v2/a/b/blobs/*").reply(Reply::status(404)),
        opens(SESSION),
        put.reply(Reply::none().early_after(1000)).times(2),
        Entry::get(SESSION).reply(Reply::status(404)),
        Entry::patch(SESSION).reply(denied.early_after(1000)),
    ])
    .await;
    let error = registry().write_blob(&repository(&server), &blob, None, &Zeros(1 << 30)).await;
    assert_eq!(error.unwrap_err().kind, StoreErrorKind::Denied);
    let requests = server.requests();
    let patch = requests.iter().find(|request| request.method == "PATCH").unwrap();
    assert_eq!(patch.header("content-range"), Some("0-67108863"));
    assert_eq!(patch.header("content-length"), Some("67108864"));
}

#[tokio::test]
async fn after_an_early_answer_a_very_large_body_waits_for_a_refusal_before_its_first_byte() {
    const SIZE: usize = 64 << 20;
    let blob = Blob { digest: Digest::sha256(b"x"), size_bytes: SIZE as u64 };
    let put = || Entry::put(&format!("{SESSION}&digest={}", blob.digest));
    let lost = Reply::error(404, "BLOB_UPLOAD_INVALID", "blob upload invalid");
    let denied = Reply::error(403, "DENIED", "quota exceeded");
    let server = server(vec![
        Entry::head("/v2/a/b/blobs/*").reply(Reply::status(404)),
        opens(SESSION),
        put().reply(lost.early_after(1000)).times(1),
        put().if_header("expect", "100-continue").reply(denied.early_after(0)),
    ])
    .await;
    let content = InMemory(Bytes::from(vec![7; SIZE]));
    let error =
        registry().write_blob(&repository(&server), &blob, None, &content).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Denied, "{error}");
    let puts: Vec<_> =
        server.requests().into_iter().filter(|request| request.method == "PUT").collect();
    assert_eq!(puts.len(), 2);
    assert_eq!(puts[0].header("expect"), None);
    assert!(puts[1].body.is_empty());
}

/// Writes two blobs of 64 MiB to a registry that answers their PUTs so; returns what each PUT had in its `Expect`.
async fn expected(puts: Vec<Entry>) -> Vec<Option<String>> {
    const SIZE: usize = 64 << 20;
    let rules = [Entry::head("/v2/a/b/blobs/*").reply(Reply::status(404)), opens(SESSION)];
    let server = server(rules.into_iter().chain(puts).collect()).await;
    let (registry, content) = (registry(), InMemory(Bytes::from(vec![7; SIZE])));
    for name in [b"x", b"y"] {
        let blob = Blob { digest: Digest::sha256(name), size_bytes: SIZE as u64 };
        registry.write_blob(&repository(&server), &blob, None, &content).await.unwrap();
    }
    let puts = server.requests().into_iter().filter(|request| request.method == "PUT");
    puts.map(|put| put.header("expect").map(str::to_owned)).collect()
}

fn put() -> Entry {
    Entry::put(SESSION.split('?').next().unwrap())
}

/// A dead session, which is told in the middle of the body.
fn lost() -> Reply {
    Reply::error(404, "BLOB_UPLOAD_INVALID", "blob upload invalid").early_after(1000)
}

#[tokio::test]
async fn a_wait_that_brought_no_refusal_is_not_made_again() {
    // The third body goes at once; the fourth follows a refusal again.
    let taken = || put().reply(Reply::status(201).early_after(1000)).times(1);
    let puts = vec![put().reply(lost()).times(1), taken(), taken()];
    let asks = Some("100-continue".to_owned());
    assert_eq!(expected(puts).await, [None, asks, None]);
}

#[tokio::test]
async fn a_host_that_refuses_in_the_middle_though_it_was_asked_is_not_asked_again() {
    let taken = || put().reply(Reply::status(201).early_after(1000)).times(1);
    let puts = vec![put().reply(lost()).times(2), taken(), put().reply(lost()).times(1), taken()];
    let asks = Some("100-continue".to_owned());
    assert_eq!(expected(puts).await, [None, asks, None, None, None]);
}

#[tokio::test]
async fn a_host_that_knows_no_such_question_is_never_asked_again() {
    let unknown = put().if_header("expect", "100-continue");
    let taken = || put().reply(Reply::status(201).early_after(1000)).times(1);
    let puts = vec![
        unknown.reply(Reply::status(417).early_after(0)),
        put().reply(lost()).times(1),
        taken(),
        put().reply(lost()).times(1),
        taken(),
    ];
    let asks = Some("100-continue".to_owned());
    assert_eq!(expected(puts).await, [None, asks, None, None, None]);
}
