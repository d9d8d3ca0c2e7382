//! What known registries do differently, each with the kind of answer that was recorded from it. Nothing of this is decided by a
//! name: all of it is learned from answers.

use sealift_testkit::{Entry, Reply};

use crate::images::{self, LARGE, WEB, WORKER, large_digest, noise};
use crate::run::Run;
use crate::scene::Scene;

const SESSIONS: &str = "/v2/far/shop/worker/blobs/uploads/";

/// A PUT that ends the upload of the large layer.
fn put() -> Entry {
    Entry::put(&format!("{SESSIONS}*digest={}", large_digest()))
}

fn header<'a>(run: &'a Run, method: &str, name: &str) -> Vec<Option<&'a str>> {
    run.target.iter().filter(|one| one.method == method).map(|one| one.header(name)).collect()
}

#[test]
fn ecr_a_repository_that_does_not_exist_is_named() {
    // containers-roadmap#2179.
    let unknown = Reply::error(
        404,
        "NAME_UNKNOWN",
        "The repository with name 'far/shop/worker' does not exist in the registry with id '123456789012'",
    );
    let scene = Scene::new();
    scene.target([Entry::new("*", "/v2/far/shop/worker/*").reply(unknown)]);
    let run = scene.fails(1, &["target ", "no such project or repository", "far/shop/worker"]);
    assert_eq!(run.asked_target("PUT", "/far/shop/worker/"), 0);
}

#[test]
fn ecr_an_index_without_its_children_is_refused_by_a_code_of_its_own() {
    // emqx#91.
    let scene = Scene::unlocked(images::all());
    let lock = ["lock", "--image-list", "images.txt", "--platform", "linux/amd64"];
    let _locked = scene.env.run(lock).expect_code(0);
    let refusal = Reply::error(
        404,
        "ReferencedImagesNotFoundException",
        "Images with digests required for pushing image into repository do not exist",
    );
    scene.target([Entry::put("/v2/far/shop/web/manifests/1.27").reply(refusal).times(1)]);
    let run = scene.recovers(0..=0);
    run.says(&["refuses an index without all its platforms"]);
}

#[test]
fn ecr_chunks_may_be_answered_by_201() {
    // buildx#663: its sessions answer a PATCH as if something had been made.
    let layer = noise(9 << 20, "ecr");
    let digest = sealift_reference::Digest::sha256(&layer);
    let scene = Scene::with(vec![(WEB, images::web()), (WORKER, images::image("amd64", layer))]);
    let whole = Entry::put(&format!("{SESSIONS}*digest={digest}"));
    scene.target([
        whole.if_body_over(4 << 20).reply(Reply::status(413)),
        Entry::patch(&format!("{SESSIONS}*")).reply(Reply::passed().with_status(201)),
    ]);
    let run = scene.recovers(1..=1);
    assert_eq!(run.asked_target("PATCH", SESSIONS), 3);
}

#[test]
fn gar_bodies_go_in_one_piece() {
    // skopeo#1101: chunks are not supported, and sessions have relative addresses.
    let scene = Scene::new();
    scene.target([Entry::patch("*").reply(Reply::error(
        400,
        "UNSUPPORTED",
        "chunked uploads are not supported",
    ))]);
    let run = scene.recovers(0..=0);
    assert_eq!(run.asked_target("PATCH", ""), 0);
    assert!(header(&run, "PUT", "transfer-encoding").iter().all(Option::is_none));
}

#[test]
fn acr_a_refresh_token_is_posted_and_tags_may_not_be_listed() {
    let scene = Scene::with(vec![(WORKER, images::worker())]);
    let host = scene.target.address();
    // `az acr login` writes the nil UUID as user, and a refresh token.
    let auth = "MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwOg==";
    scene.env.write(
        ".docker/config.json",
        format!(r#"{{"auths":{{"{host}":{{"auth":"{auth}","identitytoken":"canary-refresh"}}}}}}"#),
    );
    let challenge = format!(r#"Bearer realm="http://{host}/oauth2/token",service="{host}""#);
    let refusal = || {
        Reply::error(
            401,
            "UNAUTHORIZED",
            "authentication required, visit https://aka.ms/acr/authorization for more information.",
        )
    };
    let narrow = format!(
        r#"{challenge},scope="repository:far/shop/worker:metadata_read",error="insufficient_scope""#
    );
    scene.target([
        Entry::post("/oauth2/token").reply(Reply::status(200).body(r#"{"access_token":"one"}"#)),
        Entry::new("*", "/v2/*")
            .if_no_header("authorization")
            .reply(refusal().header("WWW-Authenticate", challenge.as_str())),
        Entry::get("/v2/far/shop/worker/tags/list")
            .reply(refusal().header("WWW-Authenticate", narrow)),
    ]);
    let run = scene.recovers(0..=0);
    let form = run.target.iter().find(|one| one.target == "/oauth2/token").unwrap();
    assert!(form.holds("grant_type=refresh_token") && form.holds("refresh_token=canary-refresh"));
    let others = run.target.iter().filter(|one| one.target != "/oauth2/token");
    assert!(others.clone().count() > 0 && others.clone().all(|one| !one.holds("canary-refresh")));
}

#[test]
fn ghcr_large_bodies_are_416_and_blobs_are_unknown_for_a_moment() {
    // rustoci#35.
    let layer = noise(9 << 20, "ghcr");
    let digest = sealift_reference::Digest::sha256(&layer);
    let scene = Scene::with(vec![(WEB, images::web()), (WORKER, images::image("amd64", layer))]);
    let whole = Entry::put(&format!("{SESSIONS}*digest={digest}"));
    let chunk = Entry::patch(&format!("{SESSIONS}*"));
    let unknown = Reply::error(404, "MANIFEST_BLOB_UNKNOWN", "unknown blob");
    scene.target([
        whole.if_body_over(4 << 20).reply(Reply::status(416)),
        chunk.if_body_over(4 << 20).reply(Reply::status(416)),
        Entry::put("/v2/far/shop/worker/manifests/2.1").reply(unknown).times(1),
    ]);
    let run = scene.recovers(1..=1);
    assert_eq!(run.asked_target("PATCH", SESSIONS), 3);
    assert_eq!(run.asked_target("PUT", "/far/shop/worker/manifests/2.1"), 2);
}

#[test]
fn quay_stray_refusals_are_tried_again_and_no_mount_is_without_its_source() {
    // jib#2013; ggcr#799.
    let scene = Scene::new();
    scene.target([put()
        .reply(Reply::error(400, "BLOB_UPLOAD_INVALID", "blob upload invalid"))
        .times(1)]);
    let run = scene.recovers(1..=1);
    let mounts = run.target.iter().filter(|one| one.target.contains("mount="));
    assert!(mounts.clone().count() > 0 && mounts.clone().all(|one| one.target.contains("&from=")));
}

#[test]
fn quay_is_spoken_to_by_http_1_although_it_offers_more() {
    // jib#2013 and others: uploads by HTTP/2 take ten times as long there.
    let scene = Scene::new().with_target_tls(&sealift_testkit::Identity::new(&["127.0.0.1"]));
    let run = scene.mirror_with(&["--ca", "target.pem"]);
    scene.is_complete(&run);
    assert!(run.asked_target("PUT", "") > 0);
}

#[test]
fn docker_hub_says_how_many_pulls_are_left_and_lock_says_when_they_are_too_few() {
    let scene = Scene::unlocked(images::all());
    let left = |count: &str| {
        let reply = Reply::passed().header("ratelimit-remaining", format!("{count};w=21600"));
        Entry::new("*", "/v2/shop/*").reply(reply.header("ratelimit-limit", "100;w=21600"))
    };
    scene.source([left("3")]);
    let run = scene.lock();
    run.ends(0).says(&["3 more pulls", "within 6 h", "4 manifests"]);
    scene.source([left("90")]);
    let run = scene.lock();
    run.ends(0);
    assert!(!run.ran.stderr.contains("pulls"), "{}", run.ran.stderr);
}

#[test]
fn docker_hub_asks_for_patience_in_a_body_of_its_own() {
    let scene = Scene::new();
    let busy = Reply::error(
        429,
        "TOOMANYREQUESTS",
        "You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit",
    );
    let manifest = format!("/v2/shop/worker/manifests/{}", images::worker().digest());
    scene.source([Entry::get(&manifest).reply(busy).times(1)]);
    let run = scene.mirror();
    scene.is_complete(&run);
}

#[test]
fn harbor_a_project_that_is_missing_is_named_whatever_the_status() {
    // harbor#11647 and others: 401, 403, 404 and 500 were seen.
    for status in [401, 403, 404] {
        let scene = Scene::new();
        let refusal = Reply::error(status, "NOT_FOUND", "project far not found");
        scene.target([Entry::post(SESSIONS).reply(refusal)]);
        let _run = scene.fails(1, &["target ", "project far not found"]);
    }
}

#[test]
fn harbor_with_quotas_takes_a_blob_only_in_chunks() {
    // harbor#9427: a body in one piece is 500 where a quota is set.
    let scene = Scene::new();
    scene.target([put().if_body_over(1).reply(Reply::error(
        500,
        "UNKNOWN",
        "internal server error",
    ))]);
    let run = scene.recovers(2..=2);
    assert_eq!(header(&run, "PATCH", "content-range"), [Some("0-299999")]);
}

#[test]
fn artifactory_takes_a_blob_only_in_chunks_and_tags_that_may_not_move_are_named() {
    // rustoci#205; kots#5940.
    let scene = Scene::new();
    scene.put_at_target(WORKER, &images::image("amd64", noise(100, "old")));
    let refusal = Reply::error(
        403,
        "DENIED",
        "Not enough permissions to delete/overwrite artifact 'far/shop/worker/2.1/manifest.json' (user 'robot' needs DELETE permission)",
    );
    scene.target([
        put().if_body_over(1).reply(Reply::error(
            405,
            "UNSUPPORTED",
            "the operation is unsupported",
        )),
        Entry::put("/v2/far/shop/worker/manifests/2.1").reply(refusal),
    ]);
    let run = scene.mirror_with(&["--replace-tags"]);
    run.ends(1).says(&["target ", "DELETE permission"]);
    // The config goes so as well, if its turn comes after it was learned that this host takes nothing else.
    let ranges = header(&run, "PATCH", "content-range");
    let whole = ranges.iter().filter(|range| **range == Some("0-299999")).count();
    assert_eq!(whole, 1, "{ranges:?}");
    assert!(run.asked_target("PATCH", SESSIONS) <= 2, "{ranges:?}");
    assert!(scene.has(WEB));
}

#[test]
fn nexus_wants_lengths_and_its_proxies_change_bytes() {
    // nexus-public#1040: a manifest without Content-Length is 411; #1070: digests of proxied manifests changed.
    let scene = Scene::new();
    let run = scene.recovers(0..=0);
    let lengths = header(&run, "PUT", "content-length");
    assert!(!lengths.is_empty() && lengths.iter().all(Option::is_some), "{lengths:?}");
    assert!(header(&run, "POST", "content-length").iter().all(|length| *length == Some("0")));
    let scene = Scene::new();
    let worker = images::worker();
    let spaced = String::from_utf8(worker.root().bytes.to_vec()).unwrap().replace(',', ", ");
    let manifest = Entry::get(&format!("/v2/shop/worker/manifests/{}", worker.digest()));
    scene.source([manifest.reply(
        Reply::status(200)
            .header("Content-Type", worker.root().media_type.as_str())
            .header("Docker-Content-Digest", worker.digest().as_str())
            .body(spaced),
    )]);
    let _run = scene.fails(1, &["error[digest]", "source ", "its bytes hash to"]);
}

#[test]
fn replicas_with_different_secrets_lose_sessions_until_one_fits() {
    // dist#479, #970: the session of one replica is unknown to the next.
    let scene = Scene::new();
    let lost = |code: &str| Reply::error(404, code, "blob upload unknown to registry");
    scene.target([
        put().reply(lost("BLOB_UPLOAD_UNKNOWN")).times(1),
        put().reply(lost("BLOB_UPLOAD_INVALID").early_after(LARGE / 3)).times(1),
    ]);
    let run = scene.recovers(2..=2);
    assert_eq!(run.asked_target("PUT", large_digest().as_str()), 3);
}
