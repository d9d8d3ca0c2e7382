//! Kustomizations among what is scanned, and what they name elsewhere.

use insta::assert_snapshot;
use sealift_archive::{Mode, TarWriter, gzip};
use sealift_reference::Digest;
use sealift_testkit::{Entry, Reply, Script, Server};

use crate::scene::{PLATFORM, Scene, shipment};

const COMMIT: &str = "1111111111111111111111111111111111111111";

/// What a branch is later.
const LATER: &str = "2222222222222222222222222222222222222222";

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

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

fn answer(target: &str, body: Vec<u8>) -> Entry {
    Entry::get(target).reply(Reply::status(200).body(body))
}

/// Files in an archive.
fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = TarWriter::new(Vec::new());
    for (path, text) in files {
        let path = path.parse().expect("a path");
        tar.file(&path, Mode::File, text.as_bytes()).expect("written");
    }
    gzip(&tar.finish().expect("ended"))
}

/// What a server of git says of the commit of a branch or tag.
fn reference(name: &str, commit: &str) -> Entry {
    let line = |text: &str| format!("{:04x}{text}", text.len() + 4);
    let service = line("# service=git-upload-pack\n");
    let named = line(&format!("{commit} {name}\0multi_ack\n"));
    let body = format!("{service}0000{named}0000").into_bytes();
    answer("/o/r/info/refs?service=git-upload-pack", body)
}

/// The archive of a commit, whose folder `base` has the platform.
fn tree(commit: &str, platform: &str) -> Entry {
    let files = [
        ("r/base/kustomization.yaml", "resources: [platform.yaml]\n"),
        ("r/base/platform.yaml", platform),
    ];
    answer(&format!("/o/r/archive/{commit}.tar.gz"), archive(&files))
}

/// A server of git with one tag.
fn git() -> Script {
    Script::new()
        .entry(Entry::get("/o/r//base?ref=v1").reply(Reply::status(404)))
        .entry(reference("refs/tags/v1", COMMIT))
        .entry(tree(COMMIT, PLATFORM))
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
fn every_change_that_set_an_image_is_named_with_its_line() {
    let scene = Scene::new();
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\n";
    let containers = "spec:\n  template:\n    spec:\n      containers:\n";
    for (name, text) in [
        ("base/kustomization.yaml", "resources: [shop.yaml]\n".to_owned()),
        (
            "base/shop.yaml",
            format!("{deployment}{containers}      - {{name: a, image: one}}\n      - name: b\n        image: two\n      - name: c\n        image: three\n"),
        ),
        ("app/patch.yaml", format!("{deployment}{containers}      - name: a\n        image: patched:1\n")),
        (
            "part/kustomization.yaml",
            "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n- target: {kind: Deployment}\n  patch: |\n    - op: replace\n      path: /spec/template/spec/containers/1/image\n      value: operated:1\n".to_owned(),
        ),
        (
            "app/kustomization.yaml",
            "resources: [../base]\ncomponents: [../part]\npatches:\n- path: patch.yaml\nreplacements:\n- sourceValue: replaced:1\n  targets:\n  - select: {kind: Deployment}\n    fieldPaths: [\"spec.template.spec.containers.[name=c].image\"]\nimages:\n- name: patched\n  newName: mirror/patched\n".to_owned(),
        ),
    ] {
        scene.env.write(name, text);
    }
    let shown = ["mirror/patched:1", "operated:1", "replaced:1"]
        .map(|image| scene.show(&["why", image, "app"]));
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
    let inputs = inputs(&scene).replace(&server.address(), "git.test");
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

/// The part of a lock that says what it was computed from.
fn inputs(scene: &Scene) -> String {
    let text = scene.env.read("sealift.lock");
    let inputs = text.split_once("inputs:").and_then(|(_, rest)| rest.split_once("platforms:"));
    inputs.expect("inputs").0.to_owned()
}

/// A server of git whose branch moves after it was asked for once.
fn moving() -> Script {
    Script::new()
        .entry(Entry::get("/o/r//base?ref=main").reply(Reply::status(404)))
        .entry(reference("refs/heads/main", COMMIT).times(1))
        .entry(reference("refs/heads/main", LATER))
        .entry(tree(COMMIT, PLATFORM))
        .entry(tree(LATER, &format!("# Later.\n{PLATFORM}")))
}

/// A lock of a kustomization that names a branch, which has moved since.
fn with_branch() -> (Scene, Server) {
    let mut scene = Scene::new();
    let internet = scene.registry("internet");
    scene.publish(&crate::scene::images(), &internet);
    let server = scene.scripted("git", moving());
    let base = format!("http://{}/o/r//base?ref=main", server.address());
    scene.env.write("app/kustomization.yaml", format!("resources: ['{base}']\n"));
    scene.env.write("sealift.yaml", shipment("kustomize: app", &internet));
    scene.show(&["lock"]);
    (scene, server)
}

#[test]
fn a_branch_that_has_moved_is_said_by_check_and_the_commit_of_the_lock_is_kept_offline() {
    let (scene, _server) = with_branch();
    let moved = scene.show(&["lock", "--check"]);
    let offline = scene.show(&["lock", "--check", "--offline"]);
    assert!(inputs(&scene).contains(COMMIT));
    assert_snapshot!(format!("{moved}\n{offline}"));
}

#[test]
fn a_lock_of_a_kustomization_is_stale_once_a_file_of_it_has_changed() {
    let (mut scene, _server) = with_branch();
    let far_side = scene.registry("far-side");
    let mirror = ["mirror", "--to", &far_side];
    let fresh = scene.show(&mirror);
    let kustomization = scene.env.read("app/kustomization.yaml");
    scene.env.write("app/kustomization.yaml", format!("{kustomization}namePrefix: x-\n"));
    let stale = scene.refuse(&mirror);
    std::fs::remove_dir_all(scene.env.folder().join("app")).expect("removed");
    let gone = scene.refuse(&mirror);
    assert_snapshot!(format!("{fresh}\n{stale}\n{gone}"));
}

const POD_OF_CHART: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec: {containers: [{name: app, image: \"{{ .Values.image }}\"}]}
";

/// A chart that runs an image, as an archive.
fn chart(version: &str, image: &str) -> Vec<u8> {
    archive(&[
        ("app/Chart.yaml", &format!("apiVersion: v2\nname: app\nversion: {version}\n")),
        ("app/values.yaml", &format!("image: {image}\n")),
        ("app/templates/pod.yaml", POD_OF_CHART),
        ("app/templates/left-out.yaml", "kind: {{ fail \"it is left out\" }}\n"),
        ("app/.helmignore", "left-out.yaml\n"),
    ])
}

/// A chart repository with these versions of the chart.
fn repository(versions: &[(&str, &str)]) -> Script {
    let mut script = Script::new();
    let entries = versions.iter().map(|(version, image)| {
        let archive = chart(version, image);
        let hex = Digest::sha256(&archive).hex().to_owned();
        (format!("/charts/app-{version}.tgz"), archive, version, hex)
    });
    let mut index = vec!["apiVersion: v1\nentries:\n  app:\n".to_owned()];
    for (target, archive, version, hex) in entries {
        index.push(format!(
            "  - {{apiVersion: v2, name: app, version: {version}, digest: {hex}, urls: [app-{version}.tgz]}}\n"
        ));
        script = script.entry(answer(&target, archive));
    }
    script.entry(answer("/charts/index.yaml", index.concat().into_bytes()))
}

fn with_chart(scene: &Scene, address: &str, version: &str) {
    let chart =
        format!("name: app, repo: 'http://{address}/charts', version: '{version}', releaseName: r");
    scene.env.write("app/kustomization.yaml", format!("helmCharts:\n- {{{chart}}}\n"));
}

#[test]
fn a_chart_of_a_repository_is_got_once_and_rendered_without_a_network_after() {
    let mut scene = Scene::new();
    let server = scene.scripted("charts", repository(&[("1.0.0", "web:1"), ("2.0.0", "web:2")]));
    with_chart(&scene, &server.address(), "1.0.0");
    let not_enabled = scene.refuse(&["kustomize", "build", "app"]);
    let refused = scene.refuse(&["kustomize", "build", "app", "--enable-helm", "--offline"]);
    assert!(server.requests().is_empty());
    let built = scene.show(&["kustomize", "build", "app", "--enable-helm"]);
    let asked = server.requests().len();
    let again = scene.show(&["kustomize", "build", "app", "--enable-helm", "--offline"]);
    assert_eq!(server.requests().len(), asked);
    assert!(!scene.env.folder().join("app/charts").exists(), "nothing is written beside it");
    assert_snapshot!(format!("{not_enabled}\n{refused}\n{built}\n{again}"));
}

#[test]
fn a_chart_that_is_beside_the_kustomization_is_used_and_nobody_is_asked() {
    let mut scene = Scene::new();
    let server = scene.scripted("charts", repository(&[("1.0.0", "web:1")]));
    with_chart(&scene, &server.address(), "1.0.0");
    for (name, text) in [
        ("Chart.yaml", "apiVersion: v2\nname: app\nversion: 9.9.9\n"),
        ("values.yaml", "image: web:beside\n"),
        ("templates/pod.yaml", POD_OF_CHART),
    ] {
        scene.env.write(&format!("app/charts/app-1.0.0/app/{name}"), text);
    }
    let built = scene.show(&["kustomize", "build", "app", "--enable-helm"]);
    assert!(built.contains("image: web:beside"), "{built}");
    assert!(server.requests().is_empty());
}

#[test]
fn a_version_that_a_repository_has_not_is_said_with_those_that_it_has() {
    let mut scene = Scene::new();
    let server = scene.scripted("charts", repository(&[("1.0.0", "web:1")]));
    with_chart(&scene, &server.address(), "3.0.0");
    assert_snapshot!(scene.show(&["kustomize", "build", "app", "--enable-helm"]));
}

#[test]
fn a_chart_of_a_kustomization_is_named_in_the_lock_and_is_the_same_offline() {
    let mut scene = Scene::new();
    let internet = scene.registry("internet");
    scene.publish(&crate::scene::images(), &internet);
    let server = scene.scripted("charts", repository(&[("1.0.0", "web:1.27")]));
    with_chart(&scene, &server.address(), "");
    scene.env.write("sealift.yaml", shipment("kustomize: app", &internet));
    let locked = scene.show(&["lock"]);
    let pins = inputs(&scene).replace(&server.address(), "charts.test");
    let (_, pin) = pins.rsplit_once("- name: ").expect("the chart");
    let ok = scene.show(&["lock", "--check"]);
    let offline = scene.show(&["lock", "--check", "--offline"]);
    assert_snapshot!(format!("{locked}\n{pin}\n{ok}\n{offline}"));
}

#[test]
fn a_chart_in_a_registry_is_got_as_helm_gets_it() {
    let mut scene = Scene::new();
    let server = scene.scripted("registry", registry());
    let repo = format!("oci://{}/charts/", server.address());
    let chart = format!("name: app, repo: '{repo}', version: 1.0.0, releaseName: r");
    scene.env.write("app/kustomization.yaml", format!("helmCharts:\n- {{{chart}}}\n"));
    let built = scene.show(&["kustomize", "build", "app", "--enable-helm"]);
    let again = scene.show(&["kustomize", "build", "app", "--enable-helm", "--offline"]);
    assert_eq!(server.unexpected(), [""; 0]);
    assert_snapshot!(format!("{built}\n{again}"));
}

/// A registry with one chart.
fn registry() -> Script {
    let chart = chart("1.0.0", "web:1");
    let config = b"{\"name\":\"app\",\"version\":\"1.0.0\"}".to_vec();
    let part = |kind: &str, bytes: &[u8]| {
        let (digest, size) = (Digest::sha256(bytes), bytes.len());
        format!(r#"{{"mediaType":"{kind}","digest":"{digest}","size":{size}}}"#)
    };
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{},"layers":[{}]}}"#,
        part("application/vnd.cncf.helm.config.v1+json", &config),
        part("application/vnd.cncf.helm.chart.content.v1.tar+gzip", &chart)
    );
    let digest = Digest::sha256(manifest.as_bytes()).to_string();
    let manifest = |method: &str, target: &str| {
        let reply = Reply::status(200).header("Content-Type", MANIFEST).body(manifest.clone());
        Entry::new(method, &format!("/v2/charts/app/manifests/{target}")).reply(reply)
    };
    let blob = |bytes: &[u8]| {
        answer(&format!("/v2/charts/app/blobs/{}", Digest::sha256(bytes)), bytes.to_vec())
    };
    let script = Script::new().open().entry(manifest("GET", "1.0.0"));
    let script = script.entry(manifest("HEAD", "1.0.0")).entry(manifest("GET", &digest));
    script.entry(blob(&chart)).entry(blob(&config))
}
