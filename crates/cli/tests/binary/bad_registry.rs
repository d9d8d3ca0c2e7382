//! Registries that refuse, lack something, or speak another protocol.

use insta::assert_snapshot;
use sealift_testkit::{Entry, Proxy, Reply, Script, TestEnv};

use crate::scene::Scene;

/// `bob:wrong`, as HTTP's Basic has it.
const BOB: &str = "Ym9iOndyb25n";

/// Which blob is refused first, and in which repository of those that share it, is chance: both are taken out of what is shown.
fn whichever_blob(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let mut last = "";
        let words = line.split(' ').map(|word| {
            let is_repository = ["target", "of", "to"].contains(&last) && word.contains('/');
            let is_count = last == "and" && word.bytes().all(|byte| byte.is_ascii_digit());
            last = word;
            match word {
                _ if line.starts_with('$') || line.starts_with("hint") => word.to_owned(),
                _ if word.starts_with("sha256:") => "[BLOB]".to_owned(),
                _ if is_repository => "[REPOSITORY]".to_owned(),
                _ if is_count => "[N]".to_owned(),
                _ => word.to_owned(),
            }
        });
        words.collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Any request of these methods.
fn any(script: Script, methods: &[&str], reply: &Reply) -> Script {
    methods
        .iter()
        .fold(script, |script, method| script.entry(Entry::new(method, "*").reply(reply.clone())))
}

#[test]
fn an_image_that_does_not_exist_fails_the_lock_and_the_others_are_still_asked_for() {
    let scene = Scene::with_internet();
    let platform = scene.env.read("platform.yaml");
    scene.env.write(
        "platform.yaml",
        platform.replace("web:1.27", "web:1.99").replace("acme/operator", "acme/gone"),
    );
    assert_snapshot!(scene.refuse(&["lock"]));
}

#[test]
fn wrong_credentials_are_said_without_being_shown() {
    let mut scene = Scene::new();
    let unauthorized = Reply::error(401, "UNAUTHORIZED", "authentication required")
        .header("WWW-Authenticate", "Basic realm=\"registry\"");
    let server = scene.scripted("registry", any(Script::new(), &["GET", "HEAD"], &unauthorized));
    let address = server.address();
    scene.env.write(
        ".docker/config.json",
        format!(r#"{{"auths": {{"{address}": {{"auth": "{BOB}"}}}}}}"#),
    );
    scene.env.write("images.txt", format!("{address}/acme/web:1\n"));
    let shown = scene.refuse(&["lock", "images.txt"]);
    assert!(
        server.requests().iter().any(|request| request.holds(BOB)),
        "the credentials are tried"
    );
    assert!(!shown.contains("wrong\"") && !shown.contains(BOB));
    assert_snapshot!(shown);
}

#[test]
fn without_credentials_a_private_registry_leads_to_login() {
    let mut scene = Scene::new();
    let unauthorized = Reply::error(401, "UNAUTHORIZED", "authentication required")
        .header("WWW-Authenticate", "Basic realm=\"registry\"");
    let server = scene.scripted("registry", any(Script::new(), &["GET", "HEAD"], &unauthorized));
    scene.env.write("images.txt", format!("{}/acme/web:1\n", server.address()));
    assert_snapshot!(scene.refuse(&["lock", "images.txt"]));
}

#[test]
fn http_where_https_was_asked_for_is_never_taken_in_silence() {
    // A name that is not this machine's, so that nothing but https may be tried.
    let stage = Scene::new();
    let server = stage.block_on(sealift_testkit::Server::start(any(
        Script::new(),
        &["GET", "HEAD"],
        &Reply::status(200),
    )));
    let proxy = stage.block_on(Proxy::start(&[("registry.test:5000", server.port())]));
    let scene = Scene::of(
        TestEnv::new(env!("CARGO_BIN_EXE_sealift")).variable("HTTPS_PROXY", &proxy.url()),
    );
    scene.env.write("images.txt", "registry.test:5000/acme/web:1\n");
    let shown = scene.refuse(&["lock", "images.txt"]);
    assert_eq!(server.lines(), [""; 0], "nothing was asked for in clear text");
    assert_snapshot!(shown);
}

#[test]
fn a_registry_that_is_not_there_ends_with_3() {
    let scene = Scene::new();
    // Port 1 of this machine: nobody listens.
    scene.env.write("images.txt", "127.0.0.1:1/acme/web:1\n");
    assert_snapshot!(scene.refuse(&["lock", "images.txt"]));
}

#[test]
fn a_target_that_refuses_pushes_is_named_with_its_own_words() {
    let mut scene = Scene::with_internet();
    let _locked = scene.env.run(["lock", "-q"]).expect_code(0);
    let denied = Reply::error(403, "DENIED", "quota of project ml exceeded");
    let missing = Reply::error(404, "NAME_UNKNOWN", "repository name not known to registry");
    let script = any(
        any(Script::new().open(), &["GET", "HEAD"], &missing),
        &["POST", "PUT", "PATCH"],
        &denied,
    );
    let target = scene.scripted("target", script);
    let to = target.address() + "/ml";
    let shown = scene.show(&["mirror", "--to", &to]);
    assert_eq!(
        scene.env.read("failed.lock"),
        scene.env.read("sealift.lock"),
        "everything is still to be done"
    );
    assert!(
        !target.lines().iter().any(|line| line.starts_with("PUT")),
        "no manifest without its blobs"
    );
    assert_snapshot!(whichever_blob(&shown));
}

#[test]
fn a_read_only_serve_refuses_pushes() {
    let mut scene = Scene::with_internet();
    let _locked = scene.env.run(["lock", "-q"]).expect_code(0);
    scene.env.write("disks/far-side/oci-layout", r#"{"imageLayoutVersion": "1.0.0"}"#);
    scene.env.write("disks/far-side/index.json", r#"{"schemaVersion": 2, "manifests": []}"#);
    let address = scene.read_only("far-side");
    let before = crate::scene::files(&scene.disk("far-side"));
    assert_snapshot!(whichever_blob(&scene.show(&["mirror", "--to", &address])));
    assert_eq!(crate::scene::files(&scene.disk("far-side")), before);
}

#[test]
fn a_source_that_loses_a_blob_fails_that_image_and_finishes_the_others() {
    let (scene, far_side) = Scene::with_lock();
    let layer = sealift_reference::Digest::sha256(&crate::scene::layer("worker", "amd64"));
    std::fs::remove_file(scene.disk("internet").join(format!("blobs/sha256/{}", layer.hex())))
        .expect("it is there");
    let failed = scene.show(&["mirror", "--to", &far_side]);
    assert!(scene.env.exists("failed.lock") && scene.env.exists("failed.graph"));
    let verified = scene.show(&["verify", "--to", &far_side]);
    scene.publish(&crate::scene::images(), &scene.address("internet"));
    let again = scene.show(&["mirror", "--lock", "failed.lock", "--to", &far_side]);
    let runs = [failed, verified, again, scene.show(&["verify", "--to", &far_side])];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn a_tag_that_names_other_content_at_the_target_is_not_moved_unasked() {
    let (scene, far_side) = Scene::with_lock();
    let target = format!("{far_side}/acme/worker:2.1.0");
    scene.publish_to(&crate::scene::image("amd64", "other"), &target);
    let runs = [
        scene.show(&["mirror", "--to", &far_side]),
        scene.show(&["verify", "--to", &far_side]),
        scene.show(&["mirror", "--to", &far_side, "--replace-tags"]),
        scene.show(&["verify", "--to", &far_side]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn a_target_that_is_no_registry_name_is_refused() {
    let (scene, _) = Scene::with_lock();
    let runs = ["https://registry.test", "registry", "registry.test/ML", ""]
        .map(|to| scene.refuse(&["mirror", "--to", to]));
    assert_snapshot!(runs.join("\n"));
}
