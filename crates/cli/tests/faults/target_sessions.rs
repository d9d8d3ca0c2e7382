//! Blobs that the target takes only in part, forgets, or denies.

use sealift_testkit::{Entry, Reply};

use crate::images::{self, LARGE, WEB, WORKER, large_digest, noise};
use crate::scene::Scene;

const UPLOADS: &str = "/v2/far/shop/worker/blobs/uploads/";

/// The PUT that ends the upload of the large layer.
fn put(reply: Reply) -> Entry {
    Entry::put(&format!("{UPLOADS}*digest={}", large_digest())).reply(reply)
}

/// The state of any session.
fn status(reply: Reply) -> Entry {
    Entry::get(&format!("{UPLOADS}*")).reply(reply)
}

/// Lengths of the bodies of all PUTs of the large layer.
fn put_lengths(run: &crate::run::Run) -> Vec<usize> {
    let digest = large_digest();
    let puts = run
        .target
        .iter()
        .filter(|one| one.method == "PUT" && one.target.ends_with(digest.as_str()));
    puts.map(|one| one.header("content-length").unwrap().parse().unwrap()).collect()
}

#[test]
fn row_30_a_session_that_is_lost_is_replaced() {
    let lost = || Reply::error(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown");
    for reply in [lost(), lost().early_after(0), lost().early_after(LARGE / 2)] {
        let scene = Scene::new();
        scene.target([put(reply).times(1)]);
        let run = scene.recovers(1..=1);
        assert_eq!(put_lengths(&run), [LARGE, LARGE]);
    }
}

#[test]
fn row_31_a_break_goes_on_from_what_the_session_kept() {
    let scene = Scene::new();
    scene.target([put(Reply::broken_off(LARGE / 2)).times(1)]);
    let run = scene.recovers(1..=1);
    assert_eq!(put_lengths(&run), [LARGE, LARGE / 2]);
}

#[test]
fn row_31_a_session_that_does_not_survive_a_break_is_replaced() {
    let gone = Reply::error(404, "BLOB_UPLOAD_INVALID", "blob upload invalid");
    let nothing =
        Reply::status(204).header("Range", "0-0").header("Location", format!("{UPLOADS}x"));
    for reply in [gone, nothing] {
        let scene = Scene::new();
        scene.target([put(Reply::broken_off(LARGE / 2)).times(1), status(reply)]);
        let run = scene.recovers(1..=1);
        assert_eq!(put_lengths(&run), [LARGE, LARGE]);
    }
}

#[test]
fn row_31_a_session_that_claims_more_than_was_sent_fails() {
    let scene = Scene::new();
    let claims =
        Reply::status(204).header("Range", "0-300000").header("Location", format!("{UPLOADS}x"));
    scene.target([put(Reply::broken_off(1000)).times(1), status(claims)]);
    let _run = scene.fails(1, &["target ", "claims 300001 bytes"]);
}

#[test]
fn row_32_an_early_answer_decides() {
    let layer = noise(9 << 20, "early");
    let digest = sealift_reference::Digest::sha256(&layer);
    let lost = Reply::error(404, "BLOB_UPLOAD_INVALID", "blob upload invalid");
    for (reply, chunks) in [(lost, 0), (Reply::status(413), 3)] {
        let scene = Scene::with(vec![
            (WEB, images::web()),
            (WORKER, images::image("amd64", layer.clone())),
        ]);
        let put = Entry::put(&format!("{UPLOADS}*digest={digest}"));
        scene.target([put.reply(reply.early_after(100_000)).times(1)]);
        let run = scene.recovers(1..=1);
        assert_eq!(run.asked_target("PATCH", UPLOADS), chunks);
    }
}

#[test]
fn row_33_an_upload_whose_answer_is_lost_is_found_by_head() {
    let scene = Scene::new();
    scene.target([put(Reply::lost()).times(1)]);
    let run = scene.recovers(1..=1);
    assert_eq!(put_lengths(&run), [LARGE]);
}

#[test]
fn row_34_a_blob_that_was_taken_and_is_not_there_fails_after_one_more_upload() {
    let scene = Scene::new();
    scene.target([put(Reply::status(201))]);
    let run = scene.fails(1, &["target ", "write manifest"]);
    assert_eq!(put_lengths(&run), [LARGE, LARGE]);
}

/// An image whose layer is larger than the smallest chunk.
fn chunked(size: usize, entries: impl Fn(&str) -> Vec<Entry>) -> (Scene, crate::run::Run) {
    let layer = noise(size, "chunked");
    let digest = sealift_reference::Digest::sha256(&layer);
    let scene = Scene::with(vec![(WEB, images::web()), (WORKER, images::image("amd64", layer))]);
    scene.target(entries(digest.as_str()));
    let run = scene.recovers(1..=2);
    (scene, run)
}

fn patches(run: &crate::run::Run) -> Vec<&str> {
    let patches = run.target.iter().filter(|one| one.method == "PATCH");
    patches.map(|one| one.header("content-range").unwrap()).collect()
}

/// Refuses a whole blob in one body.
fn refuses(digest: &str, status: u16) -> Entry {
    Entry::put(&format!("{UPLOADS}*digest={digest}"))
        .if_body_over(4 << 20)
        .reply(Reply::status(status))
}

#[test]
fn row_35_a_chunk_that_lands_elsewhere_starts_the_blob_anew() {
    let elsewhere = Entry::patch(&format!("{UPLOADS}*"))
        .reply(Reply::passed().header("Range", "0-100").with_status(202));
    let (_scene, run) =
        chunked(9 << 20, |digest| vec![refuses(digest, 413), elsewhere.clone().times(1)]);
    assert_eq!(patches(&run), ["0-4194303", "0-4194303", "4194304-8388607", "8388608-9437183"]);
}

#[test]
fn row_36_a_body_that_is_too_large_goes_in_chunks() {
    for status in [413, 416] {
        let (_scene, run) = chunked(9 << 20, |digest| vec![refuses(digest, status)]);
        assert_eq!(patches(&run), ["0-4194303", "4194304-8388607", "8388608-9437183"]);
    }
}

#[test]
fn row_36_chunks_are_as_long_as_the_target_wants_them_at_least() {
    let least = Entry::post(UPLOADS)
        .reply(Reply::passed().header("OCI-Chunk-Min-Length", (8 << 20).to_string()));
    let (_scene, run) = chunked(17 << 20, |digest| {
        let whole = Entry::put(&format!("{UPLOADS}*digest={digest}"));
        vec![least.clone(), whole.if_body_over(8 << 20).reply(Reply::status(413))]
    });
    assert_eq!(patches(&run), ["0-8388607", "8388608-16777215", "16777216-17825791"]);
}

#[test]
fn row_37_mounts_that_are_none_become_uploads() {
    let sessions = |repository: &str| format!("/v2/far/shop/{repository}/blobs/uploads/");
    for status in [202, 400, 403, 404, 405, 500] {
        let scene = Scene::new();
        // A 202 is a session like any other: the mount itself is left out.
        let mount = |repository: &str| {
            let reply = match status {
                202 => Reply::passed().asking(&sessions(repository)),
                _ => Reply::error(status, "UNSUPPORTED", "no"),
            };
            Entry::post(&(sessions(repository) + "?mount=*")).reply(reply)
        };
        scene.target([mount("web"), mount("worker")]);
        let run = scene.recovers(0..=0);
        assert!(run.asked_target("POST", "mount=") > 0);
        assert!(!run.ran.stdout.contains(r#""event":"mounted""#));
        // The session of a 202 is used: only the large layer, which was asked for, has a plain one, and the preflight.
        let plain = run.asked_target("POST", "") - run.asked_target("POST", "mount=");
        assert!(status != 202 || plain <= 2, "{plain}");
    }
}

#[test]
fn row_38_a_blob_that_went_after_it_was_found_is_sent_once_more() {
    let scene = Scene::new();
    let there = Reply::status(200).content_length(LARGE as u64);
    let head = Entry::head(&format!("/v2/far/shop/worker/blobs/{}", large_digest()));
    scene.target([head.reply(there).times(1)]);
    let run = scene.mirror();
    scene.is_complete(&run);
    assert_eq!(put_lengths(&run), [LARGE]);
    assert_eq!(run.asked_target("PUT", "/far/shop/worker/manifests/"), 2);
}

#[test]
fn row_39_a_target_that_doubts_right_bytes_gets_them_once_more() {
    let doubt =
        || Reply::error(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
    let scene = Scene::new();
    scene.target([put(doubt()).times(1)]);
    let run = scene.recovers(1..=1);
    assert_eq!(put_lengths(&run), [LARGE, LARGE]);
    let scene = Scene::new();
    scene.target([put(doubt())]);
    let run = scene.fails(1, &["error[digest]", "target ", "stored other bytes, twice"]);
    assert_eq!(put_lengths(&run), [LARGE, LARGE]);
}
