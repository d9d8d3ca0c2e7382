//! Blobs that the source sends wrongly, in part, or not at all.

use std::time::Duration;

use sealift_testkit::{Entry, Reply};

use crate::images::{self, LARGE, WORKER, large, large_digest, noise};
use crate::scene::Scene;

fn path() -> String {
    format!("/v2/shop/worker/blobs/{}", large_digest())
}

fn get(reply: Reply) -> Entry {
    Entry::get(&path()).reply(reply)
}

/// Answers a request for a rest.
fn get_rest(reply: Reply) -> Entry {
    get(reply).if_header("range", "*")
}

#[test]
fn row_01_a_body_that_is_cut_goes_on_by_range() {
    for at in [0, 1, LARGE / 2, LARGE - 1] {
        let scene = Scene::new();
        scene.source([get(Reply::passed().cut_after(at)).times(1)]);
        let run = scene.recovers(1..=1);
        let ranges: Vec<_> = run.source.iter().filter(|one| one.target == path()).collect();
        assert_eq!(ranges.len(), 2);
        let range = ranges[1].header("range").map(str::to_owned);
        assert_eq!(range, (at > 0).then(|| format!("bytes={at}-")));
    }
}

#[test]
fn row_02_a_body_that_is_reset_goes_on_as_long_as_there_is_progress() {
    // Eight breaks are more than the tries, but a mebibyte comes in between.
    let layer = noise(9 << 20, "grown");
    let digest = sealift_reference::Digest::sha256(&layer);
    let scene =
        Scene::with(vec![(images::WEB, images::web()), (WORKER, images::image("amd64", layer))]);
    let get = |reply| Entry::get(&format!("/v2/shop/worker/blobs/{digest}")).reply(reply);
    scene.source([get(Reply::passed().reset_after((1 << 20) + 1000)).times(8)]);
    let run = scene.recovers(8..=8);
    assert_eq!(run.asked_source("GET", digest.as_str()), 9);
}

#[test]
fn row_02_a_body_that_is_reset_without_progress_fails_its_image() {
    let scene = Scene::new();
    scene.source([get(Reply::passed().reset_after(1))]);
    let run = scene.fails(1, &["source ", "broke", large_digest().as_str()]);
    assert_eq!(run.asked_source("GET", &path()), 6);
}

#[test]
fn row_03_wrong_bytes_are_read_again_once() {
    let scene = Scene::new();
    scene.source([get(Reply::passed().flipped(1000)).times(1)]);
    let _run = scene.recovers(1..=1);
}

#[test]
fn row_03_wrong_bytes_for_ever_never_become_a_blob() {
    let scene = Scene::new();
    scene.source([get(Reply::passed().flipped(LARGE - 1))]);
    let run = scene.fails(1, &["error[digest]", "source ", large_digest().as_str()]);
    assert!(!scene.at_target().contains_key(&large_digest()));
    assert_eq!(run.asked_source("GET", &path()), 2);
}

#[test]
fn row_04_lengths_that_lie_fail_and_a_body_without_length_is_read() {
    for length in [LARGE - 1, LARGE + 1] {
        let scene = Scene::new();
        scene.source([get(Reply::passed().content_length(length as u64))]);
        let run =
            scene.fails(1, &["error[digest]", "source ", &format!("promises {length} bytes")]);
        assert_eq!(run.asked_source("GET", &path()), 1);
    }
    let scene = Scene::new();
    scene.source([get(Reply::passed().chunked())]);
    let _run = scene.recovers(0..=0);
}

#[test]
fn row_05_a_body_that_is_too_long_fails_at_once() {
    let scene = Scene::new();
    scene.source([get(Reply::passed().longer_by(1).chunked())]);
    let run = scene.fails(1, &["error[digest]", "source ", "more than the 300000 bytes"]);
    assert_eq!(run.asked_source("GET", &path()), 1);
}

#[test]
fn row_06_a_part_that_is_another_part_fails() {
    let total = LARGE - 1;
    let parts = [
        (
            Reply::passed().header("Content-Range", format!("bytes 999-{total}/{LARGE}")),
            "starts at 999",
        ),
        (
            Reply::passed().header("Content-Range", format!("bytes 1000-{total}/{total}")),
            "belongs to",
        ),
        (Reply::passed().without("content-range"), "does not say which"),
    ];
    for (reply, words) in parts {
        let scene = Scene::new();
        scene.source([get(Reply::passed().cut_after(1000)).times(1), get_rest(reply)]);
        let run = scene.fails(1, &["source ", words]);
        assert_eq!(run.asked_source("GET", &path()), 2);
    }
}

#[test]
fn row_07_a_source_that_ignores_ranges_is_read_again_up_to_the_break() {
    let scene = Scene::new();
    let whole = Reply::status(200).body(large());
    scene.source([get(Reply::passed().cut_after(LARGE / 2)).times(1), get_rest(whole)]);
    let _run = scene.recovers(1..=1);
}

#[test]
fn row_08_a_416_ends_the_blob_without_waiting_for_the_body_that_it_promises() {
    let scene = Scene::new();
    let refusal = Reply::error(416, "RANGE_INVALID", "").content_length(LARGE as u64);
    scene.source([get(Reply::passed().cut_after(1000)).times(1), get_rest(refusal)]);
    let run = scene.fails(1, &["source ", "fewer than 300000 bytes"]);
    assert_eq!(run.asked_source("GET", &path()), 2);
}

#[test]
fn row_09_a_body_that_stands_still_goes_on_by_range() {
    let scene = Scene::new();
    scene.source([get(Reply::passed().stall_after(100_000)).times(1)]);
    let run = scene.recovers(1..=1);
    assert!(run.source.iter().any(|one| one.header("range") == Some("bytes=100000-")));
}

#[test]
fn row_09_a_body_that_trickles_for_ever_fails_its_image() {
    let scene = Scene::new().hastier();
    scene.source([get(Reply::passed().trickling(Duration::from_millis(20)))]);
    let run = scene.fails(1, &["source ", "stands still"]);
    assert_eq!(run.asked_source("GET", &path()), 6);
}

#[test]
fn row_10_headers_that_do_not_come_are_asked_for_again() {
    let scene = Scene::new().hastier();
    scene.source([get(Reply::hang()).times(1)]);
    let _run = scene.recovers(1..=1);
    let scene = Scene::new().hastier();
    scene.source([get(Reply::hang())]);
    let run = scene.fails(1, &["source ", "no answer"]);
    assert_eq!(run.asked_source("GET", &path()), 6);
}

#[test]
fn row_16_a_proxy_that_packs_a_body_gets_another_try_if_it_says_so() {
    let packed = || Reply::passed().longer_by(20);
    let scene = Scene::new();
    scene.source([get(packed().header("Content-Encoding", "gzip")).times(1)]);
    let _run = scene.recovers(1..=1);
    let scene = Scene::new();
    scene.source([get(packed())]);
    let run = scene.fails(1, &["error[digest]", "source ", "promises 300020 bytes"]);
    assert_eq!(run.asked_source("GET", &path()), 1);
    // A label alone, over bytes that are right, harms nobody.
    let scene = Scene::new();
    scene.source([get(Reply::passed().header("Content-Encoding", "gzip"))]);
    let _run = scene.recovers(0..=0);
}
