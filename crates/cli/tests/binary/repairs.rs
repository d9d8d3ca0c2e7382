//! `--repair` of what a registry only seems to have, and of what only the registry has.

use sealift_reference::Digest;
use sealift_testkit::{DockerRegistry, Entry, Reply, Script};

use crate::scene::{Scene, image};

/// The config of the worker.
fn config() -> Digest {
    let worker = image("amd64", "worker");
    let config = worker.blobs().iter().find(|blob| blob.starts_with(b"{"));
    Digest::sha256(config.expect("every image has one"))
}

#[test]
fn a_tiny_blob_that_has_lost_its_bytes_is_seen() {
    let Some(target) = DockerRegistry::start() else { return };
    let mut scene = Scene::with_internet();
    scene.call(target.address(), "far-side.test");
    let _locked = scene.env.run(["lock", "-q"]).expect_code(0);
    let _mirrored = scene.env.run(["mirror", "-q", "--to", target.address()]).expect_code(0);
    let (config, data) = (config(), target.data());
    let file = data.join(format!("blobs/sha256/{}/{}/data", &config.hex()[..2], config.hex()));
    let size = std::fs::read(&file).expect("it is there").len();
    std::fs::write(&file, b"").expect("it may be written");

    let shown = scene.show(&["mirror", "--to", target.address(), "--repair"]);
    assert!(shown.contains("exit code: 1"), "{shown}");
    let wanted = format!("it has 0 bytes under this digest instead of {size}");
    assert!(shown.contains(&wanted), "{shown}");
    assert!(scene.env.read("failed.lock").contains("quay.io/acme/worker:2.1.0"));
}

#[test]
fn a_tiny_blob_that_only_the_target_has_is_no_failure_where_nobody_mounts_from_the_repository_itself()
 {
    let (mut scene, far_side) = Scene::with_lock();
    let script = ["library/web", "acme/operator", "acme/worker"].into_iter().fold(
        Script::new().otherwise(&far_side),
        |script, path| {
            let uploads = format!("/v2/{path}/blobs/uploads/");
            let own = Entry::post(&format!("{uploads}?mount=*&from={path}"));
            script.entry(own.reply(Reply::passed().asking(&uploads)))
        },
    );
    let target = scene.scripted("target", script);
    let to = target.address();
    let _mirrored = scene.env.run(["mirror", "-q", "--to", &to]).expect_code(0);
    let file = scene.disk("internet").join(format!("blobs/sha256/{}", config().hex()));
    std::fs::remove_file(&file).expect("it is there");

    let _repaired = scene.env.run(["mirror", "--to", &to, "--repair"]).expect_code(0);
    assert!(target.unused().is_empty(), "{:?}", target.unused());
}
