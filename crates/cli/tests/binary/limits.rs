//! Every limit of charts: a run that reaches it says which one it was and how to raise it, and ends well with more.

use std::fmt::Write as _;

use sealift_archive::{ArchivePath, Mode, TarWriter, gzip};
use sealift_testkit::{Entry, Ran, Reply, Script, TestEnv};

use crate::scene::Scene;

const CHART: &str = "apiVersion: v2\nname: web\nversion: 1.2.0\n";

const VALUES: &str = "names: [a, b, c]\nimage: docker.io/acme/web:3\n";

const SCHEMA: &str =
    r#"{"properties": {"names": {"items": {"allOf": [{"anyOf": [{"type": "string"}]}]}}}}"#;

const TEMPLATE: &str = "\
{{- define \"inner\" }}{{ . }}{{ end }}
{{- define \"outer\" }}{{ include \"inner\" . }}{{ end }}
kind: Pod
names: {{ if (((.Values.names))) }}{{ range list 1 2 3 }}{{ include \"outer\" . }}{{ end }}{{ end }}
spec: {containers: [{image: {{ .Values.image }}}]}
";

/// What the chart `web` takes: a name, too little, and enough.
const LIMITS: [(&str, u64, u64); 13] = [
    ("chart-bytes", 500, 5_000),
    ("chart-entries", 3, 20),
    ("chart-file-bytes", 200, 2_000),
    ("chart-nesting", 0, 1),
    ("schema-depth", 2, 100),
    ("schema-steps", 5, 50_000),
    ("template-depth", 2, 20),
    ("template-elements", 2, 20),
    ("template-frames", 1, 10),
    ("template-nesting", 2, 50),
    ("template-output-bytes", 20, 2_000),
    ("template-steps", 20, 2_000),
    ("template-string-bytes", 20, 2_000),
];

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = TarWriter::new(Vec::new());
    for (name, bytes) in files {
        let path: ArchivePath = name.parse().expect("a path");
        tar.file(&path, Mode::File, bytes).expect("in memory");
    }
    gzip(&tar.finish().expect("in memory"))
}

/// A folder `web` with a chart in it, and another one as an archive inside.
fn web(env: &TestEnv) {
    env.write("web/Chart.yaml", CHART);
    env.write("web/values.yaml", VALUES);
    env.write("web/values.schema.json", SCHEMA);
    env.write("web/templates/pod.yaml", TEMPLATE);
    let inner = archive(&[("inner/Chart.yaml", b"apiVersion: v2\nname: inner\nversion: 1.0.0\n")]);
    env.write("web/charts/inner.tgz", inner);
}

/// What is wrong with how a limit was reached.
fn complaint(ran: &Ran, code: i32, name: &str) -> Option<String> {
    let hint = format!("raise the limit: --limit {name}=N");
    let is_well =
        ran.code == Some(code) && ran.stderr.contains("error[limit]") && ran.stderr.contains(&hint);
    (!is_well).then(|| format!("{name}: ended with {:?}:\n{}", ran.code, ran.stderr))
}

#[test]
fn every_limit_of_a_chart_is_named_where_it_is_reached_and_can_be_raised() {
    let scene = Scene::new();
    web(&scene.env);
    let mut wrong = String::new();
    for (name, too_little, enough) in LIMITS {
        let (low, high) = (format!("{name}={too_little}"), format!("{name}={enough}"));
        for words in
            [&["helm", "template", "web"][..], &["scan", "web"], &["why", "acme/web:3", "web"]]
        {
            let run = |limit: &str| scene.env.run([words, &["--limit", limit]].concat());
            wrong.extend(complaint(&run(&low), 1, name));
            let ran = run(&high);
            if ran.code != Some(0) {
                let _written = writeln!(wrong, "{words:?} {high}: {:?}\n{}", ran.code, ran.stderr);
            }
        }
        let shipment = |value| {
            let text = format!(
                "apiVersion: sealift.dev/v1alpha1\nkind: Shipment\nmetadata: {{name: a}}\nsources:\n- helm: {{chart: web}}\nlimits: {{{name}: {value}}}\n"
            );
            scene.env.write("sealift.yaml", text);
            scene.env.run(["scan"])
        };
        wrong.extend(complaint(&shipment(too_little), 1, name));
        let ran = shipment(enough);
        if ran.code != Some(0) {
            let _written = writeln!(wrong, "sealift.yaml {high}: {:?}\n{}", ran.code, ran.stderr);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_ratio_of_an_archive_has_a_limit_that_can_be_raised() {
    let scene = Scene::new();
    let zeros = vec![0; 4 << 20];
    let files = [
        ("web/Chart.yaml", CHART.as_bytes()),
        ("web/a", &zeros[..]),
        ("web/b", &zeros[..]),
        ("web/c", &zeros[..]),
    ];
    scene.env.write("web.tgz", archive(&files));
    let template = |limit| scene.env.run(["helm", "template", "web.tgz", "--limit", limit]);
    assert_eq!(complaint(&template("chart-ratio=201"), 1, "chart-ratio"), None);
    template("chart-ratio=2000").expect_code(0);
    assert_eq!(complaint(&template("chart-bytes=99"), 1, "chart-bytes"), None);
}

#[test]
fn the_index_and_the_archive_of_a_repository_have_limits_that_can_be_raised() {
    let mut scene = Scene::new();
    let package = archive(&[("web/Chart.yaml", CHART.as_bytes()), ("web/a", &[7; 99])]);
    let index = "apiVersion: v1\nentries: {web: [{name: web, version: 1.2.0, urls: [web.tgz]}]}\n";
    let script = Script::new()
        .entry(Entry::get("/index.yaml").reply(Reply::status(200).body(index)))
        .entry(Entry::get("/web.tgz").reply(Reply::status(200).body(package)))
        .open();
    let server = scene.scripted("charts", script);
    let url = format!("http://{}", server.address());
    let template = |limit: &str| {
        let words = ["helm", "template", "web", "--repo", url.as_str(), "--limit", limit];
        scene.env.run(words)
    };
    for (name, too_little) in [("repository-index-bytes", 50), ("chart-bytes", 99)] {
        let ran = template(&format!("{name}={too_little}"));
        assert_eq!(complaint(&ran, 1, name), None);
        template(&format!("{name}=100000")).expect_code(0);
    }
}

#[test]
fn a_values_file_may_be_as_large_as_a_file_of_a_chart() {
    let scene = Scene::new();
    scene.env.write("web/Chart.yaml", CHART);
    scene.env.write("large.yaml", format!("a: {}\n", "x".repeat(200)));
    let template =
        |limit| scene.env.run(["helm", "template", "web", "-f", "large.yaml", "--limit", limit]);
    assert_eq!(complaint(&template("chart-file-bytes=199"), 1, "chart-file-bytes"), None);
    template("chart-file-bytes=300").expect_code(0);
    let shipment = |value: u32| {
        let text = format!(
            "apiVersion: sealift.dev/v1alpha1\nkind: Shipment\nmetadata: {{name: a}}\nsources:\n- helm: {{chart: web, values: [large.yaml]}}\nlimits: {{chart-file-bytes: {value}}}\n"
        );
        scene.env.write("sealift.yaml", text);
        scene.env.run(["scan"])
    };
    assert_eq!(complaint(&shipment(199), 1, "chart-file-bytes"), None);
    shipment(300).expect_code(0);
}

#[test]
fn dependencies_are_got_within_limits() {
    let scene = Scene::new();
    let dependency = "dependencies: [{name: sub, version: 1.0.0, repository: 'file://../sub'}]\n";
    scene.env.write("web/Chart.yaml", format!("{CHART}{dependency}"));
    scene.env.write("sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 1.0.0\n");
    scene.env.write("sub/large", "x".repeat(200));
    let get = |limit| {
        let words = ["helm", "dependency", "update", "web", "--follow-links", "--limit", limit];
        scene.env.run(words)
    };
    assert_eq!(complaint(&get("chart-file-bytes=199"), 1, "chart-file-bytes"), None);
    get("chart-file-bytes=300").expect_code(0);
    assert!(scene.env.exists("web/charts/sub-1.0.0.tgz"));
}

#[test]
fn what_a_lock_was_made_with_is_read_again_within_the_same_limits() {
    let mut scene = Scene::new();
    scene.env.write("web/Chart.yaml", CHART);
    scene.env.write("web/large", "x".repeat(6 << 20));
    let to = scene.registry("far-side");
    let raised = ["--limit", "chart-file-bytes=7000000"];
    let ran = scene.env.run(["lock", "web"]);
    assert_eq!(complaint(&ran, 1, "chart-file-bytes"), None);
    scene.env.run([&["lock", "web"][..], &raised].concat()).expect_code(0);
    for verb in [
        &["mirror", "--to", &to][..],
        &["verify", "--to", &to],
        &["handoff", "--to", &to, "--out", "out"],
    ] {
        let ran = scene.env.run(verb);
        assert_eq!(complaint(&ran, 1, "chart-file-bytes"), None, "{verb:?}");
        scene.env.run([verb, &raised].concat()).expect_code(0);
    }
}

#[test]
fn limits_that_are_not_kept_are_refused() {
    let scene = Scene::new();
    web(&scene.env);
    for (words, code, said) in [
        (&["helm", "template", "web", "--limit", "path-parts=70"][..], 1, "no limit of charts"),
        (&["scan", "web", "--limit", "path-parts=70"], 2, "limits.path-parts"),
        (&["scan", "web", "--limit", "template-frames=8001"], 2, "can be 8000 at most"),
        (&["helm", "template", "web", "--limit", "template-frames=8001"], 1, "can be 8000 at most"),
    ] {
        let ran = scene.env.run(words).expect_code(code);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}

#[test]
fn templates_and_schemas_that_are_as_deep_as_can_be_asked_for_have_the_stack_for_it() {
    let scene = Scene::new();
    scene.env.write("web/Chart.yaml", CHART);
    scene.env.write(
        "web/templates/a.yaml",
        "{{ define \"a\" }}{{ if 1 }}{{ include \"a\" . }}{{ end }}{{ end }}{{ include \"a\" . }}",
    );
    let definitions = (0..5_000).fold(String::new(), |mut text, number| {
        let _written = write!(text, "\"d{number}\": {{\"$ref\": \"#/d{}\"}}, ", number + 1);
        text
    });
    let schema = format!("{{{definitions} \"d5000\": true, \"$ref\": \"#/d0\"}}");
    scene.env.write("deep/Chart.yaml", CHART);
    scene.env.write("deep/values.schema.json", schema);
    for (chart, limits) in [
        ("web", &["template-frames=8000", "template-nesting=160000"][..]),
        ("deep", &["schema-depth=4096"]),
    ] {
        let limits = limits.iter().flat_map(|limit| ["--limit", *limit]);
        let words: Vec<_> = ["helm", "template", chart].into_iter().chain(limits).collect();
        let ran = scene.env.run(words).expect_code(1);
        assert!(ran.stderr.contains("error[limit]"), "{}", ran.stderr);
    }
}

/// Half of what a chart gives is read by a second thread, which has less stack.
#[test]
fn a_second_thread_reads_what_is_nested_as_deeply_as_may_be() {
    let scene = Scene::new();
    scene.env.write("web/Chart.yaml", CHART);
    let deep = format!("kind: Deep\nof: {}{}\n", "[".repeat(990), "]".repeat(990));
    let wide = format!("kind: Wide\nof: {}\n", "x".repeat(100 << 10));
    scene.env.write("web/templates/a.yaml", format!("{wide}---\n{deep}"));
    let ran = scene.env.run(["helm", "template", "web"]).expect_code(0);
    assert!(ran.stdout.contains("kind: Deep") && ran.stdout.contains("kind: Wide"));
    let deeper = format!("of: {}{}\n", "[".repeat(2_000), "]".repeat(2_000));
    scene.env.write("web/templates/a.yaml", format!("{wide}---\n{deeper}"));
    let ran = scene.env.run(["helm", "template", "web"]).expect_code(1);
    assert!(ran.stderr.contains("YAML parse error on web/templates/a.yaml"), "{}", ran.stderr);
}
