//! `scan` and `why` over inputs that are right.

use std::io::Write as _;
use std::process::Stdio;

use insta::assert_snapshot;

use crate::scene::{PLATFORM, Scene};

const UNDECIDED: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: job, namespace: demo}
spec:
  containers:
  - image: \"registry.test/acme/job:$(TAG)\"
  - image: nginx:1.27
";

#[test]
fn a_scan_finds_images_with_class_confidence_and_place() {
    let scene = Scene::new();
    scene.env.write("platform.yaml", PLATFORM);
    let runs = ["table", "names", "yaml", "json"]
        .map(|output| scene.show(&["scan", "platform.yaml", "-o", output]));
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn an_undecided_place_ends_the_scan_with_1_until_it_is_decided() {
    let scene = Scene::new();
    scene.env.write("job.yaml", UNDECIDED);
    scene.env.write("decisions.yaml", "- {text: \"registry.test/acme/job:$(TAG)\", image: \"registry.test/acme/job:7\", reason: set by our operator}\n");
    scene
        .env
        .write("unused.yaml", "- {text: \"other:$(TAG)\", image: \"other:7\", reason: typo}\n");
    let runs = [
        scene.refuse(&["scan", "job.yaml"]),
        scene.show(&["scan", "job.yaml", "--decide", "decisions.yaml"]),
        scene.refuse(&["scan", "job.yaml", "--decide", "unused.yaml"]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn keep_going_finishes_the_other_inputs_and_still_ends_with_1() {
    let scene = Scene::new();
    scene.env.write("a.yaml", "kind: [\n");
    scene.env.write(
        "b.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec: {containers: [{image: nginx}]}\n",
    );
    scene.env.write("c.txt", "busy box\n");
    let inputs = ["scan", "a.yaml", "b.yaml", "c.txt"];
    let keep_going = ["scan", "a.yaml", "b.yaml", "c.txt", "--keep-going"];
    assert_snapshot!([scene.refuse(&inputs), scene.refuse(&keep_going)].join("\n"));
}

#[test]
fn a_shipment_of_several_sources_is_read_from_its_own_folder() {
    let scene = Scene::new();
    scene.env.write(
        "ship/deploy/one.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: one}\nspec: {containers: [{image: \"acme/one:1\"}]}\n",
    );
    scene.env.write("ship/deploy/two.json", r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "two"}, "spec": {"containers": [{"image": "acme/two:2"}]}}"#);
    scene.env.write(
        "ship/more.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: more}\nspec: {containers: [{image: \"acme/one:1\"}]}\n",
    );
    scene.env.write("ship/images.txt", "# tools\nacme/three:3  # the third\n");
    let text = "apiVersion: sealift.dev/v1alpha1\nkind: Shipment\nmetadata: {name: several}\nsources:\n- manifests: deploy\n- manifests: more.yaml\n- imageList: images.txt\n- images: [\"acme/four:4\"]\nexclude: [{image: \"docker.io/acme/nothing:*\", reason: typo}]\n";
    scene.env.write("ship/prod.yaml", text);
    let runs = [
        scene.show(&["scan", "--file", "ship/prod.yaml"]),
        scene.show(&["why", "acme/one:1", "--file", "ship/prod.yaml"]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn a_chart_stands_in_the_table_and_not_among_the_names() {
    let scene = Scene::new();
    scene.env.write("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\n");
    scene.env.write("web/values.yaml", "tag: 7\n");
    scene.env.write(
        "web/templates/web.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{image: \"acme/web:{{ .Values.tag }}\"}]}\n",
    );
    let runs = ["table", "names"].map(|output| scene.show(&["scan", "web", "-o", output]));
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn stdin_and_gzip_files_give_what_the_plain_file_gives() {
    let scene = Scene::new();
    let file = scene.env.write("platform.yaml", PLATFORM);
    let plain = scene.env.run(["scan", "platform.yaml", "-o", "names"]).expect_code(0);
    let mut child = scene
        .env
        .command(["scan", "-", "-o", "names"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("sealift was built with this test");
    child.stdin.take().expect("it is piped").write_all(PLATFORM.as_bytes()).expect("it reads");
    let piped = scene.env.ran(&child.wait_with_output().expect("it ends")).expect_code(0);
    let packed =
        std::process::Command::new("gzip").arg(file).status().expect("gzip is on every machine");
    assert!(packed.success());
    let gzip = scene.env.run(["scan", "platform.yaml.gz", "-o", "names"]).expect_code(0);
    assert_eq!(
        plain.stdout,
        "docker.io/acme/operator:3.2\ndocker.io/library/web:1.27\nquay.io/acme/worker:2.1.0\n"
    );
    assert_eq!([&piped.stdout, &gzip.stdout], [&plain.stdout; 2]);
}

#[test]
fn why_says_every_path_and_what_else_is_there_when_nothing_leads_to_an_image() {
    let scene = Scene::new();
    scene.env.write("platform.yaml", PLATFORM);
    let runs = [
        scene.show(&["why", "quay.io/acme/worker:2.1.0", "platform.yaml"]),
        scene.show(&["why", "web:1.27", "platform.yaml"]),
        scene.refuse(&["why", "web:1.28", "platform.yaml"]),
        scene.refuse(&["why", "redis", "platform.yaml"]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn filters_choose_what_is_shown_and_not_what_is_decided() {
    let scene = Scene::new();
    scene.env.write("platform.yaml", PLATFORM);
    scene.env.write("job.yaml", UNDECIDED);
    let runs = [
        scene.show(&["scan", "platform.yaml", "--min-confidence", "certain"]),
        scene.show(&["scan", "platform.yaml", "--class", "tool"]),
        scene.refuse(&["scan", "job.yaml", "--class", "optional", "-o", "names"]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn quiet_says_nothing_but_data_and_errors() {
    let scene = Scene::new();
    scene.env.write("platform.yaml", PLATFORM);
    scene.env.write("job.yaml", UNDECIDED);
    let ran = scene.env.run(["-q", "scan", "platform.yaml", "-o", "names"]).expect_code(0);
    assert_eq!(ran.stderr, "");
    assert_snapshot!(scene.refuse(&["-q", "scan", "job.yaml", "-o", "names"]));
}

#[test]
fn colours_appear_only_when_forced_and_never_against_no_color() {
    let forced = |name: &str, value: &str| {
        let env =
            sealift_testkit::TestEnv::new(env!("CARGO_BIN_EXE_sealift")).variable(name, value);
        env.run(["scan"]).expect_code(2).stderr
    };
    assert!(forced("CLICOLOR_FORCE", "1").contains("\u{1b}["), "{}", forced("CLICOLOR_FORCE", "1"));
    assert!(!forced("NO_COLOR", "1").contains('\u{1b}'));
    assert!(!forced("TERM", "xterm-256color").contains('\u{1b}'), "stderr is no terminal");
}
