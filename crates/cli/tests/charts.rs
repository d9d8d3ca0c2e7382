//! Charts of a shipment, from a chart repository, a registry and a folder to the far side, where Helm pulls them.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "code of tests: it reads plain files, says what it skips, and ends where it cannot go on"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use bytes::Bytes;
use sealift_archive::{Mode, TarWriter, gzip};
use sealift_fetch::{Package, artifact};
use sealift_helm::chart::LoadOptions;
use sealift_inventory::{Lock, LockedChart};
use sealift_oci::image::ImageBuilder;
use sealift_oci::{Body, Hint, Manifest, Source as _, read_blob};
use sealift_reference::{Digest, Platform, Repository, media_type};
use sealift_registry::{Registry, Settings};
use sealift_testkit::{DockerRegistry, Entry, Reply, Script, Server, TestEnv, which};
use tokio::runtime::Runtime;

/// A folder with a shipment of three charts, the places that they come from, and the far side.
struct Scene {
    env: TestEnv,
    runtime: Runtime,
    repository: Option<Server>,
    internet: DockerRegistry,
    far_side: DockerRegistry,
    /// Archives as they were published, by the name of the chart.
    archives: Vec<(&'static str, Bytes)>,
}

impl Scene {
    fn new() -> Option<Self> {
        let (internet, far_side) = (DockerRegistry::start()?, DockerRegistry::start()?);
        let env = TestEnv::new(env!("CARGO_BIN_EXE_sealift"));
        let runtime = Runtime::new().unwrap();
        let web = archive("web", "1.2.3+build.5", "templates/web.yaml", &pod(&internet, "web"));
        let agent = archive("agent", "0.3.0", "templates/agent.yaml", &pod(&internet, "agent"));
        let repository = runtime.block_on(Server::start(repository(&web)));
        runtime.block_on(publish(&internet, &agent));
        let own = format!(
            "apiVersion: v2\nname: own\nversion: 0.1.0\ndependencies:\n- {{name: web, version: ^1, repository: 'http://{}/charts'}}\n",
            repository.address()
        );
        env.write("charts/own/Chart.yaml", own);
        env.write("charts/own/templates/own.yaml", pod(&internet, "own"));
        let text = format!(
            "apiVersion: sealift.dev/v1alpha1\nkind: Shipment\nmetadata: {{name: charts}}\nsources:\n\
             - helm: {{chart: web, repository: 'http://{}/charts', version: ^1}}\n\
             - helm: {{chart: 'oci://{}/team/agent', version: 0.3.0}}\n\
             - helm: {{chart: charts/own}}\n",
            repository.address(),
            internet.address()
        );
        env.write("sealift.yaml", text);
        let archives = vec![("web", web), ("agent", agent)];
        Some(Self { env, runtime, repository: Some(repository), internet, far_side, archives })
    }

    fn lock(&self) -> Lock {
        Lock::read("sealift.lock", &self.env.read("sealift.lock")).unwrap()
    }

    fn chart(&self, name: &str) -> LockedChart {
        let lock = self.lock();
        lock.charts().find(|chart| chart.chart == name).unwrap().clone()
    }

    /// The bytes of a chart below a registry, and the digest of the manifest that its tag names, as our own reader has them.
    fn at(&self, registry: &str, chart: &LockedChart) -> (Digest, Bytes) {
        let client = Registry::new(&Settings::default()).unwrap();
        let repository: Repository = format!("{registry}/{}", chart.target.path()).parse().unwrap();
        self.runtime.block_on(async {
            let tag = chart.target.tag();
            let named = client.resolve(&repository, tag).await.unwrap().unwrap();
            let document = client.document(&repository, &named.digest).await.unwrap().unwrap();
            let hint = Hint { descriptor: None, content_type: None };
            let manifest = Manifest::parse(&document.bytes, hint).unwrap();
            let Body::Image { config, layers } = manifest.body else { panic!("an image") };
            assert_eq!(config.media_type.as_str(), media_type::HELM_CONFIG);
            let layer =
                layers.iter().find(|layer| layer.media_type.as_str() == media_type::HELM_CHART);
            let blob = layer.unwrap().blob();
            (named.digest, read_blob(&client, &repository, &blob).await.unwrap())
        })
    }
}

#[test]
fn charts_go_to_the_far_side_where_helm_pulls_the_same_bytes() {
    let Some(mut scene) = Scene::new() else { return };
    let (to, charts_to) =
        (format!("{}/ml", scene.far_side.address()), format!("{}/apps", scene.far_side.address()));
    let locked = scene.env.run(["lock"]).expect_code(0);
    assert!(locked.stderr.contains("3 images, 3 charts to ship"), "{}", locked.snapshot());
    assert!(locked.stderr.contains("Wrote sealift.lock: 3 images, 3 charts"), "{}", locked.stderr);
    scene.env.run(["lock", "--check"]).expect_code(0);
    scene.env.run(["lock", "--check", "--offline"]).expect_code(0);
    let lock = scene.lock();
    assert_eq!((lock.totals.images, lock.totals.charts), (3, 3));
    for (name, bytes) in &scene.archives {
        let chart = scene.chart(name);
        assert_eq!((chart.digest, chart.size), (Digest::sha256(bytes), bytes.len() as u64));
    }
    let targets: Vec<_> = lock.charts().map(|chart| chart.target.to_string()).collect();
    assert_eq!(
        targets,
        ["team/agent:0.3.0", "helm-charts/own:0.1.0", "helm-charts/web:1.2.3_build.5"]
    );

    let mirror = ["mirror", "--to", &to, "--charts-to", &charts_to];
    let mirrored = scene.env.run(mirror).expect_code(0);
    assert!(mirrored.stderr.contains("3 images, 3 charts → "), "{}", mirrored.stderr);
    let verified = scene.env.run(["verify", "--to", &to, "--charts-to", &charts_to]).expect_code(0);
    assert!(verified.stdout.contains("6 of 6 artifacts complete"), "{}", verified.stdout);
    for chart in lock.charts() {
        let (manifest, bytes) = scene.at(&charts_to, chart);
        assert_eq!(manifest, chart.manifest, "{chart}");
        assert_eq!(Digest::sha256(&bytes), chart.digest, "{chart}");
        if let Some(pulled) = pulled_by_helm(&charts_to, chart) {
            assert_eq!(pulled, bytes, "{chart}");
        }
    }

    // Nothing is asked of the repository, and nothing is sent, when everything is there.
    drop(scene.repository.take());
    let before = scene.far_side.requests().len();
    scene.env.run(mirror).expect_code(0);
    let again = scene.far_side.requests().split_off(before);
    let writes = |line: &&String| line.starts_with("PUT") || line.starts_with("POST");
    assert_eq!(again.iter().find(writes), None, "{again:#?}");
}

#[test]
fn a_chart_of_a_registry_keeps_its_manifest_byte_for_byte() {
    let Some(scene) = Scene::new() else { return };
    scene.env.run(["lock"]).expect_code(0);
    let chart = scene.chart("agent");
    let client = Registry::new(&Settings::default()).unwrap();
    let source: Repository = format!("{}/team/agent", scene.internet.address()).parse().unwrap();
    let tag = "0.3.0".parse().unwrap();
    let named = scene.runtime.block_on(client.resolve(&source, &tag)).unwrap().unwrap();
    assert_eq!(chart.manifest, named.digest);
}

#[test]
fn charts_that_cannot_be_had_any_more_fail_and_the_rest_goes_on() {
    let Some(mut scene) = Scene::new() else { return };
    scene.env.run(["lock"]).expect_code(0);
    drop(scene.repository.take());
    std::fs::remove_dir_all(scene.env.folder().join(".cache")).unwrap();
    let to = scene.far_side.address().to_owned();
    let ran = scene.env.run(["mirror", "--to", &to]).expect_code(1);
    assert!(ran.stderr.contains("2 of 6 artifacts failed"), "{}", ran.snapshot());
    assert!(ran.stderr.contains("chart web 1.2.3+build.5 from http://"), "{}", ran.snapshot());
    let failed = Lock::read("failed.lock", &scene.env.read("failed.lock")).unwrap();
    let left: Vec<_> = failed.charts().map(|chart| chart.chart.as_str()).collect();
    assert_eq!((failed.images().count(), left), (0, vec!["own", "web"]));
    let verified = scene.env.run(["verify", "--to", &to]).expect_code(1);
    assert!(verified.stdout.contains("4 of 6 artifacts complete"), "{}", verified.stdout);
}

#[test]
fn a_folder_that_has_changed_since_the_lock_is_not_sent_under_its_name() {
    let Some(scene) = Scene::new() else { return };
    scene.env.run(["lock"]).expect_code(0);
    scene.env.write("charts/own/README.md", "more");
    let mirror = ["mirror", "--to", scene.far_side.address(), "--stale"];
    let ran = scene.env.run(mirror).expect_code(1);
    assert!(
        ran.stderr.contains("chart own 0.1.0 from file:charts/own has changed"),
        "{}",
        ran.stderr
    );
    let checked = scene.env.run(["lock", "--check"]).expect_code(1);
    assert!(checked.stderr.contains("moved    chart own 0.1.0"), "{}", checked.stderr);
}

#[test]
fn a_lost_graph_is_made_again_with_the_charts_in_it() {
    let Some(scene) = Scene::new() else { return };
    scene.env.run(["lock"]).expect_code(0);
    let graph = scene.env.read("sealift.graph");
    std::fs::remove_file(scene.env.folder().join("sealift.graph")).unwrap();
    scene.env.run(["verify", "--to", scene.far_side.address()]).expect_code(1);
    assert_eq!(scene.env.read("sealift.graph"), graph);
}

#[test]
fn a_chart_named_on_the_command_line_goes_without_a_lock() {
    let Some(scene) = Scene::new() else { return };
    let to = scene.far_side.address().to_owned();
    let ran = scene.env.run(["mirror", "charts/own", "--to", &to]).expect_code(0);
    assert!(ran.stderr.contains("2 images, 1 chart → "), "{}", ran.stderr);
    assert!(!scene.env.exists("sealift.lock"));
}

#[test]
fn a_diff_shows_charts_and_what_they_cost() {
    let Some(scene) = Scene::new() else { return };
    scene.env.run(["lock", "--lock", "new.lock"]).expect_code(0);
    let text = scene.env.read("sealift.yaml");
    let without: Vec<&str> = text.lines().filter(|line| !line.contains("team/agent")).collect();
    scene.env.write("sealift.yaml", without.join("\n") + "\n");
    scene.env.run(["lock", "--lock", "old.lock"]).expect_code(0);
    let diff = scene.env.run(["diff", "old.lock", "new.lock"]).expect_code(0);
    let added = format!("added    chart agent 0.3.0 from oci://{}/team", scene.internet.address());
    assert!(diff.stdout.contains(&added), "{}", diff.snapshot());
    // The image has manifest, config and layer, the chart a provenance file besides.
    assert!(diff.stderr.contains("in 7 digests"), "{}", diff.stderr);
}

#[test]
fn two_unlike_charts_of_one_name_need_prefixes() {
    let Some(scene) = Scene::new() else { return };
    for folder in ["a", "b"] {
        let chart = format!("apiVersion: v2\nname: one\nversion: 1.0.0\ndescription: {folder}\n");
        scene.env.write(&format!("{folder}/Chart.yaml"), chart);
    }
    let refused = scene.env.run(["mirror", "a", "b", "--to", scene.far_side.address()]);
    let refused = refused.expect_code(2);
    for text in [
        "`chart one 1.0.0 from file:a` and `chart one 1.0.0 from file:b` are unlike and have one target, `helm-charts/one:1.0.0`",
        "naming:",
    ] {
        assert!(refused.stderr.contains(text), "{}", refused.stderr);
    }
}

fn pod(internet: &DockerRegistry, name: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  containers:\n  - {{name: {name}, image: '{}/{name}:1'}}\n",
        internet.address()
    )
}

fn archive(name: &str, version: &str, path: &str, text: &str) -> Bytes {
    let chart = format!("apiVersion: v2\nname: {name}\nversion: {version}\ndescription: a test\n");
    let mut tar = TarWriter::new(Vec::new());
    for (path, text) in [("Chart.yaml", chart.as_str()), (path, text)] {
        let path = format!("{name}/{path}").parse().unwrap();
        tar.file(&path, Mode::File, text.as_bytes()).unwrap();
    }
    gzip(&tar.finish().unwrap()).into()
}

/// A chart repository with chart `web`.
fn repository(web: &Bytes) -> Script {
    let digest = Digest::sha256(web);
    let index = format!(
        "apiVersion: v1\nentries:\n  web:\n  - apiVersion: v2\n    name: web\n    version: 1.2.3+build.5\n    digest: '{}'\n    urls: [web.tgz]\n",
        digest.hex()
    );
    let ok = |body: Bytes| Reply::status(200).body(body);
    Script::new()
        .entry(Entry::get("/charts/index.yaml").reply(ok(index.into())))
        .entry(Entry::get("/charts/web.tgz").reply(ok(web.clone())))
}

/// Pushes the images of the charts, and chart `agent` with a provenance file.
async fn publish(internet: &DockerRegistry, agent: &Bytes) {
    let client = Registry::new(&Settings::default()).unwrap();
    for name in ["web", "agent", "own"] {
        let platform = Platform::new("linux", "amd64", None).unwrap();
        let image = ImageBuilder::new(platform).raw_layer(Bytes::from(name.repeat(1000))).build();
        let repository = format!("{}/{name}", internet.address()).parse().unwrap();
        image.write(&client, &repository, Some(&"1".parse().unwrap())).await.unwrap();
    }
    let package = Package::new(agent.clone());
    let chart = package.load("agent", &LoadOptions::default()).unwrap();
    let provenance = Bytes::from_static(b"signed");
    let pushed = artifact(&package, &chart.metadata, Some(&provenance)).unwrap();
    let repository = format!("{}/team/agent", internet.address()).parse().unwrap();
    pushed.write(&client, &repository, Some(&"0.3.0".parse().unwrap())).await.unwrap();
}

/// What `helm pull` writes.
fn pulled_by_helm(registry: &str, chart: &LockedChart) -> Option<Bytes> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/peers/helm-4.2.4");
    let found = [Some(built).filter(|file| file.is_file()), which("helm-4.2.4"), which("helm")];
    let Some(helm) = found.into_iter().flatten().next() else {
        eprintln!("skipped: helm is not installed (`make peers`)");
        return None;
    };
    Some(pull(&helm, registry, chart))
}

fn pull(helm: &PathBuf, registry: &str, chart: &LockedChart) -> Bytes {
    let home = tempfile::tempdir().unwrap();
    let source = format!("oci://{registry}/{}", chart.target.path());
    let output = Command::new(helm)
        .args(["pull", &source, "--version", &chart.version, "--plain-http", "--destination"])
        .arg(home.path())
        .env_clear()
        .env("HOME", home.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{source}: {}", String::from_utf8_lossy(&output.stderr));
    let files = std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().path());
    let archive = files.into_iter().find(|file| file.extension().is_some_and(|end| end == "tgz"));
    std::fs::read(archive.unwrap()).unwrap().into()
}
