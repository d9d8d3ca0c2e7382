//! What is missing is said before the first byte, all of it; and `--dry-run` says what would be done.

use std::time::{Duration, Instant};

use insta::assert_snapshot;
use sealift_testkit::{Entry, Reply, Script, Server};
use serde_json::Value;

use crate::scene::{Scene, files, image, shipment};

fn unauthorized() -> Reply {
    Reply::error(401, "UNAUTHORIZED", "authentication required")
        .header("WWW-Authenticate", "Basic realm=\"registry\"")
}

fn unknown() -> Reply {
    Reply::error(404, "NAME_UNKNOWN", "repository name not known to registry")
}

/// A registry without anything in it, that answers pushes so.
fn target(scene: &mut Scene, push: &Reply) -> Server {
    let script = Script::new()
        .open()
        .entry(Entry::head("*").reply(unknown()))
        .entry(Entry::get("*").reply(unknown()))
        .entry(Entry::post("*").reply(push.clone()));
    scene.scripted("target", script)
}

#[test]
fn a_source_that_may_not_be_read_is_said_first_and_the_rest_is_copied() {
    let (mut scene, far_side) = Scene::with_lock();
    let closed = scene.scripted(
        "closed",
        Script::new()
            .entry(Entry::get("*").reply(unauthorized()))
            .entry(Entry::head("*").reply(unauthorized())),
    );
    let (internet, closed) = (scene.address("internet"), closed.address());
    let moved = shipment("manifests: platform.yaml", &internet)
        .replace(&format!("{internet}/quay.io"), &format!("{closed}/quay.io"));
    scene.env.write("sealift.yaml", moved);
    let shown = scene.show(&["mirror", "--stale", "--to", &far_side]);
    assert!(shown.contains("exit code: 1"), "{shown}");
    assert!(scene.env.read("failed.lock").contains("quay.io/acme/worker:2.1.0"));
    assert_snapshot!(shown);
}

#[test]
fn repositories_that_must_be_made_first_are_all_named_in_one_run() {
    let (mut scene, _) = Scene::with_lock();
    let to = target(
        &mut scene,
        &Reply::error(404, "NAME_UNKNOWN", "The repository does not exist in the registry"),
    );
    assert_snapshot!(scene.show(&["mirror", "--to", &(to.address() + "/ml")]));
}

#[test]
fn a_project_that_may_not_be_written_is_said_once_with_what_helps() {
    let (mut scene, _) = Scene::with_lock();
    let to = target(
        &mut scene,
        &Reply::error(403, "DENIED", "requested access to the resource is denied"),
    );
    assert_snapshot!(scene.show(&["mirror", "--to", &(to.address() + "/ml")]));
}

#[test]
fn a_repository_that_may_not_be_written_fails_alone_where_others_of_its_project_may() {
    let (mut scene, far_side) = Scene::with_lock();
    let denied = Reply::error(403, "DENIED", "requested access to the resource is denied");
    for (name, refused) in
        [("one", &["acme/operator"][..]), ("two", &["acme/operator", "library/web"])]
    {
        let script = refused.iter().fold(Script::new().otherwise(&far_side), |script, path| {
            let uploads = format!("/v2/{name}/{path}/blobs/uploads/");
            script.entry(Entry::post(&uploads).reply(denied.clone()))
        });
        let target = scene.scripted(name, script);
        let shown = scene.show(&["mirror", "--to", &format!("{}/{name}", target.address())]);
        assert!(shown.contains("exit code: 1"), "{shown}");
        let asked = |path: &str| {
            let uploads = format!("POST /v2/{name}/{path}/blobs/uploads/");
            target.lines().iter().filter(|line| line.starts_with(&uploads)).count()
        };
        for path in refused {
            assert_eq!(asked(path), 2, "by a mount and plainly, and not again: {path}");
        }
        assert_snapshot!(format!("denied-{name}"), shown);
    }
}

/// Lets waits be so many times shorter.
fn hastened(mut scene: Scene, times: &str) -> Scene {
    scene.env = scene.env.variable("SEALIFT_HASTE", times);
    scene
}

#[test]
fn questions_that_nobody_answers_are_left_to_the_copy() {
    let (scene, far_side) = Scene::with_lock();
    // An answer is waited for 1 s here, and 6 s by the copy.
    let mut scene = hastened(scene, "10");
    let internet = scene.address("internet");
    let unread = Entry::get("/v2/*/blobs/*").reply(Reply::hang()).times(3);
    let silent = Script::new().otherwise(&internet).entry(unread);
    let source = scene.scripted("source", silent);
    let first = Entry::post("/v2/*/blobs/uploads/").reply(Reply::hang()).times(2);
    let target = scene.scripted("target", Script::new().otherwise(&far_side).entry(first));
    let moved =
        shipment("manifests: platform.yaml", &internet).replace(&internet, &source.address());
    scene.env.write("sealift.yaml", moved);
    let to = target.address();
    let ran = scene.env.run(["mirror", "--stale", "--json", "--to", &to]).expect_code(0);
    let reads = source.lines().into_iter().filter(|line| line.contains("/blobs/")).count();
    assert_eq!(reads, 10 + 3, "one for each repository on top, and none again");
    assert!(source.lines().iter().all(|line| !line.starts_with("HEAD")));
    for said in ["\"missing\"", "\"retried\"", "\"failed\""] {
        assert!(!ran.stdout.contains(&format!("\"event\":{said}")), "{}", ran.stdout);
    }
    assert!(target.unused().is_empty());
}

#[test]
fn a_project_of_which_one_repository_does_not_answer_is_refused_in_one_message() {
    let (scene, _) = Scene::with_lock();
    let mut scene = hastened(scene, "10");
    let denied = Reply::error(403, "DENIED", "requested access to the resource is denied");
    let script = Script::new()
        .entry(Entry::get("/v2/").reply(Reply::status(200)))
        .entry(Entry::post("/v2/ml/acme/worker/*").reply(Reply::hang()))
        .entry(Entry::post("/v2/ml/*").reply(denied))
        .entry(Entry::get("/v2/ml/*").reply(Reply::error(404, "NAME_UNKNOWN", "")))
        .entry(Entry::head("/v2/ml/*").reply(Reply::status(404)));
    let target = scene.scripted("silent", script);
    let to = format!("{}/ml", target.address());
    let shown = scene.show(&["mirror", "--to", &to]);
    let said = |text: &str| shown.matches(text).count();
    assert_eq!(said("cannot push to it"), 1, "{shown}");
    assert_eq!(said("the right to push to `ml`"), 1, "{shown}");
    assert!(shown.contains("docker.io/acme/operator:3.2, docker.io/library/web:1.27"), "{shown}");
}

/// A Harbor without anything in it, that answers so when it is asked for the room in the project `ml`.
fn harbor(scene: &mut Scene, room: Reply) -> (Server, Server) {
    let challenge = |server: &str| {
        format!("Bearer realm=\"http://{server}/service/token\",service=\"harbor-registry\"")
    };
    // The realm must name the server, which has an address only when it is started.
    let tokens = scene.scripted(
        "tokens",
        Script::new().entry(
            Entry::get("/service/token")
                .reply(Reply::status(200).body(r#"{"token":"t","expires_in":300}"#)),
        ),
    );
    let unauthorized = Reply::status(401).header("WWW-Authenticate", challenge(&tokens.address()));
    let script = Script::new()
        .entry(
            Entry::get("/api/v2.0/projects/ml/summary")
                .if_header("authorization", "Basic Ym9iOnNlY3JldA==")
                .reply(room),
        )
        .entry(Entry::get("*").if_no_header("authorization").reply(unauthorized.clone()))
        .entry(Entry::head("*").if_no_header("authorization").reply(unauthorized))
        .entry(Entry::head("*").reply(unknown()))
        .entry(Entry::get("*").reply(unknown()))
        .entry(Entry::post("*").reply(Reply::status(202).header("Location", "/u/1")));
    let harbor = scene.scripted("harbor", script);
    let auth = format!(r#"{{"auths":{{"{}":{{"auth":"Ym9iOnNlY3JldA=="}}}}}}"#, harbor.address());
    scene.env.write(".docker/config.json", auth);
    (harbor, tokens)
}

#[test]
fn a_project_with_too_little_room_is_said_where_the_registry_tells_it() {
    let (mut scene, _) = Scene::with_lock();
    let summary = r#"{"quota":{"hard":{"storage":60000},"used":{"storage":50000}}}"#;
    let (harbor, _tokens) = harbor(&mut scene, Reply::status(200).body(summary));
    let to = harbor.address() + "/ml";
    let said = scene.env.run(["mirror", "--to", &to, "--dry-run"]).stderr;
    let wanted = "warning: the project `ml` at harbor.test may take 10.0 kB more, and up to 54.8 kB go there";
    assert!(said.contains(wanted), "{said}");
}

#[test]
fn a_project_that_does_not_tell_its_room_holds_nobody_up() {
    let (scene, _) = Scene::with_lock();
    // An answer is waited for 2 s here, and otherwise 12 s.
    let mut scene = hastened(scene, "5");
    let (harbor, _tokens) = harbor(&mut scene, Reply::hang());
    let began = Instant::now();
    let to = harbor.address() + "/ml";
    let ran = scene.env.run(["mirror", "--to", &to, "--dry-run"]).expect_code(0);
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
    assert!(!ran.stderr.contains("the project `ml`"), "{}", ran.stderr);
    let asked = harbor.lines().into_iter().filter(|line| line.contains("/summary")).count();
    assert_eq!(asked, 1);
}

#[test]
fn a_dry_run_writes_nothing_and_foresees_every_request() {
    let mut scene = Scene::with_internet();
    let to = scene.registry("far-side");
    let _locked = scene.env.run(["lock", "-q"]).expect_code(0);
    // One image is there, of another the repository, of the third nothing.
    for (tag, name) in [("2.1.0", "worker"), ("other", "operator")] {
        scene.publish_to(&image("amd64", name), &format!("{to}/acme/{name}:{tag}"));
    }
    let before = files(&scene.disk("far-side").join("blobs"));
    drop((scene.asked("internet"), scene.asked("far-side")));
    let shown = scene.show(&["mirror", "--to", &to, "--dry-run"]);
    let ran = scene.env.run(["mirror", "--to", &to, "--dry-run", "--json"]).expect_code(0);
    assert_eq!(files(&scene.disk("far-side").join("blobs")), before);
    let plan: Value = serde_json::from_str(&ran.stdout).expect("one document");
    // A new repository opens an upload; one that has the blob says so.
    assert_eq!(plan["pushAsked"], serde_json::json!({"requests": 2, "opened": 1}));
    let asked = scene.asked("internet");
    assert!(asked.iter().all(|line| !line.contains("/blobs/")), "no content is read: {asked:?}");
    drop(scene.asked("far-side"));

    let ran = scene.env.run(["mirror", "--to", &to, "--json"]).expect_code(0);
    let summary: Value =
        serde_json::from_str(ran.stdout.lines().last().expect("a line")).expect("JSON");
    for (foreseen, done) in
        [("send", "sent"), ("mount", "mounted"), ("alreadyThere", "alreadyThere")]
    {
        assert_eq!(plan[foreseen], summary[done], "{foreseen}");
    }
    assert_eq!(plan["manifests"], summary["manifests"]);
    assert_eq!(plan["asBefore"], summary["skipped"]["images"]);
    for (side, registry) in [("source", "internet"), ("target", "far-side")] {
        let asked = scene.asked(registry).into_iter().filter(|line| line != "GET /v2/").count();
        assert_eq!(plan["requests"][side], asked, "{side}");
    }
    assert_snapshot!([shown, scene.show(&["mirror", "--to", &to, "--dry-run"])].join("\n"));
}

#[test]
fn a_plan_that_could_not_even_begin_ends_as_the_run_would() {
    let (mut scene, _) = Scene::with_lock();
    let to = target(&mut scene, &Reply::error(405, "UNSUPPORTED", "read-only mode"));
    for more in [&["--dry-run"][..], &[]] {
        let shown = scene.show(&[&["mirror", "--to", &to.address()], more].concat());
        assert!(shown.contains("exit code: 3"), "{shown}");
    }
}
