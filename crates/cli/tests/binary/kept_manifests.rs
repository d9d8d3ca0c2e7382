//! Manifests that `lock` has read are not read again: registries count them.

use sealift_inventory::Lock;

use crate::scene::{Scene, files};

fn reads(asked: &[String]) -> Vec<&String> {
    asked.iter().filter(|line| line.starts_with("GET") && line.contains("/manifests/")).collect()
}

#[test]
fn a_mirror_after_a_lock_reads_no_manifest_and_neither_does_another_lock() {
    let (scene, far_side) = Scene::with_lock();
    assert_eq!(reads(&scene.asked("internet")).len(), 5);
    let _mirrored = scene.env.run(["mirror", "-q", "--to", &far_side]).expect_code(0);
    assert_eq!(reads(&scene.asked("internet")), [&""; 0]);
    let _locked = scene.env.run(["lock", "-q"]).expect_code(0);
    let asked = scene.asked("internet");
    assert_eq!(reads(&asked), [&""; 0]);
    assert!(asked.iter().any(|line| line.starts_with("HEAD")), "tags are asked for: {asked:#?}");
}

#[test]
fn a_kept_manifest_that_was_altered_is_read_again_and_never_sent() {
    let (mut scene, far_side) = Scene::with_lock();
    let cache = scene.env.folder().join(".cache/sealift/manifests");
    let kept = files(&cache);
    assert_eq!(kept.len(), 5);
    let (altered, bytes) = kept.iter().next().expect("there are some");
    let mut bytes = bytes.clone();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(altered, bytes).expect("a file of the test");
    drop(scene.asked("internet"));
    let _mirrored = scene.env.run(["mirror", "-q", "--to", &far_side]).expect_code(0);
    let asked = scene.asked("internet");
    let (reads, name) = (reads(&asked), altered.file_name().expect("a name").to_string_lossy());
    let hex = name.strip_prefix("sha256-").expect("a digest");
    assert!(reads.len() == 1 && reads[0].ends_with(hex), "{reads:?}");
    let _verified = scene.env.run(["verify", "-q", "--to", &far_side]).expect_code(0);

    // Where nothing can be kept, all is read.
    let other = scene.registry("other");
    std::fs::remove_dir_all(scene.env.folder().join(".cache")).expect("it is there");
    scene.env.write(".cache", "in the way");
    let _mirrored = scene.env.run(["mirror", "-q", "--to", &other]).expect_code(0);
    assert_eq!(self::reads(&scene.asked("internet")).len(), 5);
}

#[test]
fn what_is_pinned_is_asked_of_its_own_repository_also_when_its_manifest_is_kept() {
    let (scene, far_side) = Scene::with_lock();
    let internet = scene.address("internet");
    let lock = Lock::read("sealift.lock", &scene.env.read("sealift.lock")).expect("a lock");
    let worker = lock.images().find(|image| image.image.path().ends_with("worker")).expect("it is");
    let digest = &worker.digest;
    drop(scene.asked("internet"));

    let pinned = |repository: &str| format!("{internet}/quay.io/acme/{repository}@{digest}\n");
    scene.env.write("typo.txt", pinned("wroker"));
    let ran = scene.env.run(["lock", "typo.txt"]).expect_code(1);
    assert!(ran.stderr.contains("acme/wroker"), "{}", ran.stderr);
    let asked = scene.asked("internet");
    assert_eq!(asked.iter().filter(|line| line.starts_with("HEAD")).count(), 1, "{asked:#?}");
    assert_eq!(reads(&asked), [&""; 0]);

    let tagged = format!("{internet}/quay.io/acme/worker:2.1.0@{digest}\n");
    scene.env.write("twice.txt", pinned("worker") + &tagged);
    let _locked = scene.env.run(["lock", "-q", "twice.txt"]).expect_code(0);
    let asked = scene.asked("internet");
    let name = format!("HEAD /v2/quay.io/acme/worker/manifests/{digest}");
    assert!(asked.contains(&name) && reads(&asked).is_empty(), "{asked:#?}");

    let _mirrored = scene.env.run(["mirror", "-q", "--to", &far_side]).expect_code(0);
    assert_eq!(reads(&scene.asked("internet")), [&""; 0]);
}
