//! Whether a source may be read is asked by reading one of its blobs: what is true of that blob alone, or of its turn, says nothing of
//! the rest.

use bytes::Bytes;
use sealift_oci::image::{Built, ImageBuilder};
use sealift_reference::{Digest, Platform};
use sealift_testkit::{Entry, Ran, Reply, Script, Server};

use crate::scene::{Scene, image, shipment};

fn unauthorized() -> Reply {
    Reply::error(401, "UNAUTHORIZED", "authentication required")
        .header("WWW-Authenticate", "Basic realm=\"registry\"")
}

/// Anything, answered so.
fn any(script: Script, target: &str, reply: &Reply) -> Script {
    script
        .entry(Entry::get(target).reply(reply.clone()))
        .entry(Entry::head(target).reply(reply.clone()))
}

/// An image whose blobs are all longer than the config of the worker, in its repository.
fn newer() -> Built {
    let platform = Platform::new("linux", "amd64", None).expect("a platform");
    let layer = |name: &str| Bytes::from(format!("{name}\n").repeat(300));
    ["one", "two", "three"]
        .into_iter()
        .fold(ImageBuilder::new(platform), |image, name| image.raw_layer(layer(name)))
        .build()
}

/// The config of the worker, which is the shortest blob of its repository.
fn config() -> Digest {
    let blobs = [image("amd64", "worker"), newer()].map(|built| built.blobs().to_vec()).concat();
    let config = blobs.iter().min_by_key(|blob| blob.len()).expect("there are some");
    assert!(image("amd64", "worker").blobs().contains(config) && config.starts_with(b"{"));
    Digest::sha256(config)
}

/// A lock with two images of one repository, and short waits; returns the address of an empty registry as well.
fn scene() -> (Scene, String) {
    let mut scene = Scene::with_internet();
    scene.env = scene.env.variable("SEALIFT_HASTE", "10");
    let (internet, far_side) = (scene.address("internet"), scene.registry("far-side"));
    scene.publish_to(&newer(), &format!("{internet}/quay.io/acme/worker:2.2.0"));
    let platform = scene.env.read("platform.yaml");
    scene.env.write("platform.yaml", platform.replace("web:1.27", "quay.io/acme/worker:2.2.0"));
    let _locked = scene.env.run(["lock", "-q"]).expect_code(0);
    (scene, far_side)
}

/// Mirrors from other places than those of the lock.
fn mirror(scene: &Scene, shipment: String, arguments: &[&str], to: &str) -> Ran {
    scene.env.write("sealift.yaml", shipment);
    scene.env.run([&["mirror", "--stale", "--json", "--to", to][..], arguments].concat())
}

#[track_caller]
fn assert_only_one_failed(scene: &Scene, ran: Ran) {
    let ran = ran.expect_code(1);
    let failed = scene.env.read("failed.lock");
    assert!(failed.contains("worker:2.1.0") && !failed.contains("worker:2.2.0"), "{failed}");
    assert!(!failed.contains("operator"), "{failed}");
    assert!(!ran.stdout.contains(r#""event":"missing""#), "{}", ran.stdout);
}

/// Starts a registry that answers for one blob so, and otherwise as the internet does.
fn all_but_one(scene: &mut Scene, reply: Reply) -> Server {
    let blob = Entry::get(&format!("/v2/quay.io/acme/worker/blobs/{}", config()));
    let internet = scene.address("internet");
    scene.scripted("source", Script::new().otherwise(&internet).entry(blob.reply(reply)))
}

#[test]
fn a_blob_that_storage_elsewhere_refuses_fails_only_the_image_that_needs_it() {
    let (mut scene, far_side) = scene();
    let refused = Reply::status(403).body("<Error><Code>AccessDenied</Code></Error>");
    let storage = scene.scripted("storage", any(Script::new(), "*", &refused));
    let source =
        all_but_one(&mut scene, Reply::elsewhere(&format!("http://{}", storage.address())));
    let moved = shipment("manifests: platform.yaml", &source.address());
    let ran = mirror(&scene, moved, &[], &far_side);
    assert!(!storage.lines().is_empty());
    assert_only_one_failed(&scene, ran);
}

#[test]
fn a_blob_that_the_origin_lacks_fails_only_its_image_where_a_mirror_lets_nobody_in() {
    let (mut scene, far_side) = scene();
    let closed = scene.scripted("closed", any(Script::new(), "*", &unauthorized()));
    let lost = Reply::error(404, "BLOB_UNKNOWN", "blob unknown to registry");
    let source = all_but_one(&mut scene, lost);
    let first =
        format!("mirrors:\n- {{prefix: quay.io, location: \"{}/quay.io\"}}", closed.address());
    let moved = shipment("manifests: platform.yaml", &source.address());
    let ran = mirror(&scene, moved.replace("mirrors:", &first), &[], &far_side);
    assert!(closed.lines().iter().any(|line| line.contains("/blobs/")), "{:?}", closed.lines());
    assert_only_one_failed(&scene, ran);
}

#[test]
fn a_source_that_may_not_be_read_is_said_first_also_where_the_turn_of_its_blob_does_not_come() {
    let (scene, far_side) = Scene::with_lock();
    // A blob that is read is waited for 1 s here, and nobody else's turn comes until then.
    let mut scene = scene;
    scene.env = scene.env.variable("SEALIFT_HASTE", "10");
    let internet = scene.address("internet");
    let silent = Entry::get("/v2/docker.io/*/blobs/*").reply(Reply::hang()).times(1);
    let script = any(Script::new(), "/v2/quay.io/*", &unauthorized());
    let source = scene.scripted("source", script.otherwise(&internet).entry(silent));
    let moved = shipment("manifests: platform.yaml", &source.address());
    let ran = mirror(&scene, moved, &["--jobs", "1"], &far_side).expect_code(1);
    assert!(ran.stdout.contains(r#""event":"missing""#), "{}", ran.stdout);
    let failed = scene.env.read("failed.lock");
    assert!(failed.contains("worker:2.1.0") && !failed.contains("operator"), "{failed}");
    assert!(!source.unused().iter().any(|rule| rule.contains("docker.io")));
}
