//! A choice of platforms: the index goes whole, and where the target refuses that, so do the other platforms.

use insta::assert_snapshot;
use sealift_testkit::{Entry, Reply, Script};

use crate::scene::Scene;

#[test]
fn a_registry_that_refuses_a_sparse_index_gets_the_rest_and_one_that_takes_it_does_not() {
    let mut scene = Scene::with_internet();
    let strict = scene.registry("strict");
    let lenient = scene.serve("lenient", &["--writable", "--accept-sparse"]);
    let _locked = scene.env.run(["lock", "-q", "--platform", "linux/amd64"]).expect_code(0);
    let runs = [
        scene.show(&["mirror", "--to", &lenient.address]),
        scene.show(&["verify", "--to", &lenient.address]),
        scene.show(&["mirror", "--to", &strict]),
        scene.show(&["verify", "--to", &strict]),
    ];
    let _said = scene.stop(lenient);
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn an_image_of_schema_1_is_refused_by_name_when_it_is_locked() {
    let mut scene = Scene::new();
    let manifest = r#"{"schemaVersion":1,"name":"acme/old","tag":"1","architecture":"amd64","fsLayers":[],"history":[],"signatures":[]}"#;
    let reply = Reply::status(200)
        .header("Content-Type", "application/vnd.docker.distribution.manifest.v1+prettyjws")
        .header(
            "Docker-Content-Digest",
            sealift_reference::Digest::sha256(manifest.as_bytes()).to_string(),
        )
        .body(manifest);
    let script = Script::new()
        .open()
        .entry(Entry::head("*").reply(reply.clone()))
        .entry(Entry::get("*").reply(reply));
    let server = scene.scripted("old", script);
    scene.env.write("images.txt", format!("{}/acme/old:1\n", server.address()));
    assert_snapshot!(scene.refuse(&["lock", "images.txt"]));
}

#[test]
fn with_says_what_goes_along() {
    let scene = Scene::with_internet();
    for (with, asks) in [("none", false), ("signatures", true), ("all", true)] {
        let _locked = scene.env.run(["lock", "-q", "--with", with]).expect_code(0);
        let asked = scene.asked("internet");
        assert_eq!(
            asked.iter().any(|line| line.contains("/referrers/")),
            asks,
            "{with}: {asked:#?}"
        );
        let sbom = asked.iter().any(|line| line.contains(".sbom"));
        assert_eq!(sbom, with == "all", "{with}: {asked:#?}");
    }
}
