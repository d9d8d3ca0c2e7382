//! Files that are not what they should be.

use std::io::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use insta::assert_snapshot;

use crate::scene::Scene;

/// What any refusal may take at most.
const SOON: Duration = Duration::from_secs(10);

/// 200 MB without a line break.
const LONG: usize = 200_000_000;

/// Ten levels of ten aliases each: ten thousand million nodes in 400 bytes.
fn bomb() -> String {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let alias = format!("*a{}", level - 1);
        let aliases = [alias.as_str(); 10].join(", ");
        text +=
            &["a", &level.to_string(), ": &a", &level.to_string(), " [", &aliases, "]\n"].concat();
    }
    text
}

#[test]
fn yaml_that_does_not_parse_is_said_with_file_line_and_column() {
    let scene = Scene::new();
    scene.env.write(
        "deploy/app.yaml",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: \"nginx:1.27\n    name: web\n",
    );
    assert_snapshot!(scene.refuse(&["scan", "deploy"]));
}

#[test]
fn a_broken_document_behind_good_ones_loses_the_good_ones_too() {
    let scene = Scene::new();
    scene.env.write(
        "app.yaml",
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: nginx}]}\n---\nkind: [\n---\napiVersion: v1\nkind: Pod\n",
    );
    assert_snapshot!(scene.refuse(&["scan", "app.yaml", "-o", "names"]));
}

#[test]
fn a_document_bomb_is_refused_at_once() {
    let scene = Scene::new();
    scene.env.write("bomb.yaml", bomb());
    let start = Instant::now();
    assert_snapshot!(scene.refuse(&["scan", "bomb.yaml"]));
    assert!(start.elapsed() < SOON);
}

#[test]
fn a_line_of_200_mb_is_refused_as_manifest_list_shipment_and_decisions() {
    let scene = Scene::new();
    scene.env.write("long.yaml", vec![b'x'; LONG]);
    scene
        .env
        .write("few.yaml", "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: nginx}]}\n");
    let start = Instant::now();
    let runs = [
        scene.refuse(&["scan", "long.yaml"]),
        scene.refuse(&["scan", "--image-list", "long.yaml"]),
        scene.refuse(&["scan", "--file", "long.yaml"]),
        scene.refuse(&["scan", "--decide", "long.yaml", "few.yaml"]),
        scene.refuse(&["mirror", "--lock", "long.yaml", "--to", "registry.test"]),
    ];
    assert!(start.elapsed() < SOON);
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn a_line_of_200_mb_on_stdin_is_refused_before_its_end() {
    let scene = Scene::new();
    let start = Instant::now();
    let mut child = scene
        .env
        .command(["scan", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("sealift was built with this test");
    let mut stdin = child.stdin.take().expect("it is piped");
    let writer = std::thread::spawn(move || {
        let part = vec![b'x'; 1_000_000];
        (0..LONG / part.len()).take_while(|_| stdin.write_all(&part).is_ok()).count()
    });
    let ran = scene.env.ran(&child.wait_with_output().expect("it ends"));
    assert!(writer.join().expect("writing ends") < LONG / 1_000_000, "the rest is not read");
    assert!(start.elapsed() < SOON);
    assert_snapshot!(scene.shown(&["scan", "-"], &ran));
}

#[test]
fn a_line_of_200_mb_in_a_gzip_file_is_not_unpacked() {
    let scene = Scene::new();
    scene.env.write("long.yaml", vec![b'x'; LONG]);
    let packed = std::process::Command::new("gzip")
        .arg("-1")
        .arg(scene.env.folder().join("long.yaml"))
        .status();
    assert!(packed.expect("gzip is on every machine").success());
    let start = Instant::now();
    assert_snapshot!(scene.refuse(&["scan", "long.yaml.gz"]));
    assert!(start.elapsed() < SOON);
}

#[test]
fn gzip_data_that_is_cut_short_is_refused() {
    let scene = Scene::new();
    scene.env.write("app.yaml.gz", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b]);
    assert_snapshot!(scene.refuse(&["scan", "app.yaml.gz"]));
}

#[test]
fn an_image_list_that_names_nothing_is_refused() {
    let scene = Scene::new();
    scene.env.write("images.txt", "");
    scene.env.write("comments.txt", "# nginx:1.27\n\n   \n");
    assert_snapshot!(
        [scene.refuse(&["scan", "images.txt"]), scene.refuse(&["lock", "comments.txt"])].join("\n")
    );
}

#[test]
fn nothing_on_stdin_is_refused_since_the_program_before_it_failed() {
    let scene = Scene::new();
    assert_snapshot!(scene.refuse(&["scan", "-"]));
}

#[test]
fn manifests_that_hold_no_object_are_refused() {
    let scene = Scene::new();
    scene.env.write("empty.yaml", "# nothing\n---\n---\n");
    scene.env.write("folder/README.md", "no manifests");
    let runs = [
        scene.refuse(&["scan", "empty.yaml"]),
        scene.refuse(&["scan", "folder"]),
        scene.refuse(&["scan", "nothing/*.yaml"]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn a_reference_that_is_no_reference_is_said_with_its_place() {
    let scene = Scene::new();
    scene.env.write("images.txt", "nginx:1.27\nquay.io/Acme/Web:1\n");
    scene.env.write("helm.txt", "nginx:{{ .Values.tag }}\n");
    scene.env.write("digest.txt", "nginx@sha256:12345\n");
    scene.env.write("sealift.yaml", "apiVersion: sealift.dev/v1alpha1\nkind: Shipment\nmetadata: {name: x}\nsources:\n- images: [\"nginx:1.27\", \"web:one:two\"]\n");
    let runs = [
        scene.refuse(&["scan", "images.txt"]),
        scene.refuse(&["scan", "helm.txt"]),
        scene.refuse(&["scan", "digest.txt"]),
        scene.refuse(&["scan"]),
        scene.refuse(&["scan", "docker://https://registry.test/web"]),
        scene.refuse(&["why", "not an image", "images.txt"]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn an_unknown_key_in_the_shipment_is_said_with_the_nearest_one() {
    let scene = Scene::new();
    scene.env.write("sealift.yaml", "apiVersion: sealift.dev/v1alpha1\nkind: Shipment\nmetadata: {name: x}\nnamming: {layout: flat}\nsources:\n- images: [nginx]\n");
    assert_snapshot!(scene.refuse(&["lock"]));
}

#[test]
fn without_a_shipment_every_verb_says_how_to_get_one() {
    let scene = Scene::new();
    let runs = [
        scene.refuse(&["scan"]),
        scene.refuse(&["why", "nginx"]),
        scene.refuse(&["lock"]),
        scene.refuse(&["scan", "--file", "prod.yaml"]),
        scene.refuse(&["mirror", "--to", "registry.test"]),
        scene.refuse(&["verify", "--to", "registry.test"]),
        scene.refuse(&["diff", "old.lock", "new.lock"]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn inputs_of_another_kind_are_named_with_a_way_out() {
    let scene = Scene::new();
    scene.env.write("chart/Chart.yaml", "name: x\n");
    scene.env.write("chart.tgz", "x");
    scene.env.write("notes", "x");
    scene.env.write("latin.yaml", b"name: \xe9t\xe9\n");
    let inputs = [
        "chart",
        "chart.tgz",
        "notes",
        "latin.yaml",
        "oci://registry.test/chart:1",
        "nginx:1.27",
        "gone.yaml",
    ];
    let runs: Vec<_> = inputs.map(|input| scene.refuse(&["scan", input])).into();
    assert_snapshot!(runs.join("\n"));
}
