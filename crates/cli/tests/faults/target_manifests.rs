//! Manifests, tags and whole targets that are refused.

use sealift_oci::Manifest;
use sealift_oci::image::{Built, artifact};
use sealift_reference::{Digest, MediaType};
use sealift_testkit::{Entry, Reply};

use crate::images::{self, WEB, WORKER};
use crate::scene::Scene;

const TAG: &str = "/v2/far/shop/worker/manifests/2.1";

#[test]
fn row_40_an_immutable_tag_that_is_right_is_not_written() {
    let scene = Scene::new();
    let first = scene.mirror();
    scene.is_complete(&first);
    // ECR refuses also the same digest.
    scene.target([Entry::put("/v2/far/*").reply(Reply::error(400, "ImageTagAlreadyExists", "no"))]);
    let again = scene.recovers(0..=0);
    assert_eq!(again.asked_target("PUT", "") + again.asked_target("POST", ""), 0);
}

#[test]
fn row_40_an_immutable_tag_that_names_other_content_is_named() {
    for (status, code) in [(400, "TAG_INVALID"), (409, "CONFLICT"), (412, "PRECONDITION")] {
        let scene = Scene::new();
        let old = images::image("amd64", images::noise(100, "old"));
        scene.put_at_target(WORKER, &old);
        scene.target([Entry::put(TAG).reply(Reply::error(status, code, "the tag is immutable"))]);
        let run = scene.mirror_with(&["--replace-tags"]);
        run.ends(1).says(&["target ", "immutable", old.digest().as_str()]);
        assert_eq!(scene.named(WORKER).as_ref(), Some(old.digest()));
        assert!(scene.has(WEB));
        assert_eq!(run.asked_target("PUT", TAG), 1);
    }
}

/// The lock has one platform of two.
fn sparse() -> Scene {
    let scene = Scene::unlocked(images::all());
    let lock = ["lock", "--image-list", "images.txt", "--platform", "linux/amd64"];
    let _locked = scene.env.run(lock).expect_code(0);
    scene
}

#[test]
fn row_41_a_target_that_refuses_a_sparse_index_gets_its_children() {
    let scene = sparse();
    let run = scene.recovers(0..=0);
    run.says(&["refuses an index without all its platforms"]);
    assert_eq!(run.asked_target("PUT", "/far/shop/web/manifests/1.27"), 2);
}

#[test]
fn row_41_children_that_the_source_lacks_too_are_named() {
    let scene = sparse();
    let child = images::web_for("arm64").digest().to_string();
    scene.source([Entry::new("*", &format!("/v2/shop/web/manifests/{child}"))
        .reply(Reply::error(404, "MANIFEST_UNKNOWN", "manifest unknown"))]);
    let run = scene.mirror();
    run.ends(1).says(&["refused without all its platforms", &child]);
    assert!(scene.has(WORKER) && scene.named(WEB).is_none());
}

/// An image, and a signature that refers to it.
fn signed() -> (Built, Built) {
    let worker = images::worker();
    let file =
        (MediaType::from("application/vnd.dev.sigstore.bundle.v0.3+json"), images::noise(50, "x"));
    let signature =
        artifact("application/vnd.dev.sigstore.bundle.v0.3+json", &[file], Some(&worker));
    (worker, signature)
}

/// The tag under which a target without the referrers API keeps what refers to the worker.
fn fallback() -> String {
    images::worker().digest().to_string().replace(':', "-")
}

#[test]
fn row_43_sources_without_referrers_are_read_as_without_signatures() {
    let replies =
        [Reply::error(404, "NOT_FOUND", "page not found"), Reply::status(200).body("<html>hello")];
    for reply in replies {
        let scene = Scene::unlocked(images::all());
        let referrers = Entry::get("/v2/shop/worker/referrers/*");
        scene.source([referrers.reply(reply.clone())]);
        scene.lock().ends(0);
        let _run = scene.recovers(0..=0);
    }
}

#[test]
fn row_43_a_target_without_referrers_gets_a_tag_with_the_entries_of_both_writers() {
    let (worker, signature) = signed();
    let scene = Scene::unlocked(vec![(WORKER, worker.clone())]);
    scene.put_at_source("shop/worker", &signature);
    scene.lock().ends(0);
    let tag = format!("/v2/far/shop/worker/manifests/{}", fallback());
    // Another writer puts its own entry over ours, once.
    let other = worker.descriptor().to_json().to_string();
    let theirs = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{other}]}}"#
    );
    let theirs = Reply::status(200)
        .header("Content-Type", "application/vnd.oci.image.index.v1+json")
        .body(theirs);
    scene.target([
        Entry::put("/v2/far/shop/worker/manifests/sha256:*")
            .reply(Reply::passed().without("oci-subject")),
        Entry::get(&tag).reply(Reply::error(404, "MANIFEST_UNKNOWN", "unknown")).times(1),
        Entry::get(&tag).reply(theirs).times(1),
    ]);
    let run = scene.mirror();
    scene.is_complete(&run);
    let index = scene.named(&format!("shop/worker:{}", fallback())).unwrap();
    let index = Manifest::parse(&scene.at_target()[&index], sealift_oci::Hint::default()).unwrap();
    let entries: Vec<&Digest> = index.documents().iter().map(|entry| &entry.digest).collect();
    assert!(
        entries.contains(&signature.digest()) && entries.contains(&worker.digest()),
        "{entries:?}"
    );
}

#[test]
fn row_44_targets_that_take_nothing_say_why_after_few_requests() {
    let table = [
        (Reply::error(405, "UNSUPPORTED", "the operation is unsupported"), 3, "read-only"),
        (Reply::error(403, "DENIED", "quota exceeded"), 3, "quota exceeded"),
        (Reply::error(500, "DENIED", "quota exceeded"), 3, "quota exceeded"),
        (Reply::error(404, "NAME_UNKNOWN", "project far not found"), 3, "project far not found"),
    ];
    for (reply, code, words) in table {
        let scene = Scene::with(vec![(WORKER, images::worker())]);
        scene.target([Entry::post("/v2/far/*").reply(reply)]);
        let run = scene.fails_whole(code, &["target ", words]);
        assert!(run.asked_target("POST", "") <= 3, "{:?}", run.target.len());
        assert_eq!(run.asked_target("PUT", ""), 0);
    }
}
