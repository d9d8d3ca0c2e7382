//! `--shard`: processes that share a lock without talking.

use std::collections::BTreeSet;
use std::process::Stdio;

use sealift_inventory::Lock;
use sealift_testkit::DockerRegistry;
use serde_json::Value;

use crate::scene::{Scene, files, image};

const SHARDS: usize = 4;

/// A lock of a dozen images that share a layer.
fn scene() -> Scene {
    let mut scene = Scene::new();
    let internet = scene.registry("internet");
    let names: Vec<_> = (0..12).map(|number| format!("acme/image-{number}:1")).collect();
    for name in &names {
        scene.publish_to(&image("amd64", name), &format!("{internet}/{name}"));
    }
    let list: Vec<_> = names.iter().map(|name| format!("{internet}/{name}\n")).collect();
    scene.env.write("images.txt", list.concat());
    let _locked = scene.env.run(["lock", "-q", "images.txt"]).expect_code(0);
    scene
}

/// Runs all shards at the same time, and returns the images that each has copied or left.
fn run(scene: &Scene, to: &str) -> Vec<BTreeSet<String>> {
    let start = |number: usize| {
        let shard = format!("{number}/{SHARDS}");
        let mut command = scene.env.command(["mirror", "--json", "--to", to, "--shard", &shard]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it was built")
    };
    let children: Vec<_> = (1..=SHARDS).map(start).collect();
    let ended = children.into_iter().map(|child| {
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("text");
        let events = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let images = events.filter(|event| event["event"] == "done" || event["event"] == "skipped");
        images.map(|event| event["image"].as_str().expect("a name").to_owned()).collect()
    });
    ended.collect()
}

fn assert_disjoint_and_complete(parts: &[BTreeSet<String>]) {
    let all: BTreeSet<_> = parts.iter().flatten().collect();
    assert_eq!((all.len(), parts.iter().map(BTreeSet::len).sum::<usize>()), (12, 12), "{parts:?}");
    assert!(parts.iter().all(|part| !part.is_empty()), "{parts:?}");
}

#[test]
fn four_processes_at_one_registry_come_to_what_one_process_does() {
    let mut scene = scene();
    let (one, four) = (scene.registry("one"), scene.registry("four"));
    let _mirrored = scene.env.run(["mirror", "-q", "--to", &one]).expect_code(0);
    let parts = run(&scene, &four);
    assert_disjoint_and_complete(&parts);
    let _verified = scene.env.run(["verify", "-q", "--to", &four]).expect_code(0);
    let blobs = |name: &str| -> BTreeSet<_> {
        let files = files(&scene.disk(name).join("blobs"));
        files.into_keys().filter_map(|path| Some(path.file_name()?.to_owned())).collect()
    };
    assert_eq!(blobs("four"), blobs("one"));
    assert_eq!(run(&scene, &four), parts, "the parts are the same at each run");
}

#[test]
fn four_processes_fill_a_real_registry() {
    let Some(registry) = DockerRegistry::start() else { return };
    let scene = scene();
    assert_disjoint_and_complete(&run(&scene, registry.address()));
    let _verified = scene.env.run(["verify", "-q", "--to", registry.address()]).expect_code(0);
}

#[test]
fn what_is_no_shard_is_refused_and_a_shard_has_a_lock_of_its_own_for_what_failed() {
    let (scene, _) = Scene::with_lock();
    for wrong in ["0/4", "5/4", "4", "1/0"] {
        let ran = scene.env.run(["mirror", "--to", "r.corp", "--shard", wrong]).expect_code(2);
        assert!(ran.stderr.contains("is no shard"), "{}", ran.stderr);
    }
    let ran = scene.env.run(["mirror", "--to", "127.0.0.1:1", "--shard", "1/1"]).expect_code(3);
    assert!(ran.stderr.contains("mirror --lock failed-1-of-1.lock --to"), "{}", ran.stderr);
    assert!(scene.env.exists("failed-1-of-1.lock") && !scene.env.exists("failed.lock"));
}

/// Runs of locks at the same time, at a target that nobody answers for.
fn run_again(scene: &Scene, more: &[[&str; 2]]) {
    let start = |more: &[&str; 2]| {
        let words = [&["mirror", "-q", "--to", "127.0.0.1:1"][..], more].concat();
        scene.env.command(words).stderr(Stdio::null()).spawn().expect("it was built")
    };
    let children: Vec<_> = more.iter().map(start).collect();
    for mut child in children {
        assert_eq!(child.wait().expect("it ends").code(), Some(3));
    }
}

#[test]
fn what_failed_and_fails_again_stays_in_the_lock_that_was_read() {
    let scene = scene();
    let left = |names: &[&str]| -> Vec<String> {
        let images = names.iter().flat_map(|name| {
            let lock = Lock::read(name, &scene.env.read(name)).expect("a lock");
            lock.images().map(|image| image.image.to_string()).collect::<Vec<_>>()
        });
        images.collect()
    };
    let shards = ["1/4", "2/4", "3/4", "4/4"].map(|shard| ["--shard", shard]);
    run_again(&scene, &shards);
    let locks =
        ["failed-1-of-4.lock", "failed-2-of-4.lock", "failed-3-of-4.lock", "failed-4-of-4.lock"];
    let first = left(&locks);
    assert_eq!(first.iter().collect::<BTreeSet<_>>().len(), 12, "{first:#?}");

    run_again(&scene, &locks.map(|lock| ["--lock", lock]));
    assert_eq!(left(&locks), first);
    assert!(!scene.env.exists("failed.lock"));

    // A shard of what a shard has left has a name that no other has.
    let words = ["mirror", "-q", "--lock", locks[1], "--to", "127.0.0.1:1", "--shard", "1/1"];
    let _failed = scene.env.run(words).expect_code(3);
    assert_eq!(left(&["failed-2-of-4-1-of-1.lock"]), left(&[locks[1]]));
}
