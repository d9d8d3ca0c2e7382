//! Two sources that have the same name at the target, in one run and in two; and two targets of one run.

use bytes::Bytes;
use insta::assert_snapshot;
use sealift_archive::{Mode, TarWriter, gzip};
use sealift_oci::Document;
use sealift_oci::image::{Built, ImageBuilder};
use sealift_reference::{Digest, Platform, media_type};
use serde_json::{Value, json};

use crate::scene::{Scene, image, shipment};

/// What each team deploys: the same path at two hosts, and not the same image.
fn platform(host: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: app}}\nspec: {{containers: [{{name: app, image: {host}/acme/app:1}}]}}\n"
    )
}

#[test]
fn an_image_of_another_host_does_not_take_the_place_of_one_that_is_there() {
    let mut scene = Scene::new();
    let internet = scene.registry("internet");
    let far_side = scene.registry("far-side");
    scene.publish(
        &[
            ("docker.io/acme/app:1", image("amd64", "ours")),
            ("quay.io/acme/app:1", image("amd64", "theirs")),
        ],
        &internet,
    );
    scene.env.write("platform.yaml", platform("docker.io"));
    scene.env.write("sealift.yaml", shipment("manifests: platform.yaml", &internet));
    scene.env.write("theirs.yaml", platform("quay.io"));
    scene.env.write("theirs-shipment.yaml", shipment("manifests: theirs.yaml", &internet));
    for arguments in [&["lock", "-q"][..], &["mirror", "-q", "--to", &far_side]] {
        let _done = scene.env.run(arguments).expect_code(0);
    }
    let theirs = ["--file", "theirs-shipment.yaml", "--lock", "theirs.lock"];
    let _locked = scene.env.run([&["lock", "-q"][..], &theirs].concat()).expect_code(0);
    let runs = [
        scene.show(&["mirror", "--lock", "theirs.lock", "--to", &far_side]),
        scene.show(&["verify", "--lock", "theirs.lock", "--to", &far_side]),
        scene.show(&["verify", "--to", &far_side]),
    ];
    assert_snapshot!(runs.join("\n"));
}

/// A chart with an image.
fn chart() -> Bytes {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: web:1.27}]}\n";
    let mut tar = TarWriter::new(Vec::new());
    for (path, text) in [
        ("app/Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n"),
        ("app/templates/pod.yaml", pod),
    ] {
        let path = path.parse().expect("a path");
        tar.file(&path, Mode::File, text.as_bytes()).expect("written");
    }
    gzip(&tar.finish().expect("ended")).into()
}

/// A chart as registries have it.
fn pushed(chart: &Bytes) -> Built {
    let config = Bytes::from_static(br#"{"name":"app","version":"1.0.0"}"#);
    let part = |kind: &str, bytes: &Bytes| {
        let kind = format!("application/vnd.cncf.helm.{kind}");
        json!({"mediaType": kind, "digest": Digest::sha256(bytes).as_str(), "size": bytes.len()})
    };
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": media_type::OCI_MANIFEST,
        "config": part("config.v1+json", &config),
        "layers": [part("chart.content.v1.tar+gzip", chart)],
    });
    let bytes = Bytes::from(manifest.to_string());
    let digest = Digest::sha256(&bytes);
    let document = Document { media_type: media_type::OCI_MANIFEST.into(), digest, bytes };
    Built::of(vec![document], vec![config, chart.clone()]).expect("there is a document")
}

#[test]
fn what_goes_to_two_registries_is_read_for_each_and_foreseen_so() {
    let mut scene = Scene::with_internet();
    let (to, charts_to) = (scene.registry("far-side"), scene.registry("charts"));
    let internet = scene.address("internet");
    let chart = chart();
    let tool = ImageBuilder::new(Platform::new("linux", "amd64", None).expect("a platform"));
    let tool = tool.raw_layer(chart.clone()).build();
    scene.publish(
        &[("quay.io/acme/charts/app:1.0.0", pushed(&chart)), ("docker.io/acme/operator:3.2", tool)],
        &internet,
    );
    let sources = "helm: {chart: \"oci://quay.io/acme/charts/app\", version: 1.0.0}\n- manifests: platform.yaml";
    scene.env.write("sealift.yaml", shipment(sources, &internet));
    let _locked = scene.env.run(["lock", "-q"]).expect_code(0);
    drop(scene.asked("internet"));
    let mirror = ["mirror", "--to", &to, "--charts-to", &charts_to, "--json"];
    let ran = scene.env.run([&mirror[..], &["--dry-run"]].concat()).expect_code(0);
    let plan: Value = serde_json::from_str(&ran.stdout).expect("one document");
    drop(scene.asked("internet"));
    let _mirrored = scene.env.run(mirror).expect_code(0);
    let asked = scene.asked("internet");
    let shared = format!("/blobs/{}", Digest::sha256(&chart));
    assert_eq!(asked.iter().filter(|line| line.ends_with(&shared)).count(), 2, "{asked:#?}");
    let asked = asked.into_iter().filter(|line| line != "GET /v2/").count();
    assert_eq!(plan["requests"]["source"], asked);
}
