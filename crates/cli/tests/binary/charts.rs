//! Charts: what they print, and what is said of those that are broken.

use insta::assert_snapshot;

use crate::scene::Scene;

const CHART: &str = "apiVersion: v2\nname: web\nversion: 1.2.0\n";

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  template:
    spec:
      containers:
      - name: web
        image: {{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
";

/// A folder `web` with a chart of these files.
fn chart(files: &[(&str, &str)]) -> Scene {
    let scene = Scene::new();
    let has = |name: &str| files.iter().any(|(file, _)| *file == name);
    if !has("Chart.yaml") {
        scene.env.write("web/Chart.yaml", CHART);
    }
    for (name, text) in files.iter().filter(|(_, text)| !text.is_empty()) {
        scene.env.write(&format!("web/{name}"), text);
    }
    scene
}

fn refused(files: &[(&str, &str)], more: &[&str]) -> String {
    let mut words = vec!["helm", "template", "rel", "web"];
    words.extend(more);
    chart(files).refuse(&words)
}

#[test]
fn a_chart_is_printed_as_helm_prints_it() {
    let values = "image: {repository: nginx, tag: \"\"}\n";
    let scene = chart(&[
        ("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.0\nappVersion: \"1.27\"\n"),
        ("values.yaml", values),
        ("templates/deployment.yaml", DEPLOYMENT),
        ("templates/NOTES.txt", "never printed\n"),
        ("crds/a.yaml", "kind: CustomResourceDefinition\n"),
    ]);
    assert_snapshot!(scene.show(&["helm", "template", "rel", "web", "--include-crds"]));
}

#[cfg(unix)]
#[test]
fn a_link_out_of_a_chart_is_refused_with_the_flag_that_follows_it() {
    let scene = chart(&[]);
    scene.env.write("LICENSE", "free\n");
    std::os::unix::fs::symlink("../LICENSE", scene.env.folder().join("web/LICENSE"))
        .expect("linked");
    assert_snapshot!(scene.refuse(&["helm", "template", "rel", "web"]));
}

#[test]
fn images_of_a_chart_are_found_with_the_line_of_their_template() {
    let scene = chart(&[
        ("values.yaml", "image: {repository: docker.io/acme/web, tag: \"3\"}\n"),
        ("templates/deployment.yaml", DEPLOYMENT),
    ]);
    assert_snapshot!(scene.show(&["why", "docker.io/acme/web:3", "web"]));
}

#[test]
fn documents_of_one_template_are_one_file_below_the_output_folder() {
    let template =
        "kind: Service\nmetadata: {name: a}\n---\nkind: ConfigMap\nmetadata: {name: b}\n";
    let scene = chart(&[("templates/a.yaml", template), ("templates/b.yaml", "kind: Pod\n")]);
    let words = ["helm", "template", "rel", "web", "--output-dir", "out", "--release-name"];
    let ran = scene.env.run(words).expect_code(0);
    let wrote = |name: &str| format!("wrote out/rel/web/templates/{name}.yaml\n");
    assert_eq!(ran.stdout, wrote("a") + &wrote("a") + &wrote("b"));
    assert_eq!(
        scene.env.read("out/rel/web/templates/a.yaml"),
        "---\n# Source: web/templates/a.yaml\nkind: ConfigMap\nmetadata: {name: b}\n\n\
         ---\n# Source: web/templates/a.yaml\nkind: Service\nmetadata: {name: a}\n\n"
    );
}

#[test]
fn a_broken_template_is_said_with_its_line_and_a_caret() {
    let template = "kind: Pod\nspec: {{ .Values.spec | toYaml | nindent 2 }\n";
    assert_snapshot!(refused(&[("templates/pod.yaml", template)], &[]));
}

#[test]
fn a_required_value_that_is_missing_is_said_in_the_charts_own_words() {
    let template = "kind: Pod\nname: {{ required \"web.name is required\" .Values.name }}\n";
    assert_snapshot!(refused(&[("templates/pod.yaml", template)], &[]));
}

#[test]
fn violations_of_a_schema_are_said_in_the_words_of_helm() {
    let schema = r#"{"type": "object", "required": ["image"], "properties": {
        "replicas": {"type": "integer", "minimum": 1}, "name": {"type": "string"}}}"#;
    let files = [("values.schema.json", schema), ("values.yaml", "replicas: 0\nname: 5\n")];
    assert_snapshot!(refused(&files, &[]));
}

#[test]
fn a_function_that_there_is_not_is_said_with_its_line() {
    let template = "kind: Pod\nspec: {{ .Values.spec | toYml }}\n";
    assert_snapshot!(refused(&[("templates/pod.yaml", template)], &[]));
}

#[test]
fn a_folder_without_chart_yaml_is_no_chart() {
    let scene = Scene::new();
    scene.env.write("web/values.yaml", "a: 1\n");
    assert_snapshot!(scene.refuse(&["helm", "template", "web"]));
}

#[test]
fn a_constraint_of_kubernetes_that_does_not_hold_is_said() {
    let chart = "apiVersion: v2\nname: web\nversion: 1.2.0\nkubeVersion: \">=1.99\"\n";
    assert_snapshot!(refused(&[("Chart.yaml", chart)], &["--kube-version", "1.33.0"]));
}

#[test]
fn a_version_that_is_none_is_refused() {
    let chart = "apiVersion: v2\nname: web\nversion: one\n";
    assert_snapshot!(refused(&[("Chart.yaml", chart)], &[]));
}

#[test]
fn a_missing_dependency_is_said_with_the_command_that_gets_it() {
    let chart = "apiVersion: v2\nname: web\nversion: 1.2.0\ndependencies:\n- {name: redis, version: ^1, repository: https://charts.example.com}\n";
    assert_snapshot!(refused(&[("Chart.yaml", chart)], &[]));
}

#[test]
fn a_values_file_that_is_a_list_is_refused() {
    let scene = chart(&[]);
    scene.env.write("mine.yaml", "- a\n- b\n");
    assert_snapshot!(scene.refuse(&["helm", "template", "web", "-f", "mine.yaml"]));
}

#[test]
fn a_set_argument_that_cannot_be_read_is_refused() {
    assert_snapshot!(refused(&[], &["--set", "a={b"]));
}

#[test]
fn a_template_without_end_stops_at_a_budget_that_has_a_name() {
    let template = "{{ define \"x\" }}{{ include \"x\" . }}{{ end }}{{ include \"x\" . }}\n";
    assert_snapshot!(refused(&[("templates/pod.yaml", template)], &[]));
}

#[test]
fn text_that_is_no_yaml_is_refused_and_printed_when_asked_for() {
    let files = [("templates/pod.yaml", "kind: Pod\n name: {{ .Release.Name }}\n")];
    assert_snapshot!("no_yaml", refused(&files, &[]));
    assert_snapshot!("no_yaml_debug", refused(&files, &["--debug"]));
}

#[test]
fn dependencies_that_cannot_be_reached_are_said_with_a_way_without_a_network() {
    let chart = "apiVersion: v2\nname: web\nversion: 1.2.0\ndependencies:\n- {name: redis, version: ^1, repository: 'http://127.0.0.1:9/charts'}\n";
    let scene = self::chart(&[("Chart.yaml", chart)]);
    let runs =
        [scene.refuse(&["helm", "dependency", "build", "web"]), scene.refuse(&["scan", "web"])];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn a_file_of_a_set_argument_that_is_not_there_is_said_with_the_reason() {
    assert_snapshot!(refused(&[], &["--set-file", "a=none.txt"]));
}
