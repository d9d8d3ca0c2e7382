//! Blobs and the facts about them, under faults.

use futures_util::StreamExt as _;
use sealift_oci::{Source as _, StoreErrorKind};
use sealift_registry::{Registry, RequestKind};
use sealift_testkit::{Entry, Reply, Script, Server};

use crate::fixture::{blob, hasty, noise, read, registry, repository, told};

/// What a blob read under faults must give: its bytes, or an error of a kind with these words.
enum Want {
    Bytes,
    Error(StoreErrorKind, &'static str),
}

/// Serves one blob by the given answers, in order, and by the last one for ever.
async fn reads(size: usize, replies: Vec<Reply>, want: Want) -> usize {
    reads_with(&registry(), size, replies, want).await
}

async fn reads_with(registry: &Registry, size: usize, replies: Vec<Reply>, want: Want) -> usize {
    let bytes = noise(size);
    let blob = blob(&bytes);
    let target = format!("/v2/a/b/blobs/{}", blob.digest);
    let last = replies.len() - 1;
    let script =
        replies.into_iter().enumerate().fold(Script::new().open(), |script, (at, reply)| {
            let entry = Entry::get(&target).reply(reply);
            script.entry(if at == last { entry } else { entry.times(1) })
        });
    let server = Server::start(script).await;
    let outcome = match registry.blob(&repository(&server), &blob, 0).await {
        Ok(stream) => read(stream).await,
        Err(error) => Err(error),
    };
    match (outcome, want) {
        (Ok(read), Want::Bytes) => assert!(read == bytes, "other bytes"),
        (Err(error), Want::Error(kind, words)) => {
            assert_eq!(error.kind, kind, "{error}");
            let want = format!("HOST: blob {} of a/b: {words}", blob.digest);
            assert_eq!(told(&error, &server), want);
        }
        (Ok(read), Want::Error(..)) => panic!("read {} bytes", read.len()),
        (Err(error), Want::Bytes) => panic!("{error}"),
    }
    usize::try_from(registry.counts().of(RequestKind::BlobGet)).unwrap()
}

fn whole(size: usize) -> Reply {
    Reply::status(200).body(noise(size)).ranged()
}

#[tokio::test]
async fn a_body_that_is_cut_or_reset_goes_on_by_range() {
    for at in [0, 1, 30_000, 59_999] {
        assert_eq!(
            reads(60_000, vec![whole(60_000).cut_after(at), whole(60_000)], Want::Bytes).await,
            2
        );
        assert_eq!(
            reads(60_000, vec![whole(60_000).reset_after(at), whole(60_000)], Want::Bytes).await,
            2
        );
    }
}

#[tokio::test]
async fn a_body_that_stands_still_goes_on_by_range() {
    assert_eq!(
        reads_with(
            &hasty(),
            60_000,
            vec![whole(60_000).stall_after(777), whole(60_000)],
            Want::Bytes
        )
        .await,
        2
    );
}

#[tokio::test]
async fn a_body_that_trickles_is_given_up_for_a_better_one() {
    // The rest of the first answer never comes; what came before is kept.
    let trickle = whole(5_000_000).stall_after(300);
    assert_eq!(
        reads_with(&hasty(), 5_000_000, vec![trickle, whole(5_000_000)], Want::Bytes).await,
        2
    );
}

#[tokio::test]
async fn a_reader_that_takes_its_time_makes_no_body_slow() {
    let bytes = noise(5_000_000);
    let blob = blob(&bytes);
    let target = format!("/v2/a/b/blobs/{}", blob.digest);
    let script = Script::new().open().entry(Entry::get(&target).reply(whole(5_000_000)));
    let server = Server::start(script).await;
    let registry = hasty();
    let mut stream = registry.blob(&repository(&server), &blob, 0).await.unwrap();
    let mut read = stream.next().await.unwrap().unwrap().len();
    // Longer than a body may stand still.
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    while let Some(piece) = stream.next().await {
        read += piece.unwrap().len();
    }
    assert_eq!((read, registry.counts().retried()), (5_000_000, 0));
}

#[tokio::test]
async fn progress_gives_the_tries_back_and_its_lack_ends_them() {
    // 3 MiB with a cut each 300 KiB: nine breaks, but a mebibyte of progress in between.
    let cut = || whole(3 << 20).cut_after(300 << 10);
    let replies = (0..9).map(|_| cut()).chain([whole(3 << 20)]).collect();
    assert_eq!(reads(3 << 20, replies, Want::Bytes).await, 10);
    let want = Want::Error(
        StoreErrorKind::Network,
        "after 6 of 60000 bytes: the body broke off (tried 6 times)",
    );
    assert_eq!(reads(60_000, vec![whole(60_000).cut_after(1)], want).await, 6);
}

#[tokio::test]
async fn lengths_that_lie_are_errors_or_harmless() {
    let kind = StoreErrorKind::Length;
    let table = [
        (
            whole(100).content_length(99),
            Want::Error(kind, "it promises 99 bytes instead of 100"),
            1,
        ),
        (whole(101), Want::Error(kind, "it promises 101 bytes instead of 100"), 1),
        (Reply::status(200).body(noise(100)).chunked(), Want::Bytes, 1),
        (
            Reply::status(200).body(noise(101)).chunked(),
            Want::Error(kind, "it sends more than the 100 bytes of the blob"),
            1,
        ),
        (
            Reply::status(200).body(noise(100)).endless(),
            Want::Error(kind, "it sends more than the 100 bytes of the blob"),
            1,
        ),
        (
            whole(60).header("Content-Encoding", "gzip"),
            Want::Error(kind, "it promises 60 bytes instead of 100"),
            2,
        ),
        (whole(100).header("Content-Encoding", "gzip"), Want::Bytes, 1),
    ];
    for (reply, want, requests) in table {
        assert_eq!(reads(100, vec![reply], want).await, requests);
    }
}

#[tokio::test]
async fn parts_that_lie_are_errors() {
    let cut = || whole(100).cut_after(40);
    let part = |range: Option<&str>| {
        let reply = Reply::status(206).body(noise(100).slice(40..));
        match range {
            Some(range) => reply.header("Content-Range", range),
            None => reply,
        }
    };
    let table = [
        (part(Some("bytes 40-99/100")), None),
        (part(Some("bytes 40-99/*")), None),
        (
            part(Some("bytes 41-99/100")),
            Some("after 40 of 100 bytes: a part that starts at 41 instead of 40"),
        ),
        (
            part(Some("bytes 40-99/101")),
            Some("after 40 of 100 bytes: a part that belongs to 101 bytes instead of 100"),
        ),
        (part(Some("40-99")), Some("after 40 of 100 bytes: a part that names no range")),
        (part(None), Some("after 40 of 100 bytes: a part that does not say which")),
    ];
    for (reply, words) in table {
        let want = words.map_or(Want::Bytes, |words| Want::Error(StoreErrorKind::Protocol, words));
        assert_eq!(reads(100, vec![cut(), reply], want).await, 2);
    }
}

#[tokio::test]
async fn a_server_that_ignores_ranges_is_read_again_up_to_the_break() {
    let plain = || Reply::status(200).body(noise(100_000));
    assert_eq!(reads(100_000, vec![plain().cut_after(70_000), plain()], Want::Bytes).await, 2);
}

#[tokio::test]
async fn a_416_is_believed_without_reading_the_body_that_it_promises() {
    let reply = Reply::status(416).body("{}").content_length(100);
    let want =
        Want::Error(StoreErrorKind::Length, "after 40 of 100 bytes: it has fewer than 100 bytes");
    assert_eq!(reads(100, vec![whole(100).cut_after(40), reply], want).await, 2);
}

#[tokio::test]
async fn headers_that_never_come_are_asked_for_again() {
    assert_eq!(reads_with(&hasty(), 100, vec![Reply::hang(), whole(100)], Want::Bytes).await, 2);
    assert_eq!(reads_with(&hasty(), 100, vec![Reply::none(), whole(100)], Want::Bytes).await, 2);
}

#[tokio::test]
async fn an_answer_with_two_lengths_is_refused() {
    let reply = Reply::status(200).body(noise(100)).chunked().header("Content-Length", "100");
    let bytes = noise(100);
    let target = format!("/v2/a/b/blobs/{}", blob(&bytes).digest);
    let server = Server::start(Script::new().open().entry(Entry::get(&target).reply(reply))).await;
    let opened = registry().blob(&repository(&server), &blob(&bytes), 0).await;
    let error = opened.err().expect("two lengths are refused");
    assert_eq!(error.kind, StoreErrorKind::Protocol, "{error}");
}

#[tokio::test]
async fn a_blob_is_opened_at_an_offset() {
    let bytes = noise(1000);
    let target = format!("/v2/a/b/blobs/{}", blob(&bytes).digest);
    let server =
        Server::start(Script::new().open().entry(Entry::get(&target).reply(whole(1000)))).await;
    let stream = registry().blob(&repository(&server), &blob(&bytes), 990).await.unwrap();
    assert_eq!(read(stream).await.unwrap(), &bytes[990..]);
}

#[tokio::test]
async fn the_length_of_a_blob_is_known_without_its_bytes() {
    let bytes = noise(1000);
    let blob = blob(&bytes);
    let target = format!("/v2/a/b/blobs/{}", blob.digest);
    let part = || Reply::status(206).header("Content-Range", "bytes 0-0/1000").body("x");
    let table = [
        (vec![Entry::head(&target).reply(Reply::status(200).content_length(1000))], Some(1000)),
        (vec![Entry::head(&target).reply(Reply::status(404))], None),
        (
            vec![Entry::head(&target).reply(Reply::status(405)), Entry::get(&target).reply(part())],
            Some(1000),
        ),
        (
            vec![
                Entry::head(&target).reply(Reply::status(403)),
                Entry::get(&target).reply(Reply::status(200).body(bytes.clone())),
            ],
            Some(1000),
        ),
        (
            vec![
                Entry::head(&target).reply(Reply::status(405)),
                Entry::get(&target).reply(Reply::status(404)),
            ],
            None,
        ),
    ];
    for (entries, want) in table {
        let server =
            Server::start(entries.into_iter().fold(Script::new().open(), Script::entry)).await;
        assert_eq!(registry().blob_size(&repository(&server), &blob.digest).await.unwrap(), want);
        assert!(server.unexpected().is_empty() && server.unused().is_empty());
    }
}

#[tokio::test]
async fn no_more_than_eight_bodies_are_read_at_a_time() {
    let bytes = noise(1000);
    let blob = blob(&bytes);
    let target = format!("/v2/a/b/blobs/{}", blob.digest);
    let server =
        Server::start(Script::new().open().entry(Entry::get(&target).reply(whole(1000)))).await;
    let registry = registry();
    let repository = repository(&server);
    let mut open = Vec::new();
    for _ in 0..8 {
        open.push(registry.blob(&repository, &blob, 0).await.unwrap());
    }
    let ninth = registry.blob(&repository, &blob, 0);
    let mut ninth = std::pin::pin!(ninth);
    let waited = tokio::time::timeout(std::time::Duration::from_millis(50), &mut ninth).await;
    assert!(waited.is_err(), "the ninth body waits");
    drop(open.pop());
    assert_eq!(read(ninth.await.unwrap()).await.unwrap(), bytes);
}
