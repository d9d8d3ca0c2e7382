//! Manifests that the source sends wrongly, or not at all.

use bytes::Bytes;
use sealift_reference::{Algorithm, Digest};
use sealift_testkit::{Entry, Reply};

use crate::images::{self, WEB, WORKER};
use crate::scene::Scene;

/// By digest or by tag.
fn path(reference: &str) -> String {
    format!("/v2/shop/worker/manifests/{reference}")
}

fn by_digest() -> String {
    path(images::worker().digest().as_str())
}

#[test]
fn row_11_bytes_with_another_hash_than_the_digest_fail() {
    let scene = Scene::new();
    scene.source([Entry::get(&by_digest()).reply(Reply::passed().flipped(30))]);
    let run = scene.fails(1, &["error[digest]", "source ", "its bytes hash to"]);
    assert_eq!(run.asked_target("PUT", "/shop/worker/manifests/"), 0);
}

#[test]
fn row_11_a_header_with_another_digest_fails_and_one_of_another_algorithm_does_not() {
    let header = |value: &str| Reply::passed().header("Docker-Content-Digest", value);
    let scene = Scene::new();
    scene.source([Entry::get(&by_digest()).reply(header(Digest::sha256(b"other").as_str()))]);
    let _run = scene.fails(1, &["error[digest]", "source ", "the header says"]);
    let scene = Scene::new();
    let sha512 = Digest::of(Algorithm::Sha512, b"other");
    scene.source([Entry::get(&by_digest()).reply(header(sha512.as_str()))]);
    let _run = scene.recovers(0..=0);
}

/// Answers for the tag with a document that is refused: nothing is locked, nothing written.
fn refused(document: impl Into<Bytes>, media_type: &str, words: &[&str]) {
    let document = document.into();
    let digest = Digest::sha256(&document);
    let answer = || {
        let reply = Reply::status(200).header("Content-Type", media_type);
        reply.header("Docker-Content-Digest", digest.as_str()).body(document.clone())
    };
    let scene = Scene::unlocked(images::all());
    let of = |method: &str| {
        [path("2.1"), path(digest.as_str())].map(|path| Entry::new(method, &path).reply(answer()))
    };
    scene.source(of("HEAD").into_iter().chain(of("GET")));
    let run = scene.lock();
    run.ends(1).says(words).says(&[WORKER]);
    assert!(!scene.env.exists("sealift.lock"));
    assert!(run.target.is_empty());
}

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

#[test]
fn row_12_a_manifest_of_5_mb_is_refused() {
    let filler = "x".repeat(5_000_000);
    refused(format!(r#"{{"schemaVersion":2,"filler":"{filler}"}}"#), MANIFEST, &["error[limit]"]);
}

#[test]
fn row_12_a_manifest_that_is_too_deep_is_refused() {
    let deep =
        format!(r#"{{"schemaVersion":2,"x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    refused(deep, MANIFEST, &["error[limit]"]);
}

#[test]
fn row_12_a_manifest_of_two_kinds_is_refused() {
    let config = r#"{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2}"#;
    let both = format!(r#"{{"schemaVersion":2,"config":{config},"layers":[],"manifests":[]}}"#);
    refused(both, MANIFEST, &["error[ambiguous]"]);
}

#[test]
fn row_12_a_manifest_that_is_no_json_is_refused() {
    refused("<html>", MANIFEST, &["error[type]"]);
}

#[test]
fn row_12_a_manifest_with_a_key_twice_is_refused() {
    refused(r#"{"schemaVersion":2,"layers":[],"layers":[]}"#, MANIFEST, &["error[ambiguous]"]);
}

#[test]
fn row_13_a_child_that_is_gone_is_named_with_its_platform() {
    let scene = Scene::new();
    let child = images::web_for("arm64").digest().to_string();
    scene.source([Entry::get(&format!("/v2/shop/web/manifests/{child}")).reply(Reply::error(
        404,
        "MANIFEST_UNKNOWN",
        "manifest unknown",
    ))]);
    let run = scene.mirror();
    run.ends(1).says(&["source ", &child, "linux/arm64"]);
    assert!(scene.has(WORKER) && scene.named(WEB).is_none());
}

#[test]
fn row_14_a_tag_that_moved_since_the_lock_does_not_matter() {
    let scene = Scene::new();
    scene.move_tag(WORKER, &images::image("amd64", images::noise(5000, "moved")));
    let run = scene.recovers(0..=0);
    assert_eq!(run.asked_source("GET", &path("2.1")) + run.asked_source("HEAD", &path("2.1")), 0);
}

#[test]
fn row_15_schema_1_is_refused_by_name() {
    let document = r#"{"schemaVersion":1,"name":"shop/worker","tag":"2.1","architecture":"amd64","fsLayers":[],"history":[]}"#;
    for media_type in ["application/vnd.docker.distribution.manifest.v1+prettyjws", "text/plain"] {
        refused(document, media_type, &["error[type]", "schema 1"]);
    }
}

#[test]
fn row_17_heads_that_say_too_little_are_made_up_for_by_a_get() {
    let replies =
        [Reply::passed().without("docker-content-digest"), Reply::status(405), Reply::status(403)];
    for reply in replies {
        let scene = Scene::unlocked(images::all());
        scene.source([Entry::head("/v2/shop/*").reply(reply.clone())]);
        scene.lock().ends(0);
        let _run = scene.recovers(0..=0);
        // The target's tags are looked up as well.
        scene.target([Entry::head("/v2/far/*").reply(reply)]);
        let again = scene.mirror();
        scene.is_complete(&again);
        assert_eq!(again.asked_target("PUT", ""), 0);
    }
}
