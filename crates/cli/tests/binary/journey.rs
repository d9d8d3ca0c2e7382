//! `lock`, `diff`, `mirror`, `verify`: from the internet to the far side, and what each says on its way.

use insta::assert_snapshot;
use serde_json::Value;

use crate::scene::{Scene, image, layer};

/// Reads stdout as one JSON value.
fn json(scene: &Scene, arguments: &[&str], code: i32) -> Value {
    let ran = scene.env.run(arguments).expect_code(code);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.snapshot()))
}

#[test]
fn a_platform_goes_to_the_far_side_and_a_second_run_sends_nothing() {
    let mut scene = Scene::with_internet();
    let to = scene.registry("far-side") + "/ml";
    let runs = [
        scene.show(&["lock"]),
        scene.show(&["mirror", "--to", &to]),
        scene.show(&["verify", "--to", &to]),
        scene.show(&["mirror", "--to", &to]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn quiet_runs_of_every_verb_print_nothing() {
    let mut scene = Scene::with_internet();
    let to = scene.registry("far-side");
    for arguments in
        [&["lock", "-q"][..], &["lock", "--check", "-q"], &["mirror", "-q", "--to", &to]]
    {
        let ran = scene.env.run(arguments).expect_code(0);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""), "{arguments:?}");
    }
}

#[test]
fn verbose_names_the_mirrors_and_twice_every_request() {
    let scene = Scene::with_internet();
    let said = |loudness: &str| scene.env.run(["lock", loudness]).expect_code(0).stderr;
    let (once, twice) = (said("-v"), said("-vv"));
    assert!(once.contains("read from a mirror repository=quay.io/acme/worker"), "{once}");
    assert!(!once.contains("method="), "{once}");
    assert!(twice.contains("request method=HEAD url=http"), "{twice}");
}

#[test]
fn a_diff_with_a_lock_that_is_not_there_asks_for_two() {
    let scene = Scene::with_internet();
    let refused = scene.env.run(["diff", "old.lock", "new.lock"]).expect_code(2);
    assert!(refused.stderr.contains("there is no lock file `old.lock`"), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("the one that the far side has with a new one"),
        "{}",
        refused.stderr
    );
}

#[test]
fn options_without_effect_are_refused() {
    let scene = Scene::with_internet();
    let to = scene.address("internet");
    let wrong: [&[&str]; 5] = [
        &["verify", "--to", &to, "--authfile", "absent.json"],
        &["verify", "--to", &to, "--registries-conf", "absent.conf"],
        &["verify", "--to", &to, "--ca", "absent.pem"],
        &["verify", "--to", &to, "--plain-http", "http://x"],
        &["lock", "--lock", "x.graph"],
    ];
    let _locked = scene.env.run(["lock", "-q"]).expect_code(0);
    for arguments in wrong {
        let _refused = scene.env.run(arguments).expect_code(2);
    }
    let both = ["mirror", "list.txt", "--lock", "x.lock", "--to", &to];
    let _refused = scene.env.run(both).expect_code(2);
}

#[test]
fn check_compares_and_writes_nothing() {
    let scene = Scene::with_internet();
    let without = scene.refuse(&["lock", "--check"]);
    let _locked = scene.env.run(["lock", "-q"]).expect_code(0);
    let same = scene.show(&["lock", "--check"]);
    scene.publish(
        &[("quay.io/acme/worker:2.1.0", image("amd64", "moved"))],
        &scene.address("internet"),
    );
    let moved = scene.refuse(&["lock", "--check"]);
    assert_snapshot!([without, same, moved].join("\n"));
}

#[test]
fn offline_takes_what_the_lock_has_and_names_what_it_lacks() {
    let (scene, _) = Scene::with_lock();
    let lock = scene.env.read("sealift.lock");
    scene.publish(
        &[("quay.io/acme/worker:2.1.0", image("amd64", "moved"))],
        &scene.address("internet"),
    );
    let as_before = scene.show(&["lock", "--offline"]);
    assert_eq!(scene.env.read("sealift.lock"), lock, "no registry was asked");
    let platform = scene.env.read("platform.yaml");
    scene.env.write("platform.yaml", platform.replace("worker:2.1.0", "worker:2.2.0"));
    let lacks = scene.refuse(&["lock", "--offline"]);
    let no_lock = scene.refuse(&["lock", "--offline", "--lock", "other.lock"]);
    assert_snapshot!([as_before, lacks, no_lock].join("\n"));
}

#[test]
fn diff_says_what_is_added_dropped_and_moved_and_what_has_to_be_carried() {
    let (scene, _) = Scene::with_lock();
    for name in ["lock", "graph"] {
        scene.env.write(&format!("old.{name}"), scene.env.read(&format!("sealift.{name}")));
    }
    let platform = scene.env.read("platform.yaml");
    scene.env.write("platform.yaml", platform.replace("web:1.27", "web:1.28"));
    let changed = [
        ("quay.io/acme/worker:2.1.0", image("amd64", "moved")),
        ("docker.io/library/web:1.28", image("amd64", "web")),
    ];
    scene.publish(&changed, &scene.address("internet"));
    let runs = [
        scene.show(&["lock"]),
        scene.show(&["diff", "old.lock", "sealift.lock"]),
        scene.show(&["diff", "old.lock", "sealift.lock", "--json"]),
        scene.show(&["diff", "old.lock", "old.lock"]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn verify_names_the_missing_blob_with_the_image_that_needs_it() {
    let (scene, far_side) = Scene::with_lock();
    let _mirrored = scene.env.run(["mirror", "-q", "--to", &far_side]).expect_code(0);
    let lost = sealift_reference::Digest::sha256(&layer("worker", "amd64"));
    std::fs::remove_file(scene.disk("far-side").join(format!("blobs/sha256/{}", lost.hex())))
        .expect("it is there");
    let report = json(&scene, &["verify", "--to", &far_side, "--json"], 1);
    assert_eq!(report["missing"][0]["digest"], lost.as_str());
    let broken = scene.refuse(&["verify", "--to", &far_side]);
    let runs = [
        broken,
        scene.show(&["mirror", "--to", &far_side, "--repair"]),
        scene.show(&["verify", "--to", &far_side]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn verify_of_a_registry_that_is_not_there_cannot_tell() {
    let (scene, _) = Scene::with_lock();
    assert_snapshot!(scene.refuse(&["verify", "--to", "127.0.0.1:1"]));
}

#[test]
fn verify_of_an_empty_registry_names_each_image_once() {
    let (scene, far_side) = Scene::with_lock();
    assert_snapshot!(scene.refuse(&["verify", "--to", &far_side]));
}

#[test]
fn inputs_are_mirrored_without_a_lock_file() {
    let mut scene = Scene::with_internet();
    let far_side = scene.registry("far-side");
    assert_snapshot!(scene.show(&["mirror", "--file", "sealift.yaml", "--to", &far_side]));
    assert!(!scene.env.exists("sealift.lock"));
}

#[test]
fn every_report_is_json_when_asked() {
    let mut scene = Scene::with_internet();
    let far_side = scene.registry("far-side");
    assert_eq!(json(&scene, &["scan", "--json"], 0)["kind"], "Inventory");
    assert_eq!(json(&scene, &["why", "web:1.27", "--json"], 0)["kind"], "Inventory");
    assert_eq!(json(&scene, &["lock", "--json"], 0)["kind"], "Lock");
    assert_eq!(
        json(&scene, &["diff", "sealift.lock", "sealift.lock", "--json"], 0)["kind"],
        "LockDiff"
    );
    let events = scene.env.run(["mirror", "--to", &far_side, "--json"]).expect_code(0).stdout;
    let events: Vec<Value> =
        events.lines().map(|line| serde_json::from_str(line).expect("one value a line")).collect();
    assert_eq!(
        (&events[0]["event"], &events[events.len() - 1]["event"]),
        (&"planned".into(), &"summary".into())
    );
    let report = json(&scene, &["verify", "--to", &far_side, "--json"], 0);
    assert_eq!((&report["kind"], &report["complete"]), (&"Verification".into(), &3.into()));
}

#[test]
fn handoff_writes_a_folder_and_never_over_one_of_somebody_else() {
    let (scene, far_side) = Scene::with_lock();
    scene.env.write("theirs/notes.txt", "keep me");
    let secrets =
        ["handoff", "--to", &far_side, "--out", "out", "--write-secrets", "out/secret.yaml"];
    let refused =
        [scene.refuse(&["handoff", "--to", &far_side, "--out", "theirs"]), scene.refuse(&secrets)];
    let written = scene.show(&["handoff", "--to", &far_side, "--out", "out"]);
    assert!(scene.env.exists("out/README.md") && !scene.env.exists("out.part"));
    let again = scene.show(&["handoff", "--to", &far_side, "--out", "out"]);
    let json = json(&scene, &["handoff", "--to", &far_side, "--out", "out", "--json"], 0);
    assert_eq!(json["kind"], "Handoff");
    assert_snapshot!([refused.join("\n"), written, again].join("\n"));
}
