//! Layers that their manifest places outside of registries: read from hosts that the operator has named, and from no other.

use bytes::Bytes;
use insta::assert_snapshot;
use sealift_oci::{Document, Target as _};
use sealift_reference::{Digest, Reference};
use sealift_registry::{Registry, Settings};
use sealift_testkit::{Entry, Reply, Script, Server};

use crate::scene::Scene;

const IMAGE: &str = "acme/windows:1";

/// An image whose layer is at a web server and not in its registry. The manifest is put there before the layer is lost.
fn scene(layer: &Bytes, served: &Bytes) -> (Scene, Server, String) {
    let mut scene = Scene::new();
    let (internet, far_side) = (scene.registry("internet"), scene.registry("far-side"));
    let script = Script::new()
        .entry(Entry::get("/layers/1").reply(Reply::status(200).body(served.clone()).ranged()));
    let web = scene.scripted("web", script);
    let config = Bytes::from_static(
        br#"{"architecture":"amd64","os":"windows","rootfs":{"type":"layers","diff_ids":[]}}"#,
    );
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"{}","size":{}}},"layers":[{{"mediaType":"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip","digest":"{}","size":{},"urls":["http://{}/layers/1"]}}]}}"#,
        Digest::sha256(&config),
        config.len(),
        Digest::sha256(layer),
        layer.len(),
        web.address()
    );
    publish(&scene, &internet, &[config, layer.clone()], manifest);
    let lost = scene.disk("internet").join(format!("blobs/sha256/{}", Digest::sha256(layer).hex()));
    std::fs::remove_file(lost).expect("it was put there");
    scene.env.write("images.txt", format!("{internet}/{IMAGE}\n"));
    let _locked = scene.env.run(["lock", "-q", "images.txt"]).expect_code(0);
    (scene, web, far_side)
}

fn publish(scene: &Scene, registry: &str, blobs: &[Bytes], manifest: String) {
    let client = Registry::new(&Settings::default()).expect("the settings are right");
    let name: Reference = format!("{registry}/{IMAGE}").parse().expect("a reference");
    let bytes = Bytes::from(manifest);
    let media_type = "application/vnd.docker.distribution.manifest.v2+json".into();
    let document = Document { media_type, digest: Digest::sha256(&bytes), bytes };
    scene.block_on(async {
        for bytes in blobs {
            let blob =
                sealift_oci::Blob { digest: Digest::sha256(bytes), size_bytes: bytes.len() as u64 };
            let content = sealift_oci::InMemory(bytes.clone());
            client.write_blob(name.repository(), &blob, None, &content).await.expect("it is taken");
        }
        client.write_document(name.repository(), &document, name.tag()).await.expect("it is taken");
    });
}

#[test]
fn a_layer_elsewhere_is_read_where_its_manifest_says_when_the_host_was_named() {
    let layer = Bytes::from("a layer of another kind\n".repeat(5000));
    let (scene, web, far_side) = scene(&layer, &layer);
    let first = scene.show(&["mirror", "--to", &far_side]);
    assert_eq!(web.lines(), [""; 0], "nobody asks a host that was not named");
    let other = scene.env.run(["mirror", "-q", "--to", &far_side, "--foreign-from", "web.example"]);
    assert_eq!((other.code, web.lines().len()), (Some(1), 0));

    let host = web.address();
    let second = scene.show(&["mirror", "--to", &far_side, "--foreign-from", &host]);
    assert_eq!(web.lines(), ["GET /layers/1"]);
    assert!(web.requests().iter().all(|request| request.header("authorization").is_none()));
    let third = scene.show(&["verify", "--to", &far_side]);
    assert_snapshot!([first, second, third].join("\n"));
}

#[test]
fn wrong_bytes_from_elsewhere_never_arrive() {
    let layer = Bytes::from("a layer of another kind\n".repeat(5000));
    let wrong = Bytes::from("A layer of another kind\n".repeat(5000));
    let (scene, web, far_side) = scene(&layer, &wrong);
    let host = web.address();
    let ran = scene.env.run(["mirror", "--to", &far_side, "--foreign-from", &host]).expect_code(1);
    assert!(ran.stderr.contains("hash to"), "{}", ran.stderr);
    let blob =
        scene.disk("far-side").join(format!("blobs/sha256/{}", Digest::sha256(&wrong).hex()));
    assert!(!blob.exists());
    let ran = scene.env.run(["mirror", "--to", &far_side, "--foreign-from", "https://web"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
}
