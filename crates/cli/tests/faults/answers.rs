//! Registries that have faults of their own, that ask for patience, or that hang up.

use std::time::{Duration, Instant};

use sealift_testkit::{Entry, Reply};

use crate::images::{self, LARGE, WORKER, large_digest, noise};
use crate::scene::Scene;

const SESSIONS: &str = "/v2/far/shop/worker/blobs/uploads/";

fn blob() -> String {
    format!("/v2/shop/worker/blobs/{}", large_digest())
}

#[test]
fn row_18_faults_of_a_server_that_pass_are_waited_for() {
    let manifest = format!("/v2/shop/worker/manifests/{}", images::worker().digest());
    for status in [500, 502, 503, 504] {
        let scene = Scene::new();
        let fault = |method: &str, target: &str| {
            Entry::new(method, target).reply(Reply::status(status)).times(3)
        };
        scene.source([fault("GET", &blob()), fault("GET", &manifest)]);
        let put = format!("{SESSIONS}*digest={}", large_digest());
        scene.target([
            fault("HEAD", "/v2/far/shop/worker/manifests/2.1"),
            fault("POST", SESSIONS),
            fault("PUT", &put),
            fault("PUT", "/v2/far/shop/worker/manifests/2.1"),
        ]);
        let _run = scene.recovers(15..=18);
    }
}

#[test]
fn row_18_faults_of_a_server_that_stay_fail_after_six_tries() {
    let scene = Scene::new();
    scene.source([Entry::get(&blob()).reply(Reply::status(502))]);
    let run = scene.fails(1, &["source ", "502 (tried 6 times)"]);
    assert_eq!(run.asked_source("GET", &blob()), 6);
    let scene = Scene::new();
    scene.target([Entry::put("/v2/far/shop/worker/manifests/2.1").reply(Reply::status(500))]);
    let run = scene.fails(1, &["target ", "500 (tried 6 times)"]);
    assert_eq!(run.asked_target("PUT", "manifests/2.1"), 6);
}

/// A source that is too busy once, with these headers.
fn busy(headers: &[(&str, &str)]) -> Entry {
    let reply = Reply::error(429, "TOOMANYREQUESTS", "too many requests");
    let reply = headers.iter().fold(reply, |reply, (name, value)| reply.header(name, *value));
    Entry::get(&blob()).reply(reply)
}

#[test]
fn row_19_a_source_is_given_the_seconds_that_it_asks_for() {
    let scene = Scene::new();
    scene.source([busy(&[("Retry-After", "2")]).times(1)]);
    let start = Instant::now();
    let run = scene.recovers(1..=1);
    assert!(start.elapsed() >= Duration::from_secs(2));
    assert!(run.ran.stdout.contains(r#""event":"waiting""#), "{}", run.ran.stdout);
    assert_eq!(run.summary()["retried"], serde_json::json!({"busy": 1}));
}

#[test]
fn row_19_a_source_is_waited_for_until_the_date_that_it_names() {
    let scene = Scene::new();
    // Its clock is years off, and decides.
    let date = [
        ("Date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("Retry-After", "Sun, 06 Nov 1994 08:49:39 GMT"),
    ];
    scene.source([busy(&date).times(1)]);
    let start = Instant::now();
    let _run = scene.recovers(1..=1);
    assert!(start.elapsed() >= Duration::from_secs(2));
}

#[test]
fn row_19_a_source_that_asks_for_an_hour_fails_with_that_time() {
    let scene = Scene::new();
    scene.source([busy(&[("Retry-After", "3600")])]);
    let run = scene.fails(1, &["source ", "429", "it asks to wait"]);
    assert_eq!(run.asked_source("GET", &blob()), 1);
}

#[test]
fn row_19_rubbish_and_nothing_mean_a_wait_of_our_own() {
    for headers in [&[("Retry-After", "soon")][..], &[("Retry-After", "-1")], &[]] {
        let scene = Scene::new();
        scene.source([busy(headers).times(2)]);
        let _run = scene.recovers(2..=2);
    }
}

#[test]
fn row_20_a_target_that_takes_only_two_requests_at_a_time_gets_no_more_in_the_end() {
    let names = ["a:1", "b:1", "c:1", "d:1", "e:1", "f:1", "g:1", "h:1", "i:1", "j:1"];
    let image = |name: &str| images::image("amd64", noise(3000, name));
    let scene = Scene::with(names.map(|name| (name, image(name))).into());
    scene.target([Entry::new("*", "/v2/far/*").if_busy(2).reply(Reply::status(429))]);
    let run = scene.mirror();
    scene.is_complete(&run);
    assert!(run.retried() > 0);
}

#[test]
fn row_42_a_500_that_says_that_a_blob_is_unknown_is_not_tried_six_times() {
    let scene = Scene::new();
    let unknown = Reply::status(500).body(
        r#"{"errors":[{"code":"UNKNOWN","message":"unknown error"},{"code":"MANIFEST_BLOB_UNKNOWN","message":"blob unknown to registry"}]}"#,
    );
    scene.target([Entry::put("/v2/far/shop/worker/manifests/2.1").reply(unknown)]);
    let run = scene.fails(1, &["target ", "MANIFEST_BLOB_UNKNOWN"]);
    assert_eq!(run.asked_target("PUT", "manifests/2.1"), 2);
}

#[test]
fn row_56_connections_that_close_after_each_answer_cost_no_try() {
    let scene = Scene::new();
    scene.source([Entry::new("*", "*").reply(Reply::passed().close())]);
    scene.target([Entry::new("*", "*").reply(Reply::passed().close())]);
    let _run = scene.recovers(0..=0);
}

#[test]
fn row_57_an_error_body_without_end_is_not_read_to_its_end() {
    let scene = Scene::new();
    scene.source([Entry::get(&blob()).reply(Reply::status(404).body("gone ").endless())]);
    let run = scene.fails(1, &["source ", "404"]);
    assert!(run.ran.stderr.len() < 10_000);
}

#[test]
fn row_57_two_runs_on_one_target_both_end_well() {
    let scene = Scene::new();
    scene.env.write("other/sealift.lock", scene.env.read("sealift.lock"));
    scene.env.write("other/sealift.graph", scene.env.read("sealift.graph"));
    let to = format!("{}/far", scene.target.address());
    let words = |lock: &str| ["mirror", "--stale", "--lock", lock, "--to", &to].map(str::to_owned);
    let other = scene.env.command(words("other/sealift.lock")).spawn().unwrap();
    let run = scene.mirror();
    let other = other.wait_with_output().unwrap();
    assert!(other.status.success(), "{}", String::from_utf8_lossy(&other.stderr));
    scene.is_complete(&run);
    assert!(scene.has(WORKER) && scene.at_target()[&large_digest()].len() == LARGE);
}
