//! `login` and `logout`.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use insta::assert_snapshot;
use sealift_testkit::{Entry, Ran, Reply, Script};

use crate::scene::Scene;

/// `bob:secret`, as HTTP's Basic has it.
const BOB: &str = "Ym9iOnNlY3JldA==";

const CONFIG: &str = ".docker/config.json";

/// A registry that takes bob with his password and nobody else.
fn private() -> Script {
    let refused = Reply::error(401, "UNAUTHORIZED", "authentication required")
        .header("WWW-Authenticate", "Basic realm=\"registry\"");
    Script::new()
        .entry(
            Entry::get("/v2/")
                .if_header("authorization", &format!("Basic {BOB}"))
                .reply(Reply::status(200).body("{}")),
        )
        .entry(Entry::get("*").reply(refused))
}

fn login(scene: &Scene, host: &str, password: &str) -> Ran {
    let mut child = scene
        .env
        .command(["login", host, "--username", "bob", "--password-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("sealift was built with this test");
    child.stdin.take().expect("it is piped").write_all(password.as_bytes()).expect("it reads");
    scene.env.ran(&child.wait_with_output().expect("it ends"))
}

#[test]
fn login_stores_what_the_registry_takes_for_the_user_alone_and_logout_forgets_it() {
    let mut scene = Scene::new();
    let server = scene.scripted("registry", private());
    let host = server.address();
    scene.env.write(CONFIG, r#"{"auths": {"other.test": {"auth": "eDp5"}}, "psFormat": "table"}"#);
    let words = ["login", &host, "--username", "bob", "--password-stdin"];
    let stored = scene.shown(&words, &login(&scene, &host, "secret\n").expect_code(0));
    let config = scene.env.folder().join(CONFIG);
    assert_eq!(config.metadata().expect("it is there").permissions().mode() & 0o777, 0o600);
    let json: serde_json::Value =
        serde_json::from_str(&scene.env.read(CONFIG)).expect("docker reads it");
    assert_eq!((&json["auths"][&host]["auth"], &json["psFormat"]), (&BOB.into(), &"table".into()));
    let runs = [stored, scene.show(&["logout", &host]), scene.show(&["logout", &host])];
    let json: serde_json::Value =
        serde_json::from_str(&scene.env.read(CONFIG)).expect("docker reads it");
    assert_eq!(json["auths"], serde_json::json!({"other.test": {"auth": "eDp5"}}));
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn a_wrong_password_is_not_stored() {
    let mut scene = Scene::new();
    let server = scene.scripted("registry", private());
    let host = server.address();
    let ran = login(&scene, &host, "guess");
    assert!(!scene.env.exists(CONFIG), "nothing was stored");
    assert!(!ran.snapshot().contains("guess"));
    assert_snapshot!(scene.shown(&["login", &host, "--username", "bob", "--password-stdin"], &ran));
}

#[test]
fn a_login_without_password_or_user_says_how_to_give_them() {
    let scene = Scene::new();
    let runs = [
        scene.refuse(&["login", "registry.test"]),
        scene.refuse(&["login", "registry.test", "--username", "bob"]),
        scene.refuse(&["login", "registry.test", "--username", "bob", "--password-stdin"]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn a_config_that_is_no_json_is_left_as_it_is() {
    let mut scene = Scene::new();
    let server = scene.scripted("registry", private());
    scene.env.write(CONFIG, "{\"auths\": ");
    let host = server.address();
    let words = ["login", &host, "--username", "bob", "--password-stdin"];
    let ran = login(&scene, &host, "secret");
    assert_eq!(scene.env.read(CONFIG), "{\"auths\": ");
    assert_snapshot!([scene.shown(&words, &ran), scene.refuse(&["logout", &host])].join("\n"));
}
