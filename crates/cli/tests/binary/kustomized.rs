//! Kustomizations among what is scanned, and what they name elsewhere.

use insta::assert_snapshot;
use sealift_archive::{Mode, TarWriter, gzip};
use sealift_testkit::{Entry, Reply, Script};

use crate::scene::{PLATFORM, Scene, shipment};

const COMMIT: &str = "1111111111111111111111111111111111111111";

/// A base with the platform, and an overlay that changes images of it.
fn overlay() -> Scene {
    let scene = Scene::with_internet();
    scene.env.write("base/kustomization.yaml", "resources: [platform.yaml]\n");
    scene.env.write("base/platform.yaml", PLATFORM.replace("web:1.27", "web:1"));
    scene.env.write(
        "overlay/kustomization.yaml",
        "resources: [../base]\nimages:\n- name: web\n  newTag: \"1.27\"\n",
    );
    scene
}

/// A server of git with one tag, whose folder `base` has the platform.
fn git() -> Script {
    let line = |text: &str| format!("{:04x}{text}", text.len() + 4);
    let service = line("# service=git-upload-pack\n");
    let tag = line(&format!("{COMMIT} refs/tags/v1\0multi_ack\n"));
    let mut tar = TarWriter::new(Vec::new());
    for (path, text) in [
        ("r/base/kustomization.yaml", "resources: [platform.yaml]\n"),
        ("r/base/platform.yaml", PLATFORM),
    ] {
        let path = path.parse().expect("a path");
        tar.file(&path, Mode::File, text.as_bytes()).expect("written");
    }
    let archive = gzip(&tar.finish().expect("ended"));
    let answer =
        |target: &str, body: Vec<u8>| Entry::get(target).reply(Reply::status(200).body(body));
    Script::new()
        .entry(Entry::get("/o/r//base?ref=v1").reply(Reply::status(404)))
        .entry(answer(
            "/o/r/info/refs?service=git-upload-pack",
            format!("{service}0000{tag}0000").into_bytes(),
        ))
        .entry(answer(&format!("/o/r/archive/{COMMIT}.tar.gz"), archive))
}

#[test]
fn images_of_a_kustomization_are_found_with_the_entries_that_set_them() {
    let scene = overlay();
    let scanned = scene.show(&["scan", "overlay", "-o", "yaml"]);
    let why = scene.show(&["why", "web:1.27", "overlay"]);
    assert_snapshot!(format!("{scanned}\n{why}"));
}

#[test]
fn objects_on_one_line_have_what_set_each_of_them() {
    let scene = Scene::new();
    let pod = |name: &str| {
        format!(
            r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"{name}"}},"spec":{{"containers":[{{"name":"x","image":"{name}"}}]}}}}"#
        )
    };
    let list =
        format!(r#"{{"apiVersion":"v1","kind":"List","items":[{},{}]}}"#, pod("one"), pod("two"));
    scene.env.write("app/pods.json", list);
    scene.env.write(
        "app/kustomization.yaml",
        "resources: [pods.json]\nimages:\n- {name: one, newTag: \"1\"}\n- {name: two, newTag: \"2\"}\n",
    );
    let shown = ["one:1", "two:2"].map(|image| scene.show(&["why", image, "app"]));
    assert_snapshot!(shown.join("\n"));
}

#[test]
fn a_repository_is_named_in_the_lock_by_its_commit_and_the_digest_of_its_files() {
    let mut scene = Scene::new();
    let internet = scene.registry("internet");
    scene.publish(&crate::scene::images(), &internet);
    let server = scene.scripted("git", git());
    let base = format!("http://{}/o/r//base?ref=v1", server.address());
    scene.env.write("app/kustomization.yaml", format!("resources: ['{base}']\n"));
    scene.env.write("sealift.yaml", shipment("kustomize: app", &internet));
    let locked = scene.show(&["lock"]);
    let text = scene.env.read("sealift.lock");
    let inputs = text.split_once("inputs:").and_then(|(_, rest)| rest.split_once("platforms:"));
    let inputs = inputs.expect("inputs").0.replace(&server.address(), "git.test");
    let (_, pin) = inputs.rsplit_once("- name: ").expect("the repository");
    assert_snapshot!(format!("{locked}\n{pin}"));
}

#[test]
fn what_was_read_once_is_built_again_without_a_network() {
    let mut scene = Scene::new();
    let server = scene.scripted("git", git());
    let base = format!("http://{}/o/r//base?ref=v1", server.address());
    scene.env.write("app/kustomization.yaml", format!("resources: ['{base}']\n"));
    let refused = scene.refuse(&["kustomize", "build", "app", "--offline"]);
    assert!(server.requests().is_empty());
    let built = scene.show(&["kustomize", "build", "app"]);
    let asked = server.requests().len();
    let again = scene.show(&["kustomize", "build", "app", "--offline"]);
    assert_eq!(server.requests().len(), asked);
    assert_snapshot!(format!("{refused}\n{built}\n{again}"));
}
