//! Two sources that have the same name at the target, in one run and in two.

use insta::assert_snapshot;

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
