//! Registries that want to know who asks: challenges, tokens, helpers.

use std::os::unix::fs::PermissionsExt as _;

use sealift_testkit::{Entry, Identity, Reply, Script, Server};

use crate::images::{self, WORKER, large_digest};
use crate::scene::Scene;

const PASSWORD: &str = "canary-password";

/// A scene whose lock was made in peace, with one image.
fn scene() -> Scene {
    Scene::with(vec![(WORKER, images::worker())])
}

fn challenge(server: &Server) -> String {
    format!(r#"Bearer realm="http://{}/token",service="r""#, server.address())
}

/// What a server answers to those who show nothing.
fn door(challenge: &str) -> Entry {
    let reply = Reply::error(401, "UNAUTHORIZED", "authentication required");
    Entry::new("*", "/v2/*")
        .if_no_header("authorization")
        .reply(reply.header("WWW-Authenticate", challenge))
}

fn token(token: &str) -> Reply {
    Reply::status(200).body(format!(r#"{{"token":"{token}","expires_in":60}}"#))
}

/// Answers those who show this token as if they showed nothing.
fn stale(name: &str) -> Entry {
    Entry::new("*", "/v2/*")
        .if_header("authorization", &format!("Bearer {name}"))
        .reply(Reply::error(401, "UNAUTHORIZED", "token expired"))
}

fn fresh(name: &str) -> Entry {
    Entry::new("*", "/v2/*")
        .if_header("authorization", &format!("Bearer {name}"))
        .reply(Reply::passed())
}

#[test]
fn row_21_a_token_that_runs_out_during_the_run_is_renewed_and_no_clock_is_believed() {
    let scene = scene();
    let yesterday = r#"{"token":"one","expires_in":60,"issued_at":"2001-01-01T00:00:00Z"}"#;
    let token_of_yesterday =
        Reply::status(200).header("Date", "Mon, 01 Jan 2001 00:00:00 GMT").body(yesterday);
    scene.target([
        Entry::get("/token").reply(token_of_yesterday).times(1),
        Entry::get("/token").reply(token("two")),
        door(&challenge(&scene.target)),
        fresh("one").times(4),
        stale("one"),
    ]);
    let run = scene.recovers(0..=0);
    assert_eq!(run.asked_target("GET", "/token"), 2);
}

#[test]
fn row_22_a_401_in_the_middle_of_an_upload_gets_a_new_token_and_the_body_again() {
    let scene = scene();
    let put = format!("/v2/far/shop/worker/blobs/uploads/*digest={}", large_digest());
    let refusal = Reply::error(401, "UNAUTHORIZED", "token expired");
    scene.target([
        Entry::get("/token").reply(token("one")).times(1),
        Entry::get("/token").reply(token("two")),
        door(&challenge(&scene.target)),
        Entry::put(&put)
            .if_header("authorization", "Bearer one")
            .reply(refusal.early_after(150_000)),
    ]);
    let run = scene.recovers(0..=0);
    assert_eq!(run.asked_target("GET", "/token"), 2);
    assert_eq!(run.asked_target("PUT", large_digest().as_str()), 2);
}

#[test]
fn row_22_a_401_for_ever_ends_after_two_tokens() {
    let scene = scene();
    scene.target([
        Entry::get("/token").reply(token("one")),
        door(&challenge(&scene.target)),
        stale("one"),
    ]);
    let run =
        scene.fails_whole(3, &["target ", "no right to pull far/shop/worker", "sealift login"]);
    assert_eq!(run.asked_target("GET", "/token"), 2);
}

#[test]
fn row_23_a_mount_that_the_token_does_not_cover_becomes_an_upload() {
    for status in [401, 403] {
        let scene = Scene::new();
        let narrow = format!(r#"{},error="insufficient_scope""#, challenge(&scene.target));
        let refusal = Reply::error(status, "DENIED", "insufficient scope");
        scene.target([
            Entry::get("/token").reply(token("narrow")),
            door(&challenge(&scene.target)),
            Entry::post("/v2/far/*mount=*")
                .reply(refusal.header("WWW-Authenticate", narrow.as_str())),
        ]);
        let run = scene.recovers(0..=0);
        assert!(run.asked_target("POST", "mount=") > 0);
        assert!(!run.ran.stdout.contains(r#""event":"mounted""#));
    }
}

#[test]
fn row_24_answers_of_token_servers_that_are_none_end_the_run() {
    let table = [
        (Reply::status(200).body("x".repeat(1 << 20)), "more than 131072 bytes"),
        (Reply::status(200).body("<html>"), "not JSON"),
        (Reply::status(200).body(r#"{"expires_in":300}"#), "holds no token"),
    ];
    for (answer, words) in table {
        let scene = scene();
        scene.target([Entry::get("/token").reply(answer), door(&challenge(&scene.target))]);
        let run = scene.mirror();
        run.says(&["target ", "token server", words]);
        assert_ne!(run.ran.code, Some(0));
        assert!(scene.named(WORKER).is_none());
        assert!(run.asked_target("GET", "/token") <= 3);
    }
}

#[test]
fn row_24_a_token_without_a_time_is_used() {
    let scene = scene();
    scene.target([
        Entry::get("/token").reply(Reply::status(200).body(r#"{"access_token":"one"}"#)),
        door(&challenge(&scene.target)),
    ]);
    let run = scene.recovers(0..=0);
    assert_eq!(run.asked_target("GET", "/token"), 1);
}

#[test]
fn row_25_challenges_are_read_as_they_are_written() {
    for form in 0..4 {
        let scene = Scene::unlocked(images::all());
        let own = challenge(&scene.source);
        let refusal = Reply::error(401, "UNAUTHORIZED", "authentication required");
        let refusal = match form {
            0 => refusal
                .header("WWW-Authenticate", r#"Basic realm="x""#)
                .header("WWW-Authenticate", own.as_str()),
            1 => refusal.header("WWW-Authenticate", format!("Negotiate, {own}")),
            2 => refusal.header(
                "WWW-Authenticate",
                format!(r#"{own},scope="repository:a:pull,push \"x\"""#),
            ),
            _ => refusal.header("WWW-Authenticate", r#"bearer realm="/token", service="r""#),
        };
        scene.source([
            Entry::get("/token").reply(token("one")),
            Entry::new("*", "/v2/*").if_no_header("authorization").reply(refusal),
        ]);
        scene.lock().ends(0);
        let _run = scene.recovers(0..=0);
    }
}

#[test]
fn row_25_a_realm_of_plain_http_behind_tls_is_refused() {
    let scene = Scene::unlocked(images::all()).with_source_tls(&Identity::new(&["127.0.0.1"]));
    let elsewhere = scene.start(Script::new().entry(Entry::get("/token").reply(token("one"))));
    scene.source([door(&challenge(&elsewhere))]);
    let run = scene.lock_with(&["--ca", "source.pem"]);
    run.ends(3).says(&["error[credential]", "token server"]);
    assert!(!scene.env.exists("sealift.lock") && elsewhere.connections() == 0);
}

#[test]
fn row_25_a_realm_in_the_network_of_the_machine_is_refused() {
    let scene = Scene::unlocked(images::all());
    scene.source([door(r#"Bearer realm="http://169.254.169.254/token",service="r""#)]);
    let run = scene.lock();
    run.ends(3).says(&["error[credential]", "169.254.169.254"]);
    assert!(!scene.env.exists("sealift.lock"));
}

/// A helper that runs this script.
fn helped(script: &str) -> Scene {
    let scene = Scene::unlocked(images::all());
    let path = scene.env.write("bin/docker-credential-x", format!("#!/bin/sh\n{script}\n"));
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let host = scene.source.address();
    scene.env.write(".docker/config.json", format!(r#"{{"credHelpers":{{"{host}":"x"}}}}"#));
    scene.source([Entry::get("/token").reply(token("anyone")), door(&challenge(&scene.source))]);
    let bin = scene.env.folder().join("bin").display().to_string();
    scene.with_variable("PATH", &format!("{bin}:/usr/bin:/bin"))
}

#[test]
fn row_48_a_helper_that_knows_nobody_leaves_us_anonymous() {
    let scene = helped("echo credentials not found in native keychain; exit 1");
    scene.lock().ends(0);
    assert!(
        scene
            .source
            .requests()
            .iter()
            .all(|one| one.target != "/token" || one.header("authorization").is_none())
    );
}

#[test]
fn row_48_a_helper_that_fails_hangs_or_babbles_stops_the_run() {
    let table = [
        ("echo the keychain is locked; exit 1", "the keychain is locked"),
        ("exec sleep 60", "no answer within"),
        ("exec yes", "more than 65536 bytes"),
    ];
    for (script, words) in table {
        let scene = helped(script);
        let run = scene.lock();
        run.ends(3).says(&["credential helper x", words]);
        assert!(!scene.env.exists("sealift.lock"));
        assert!(!run.source.iter().any(|one| one.holds(PASSWORD)));
    }
}
