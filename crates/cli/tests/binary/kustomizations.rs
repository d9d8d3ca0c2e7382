//! Kustomizations: what they print, and what is said of those that are broken.

use insta::assert_snapshot;

use crate::scene::Scene;

const POD: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: nginx:1.25
";

/// A folder `app` with these files, and a pod.
fn scene(files: &[(&str, &str)]) -> Scene {
    let scene = Scene::new();
    scene.env.write("app/pod.yaml", POD);
    for (name, text) in files {
        scene.env.write(&format!("app/{name}"), text);
    }
    scene
}

fn refused(files: &[(&str, &str)]) -> String {
    scene(files).refuse(&["kustomize", "build", "app"])
}

#[test]
fn a_kustomization_is_printed_as_kustomize_prints_it() {
    let scene = scene(&[(
        "kustomization.yaml",
        "resources: [pod.yaml]\nnamePrefix: my-\ncommonLabels: {app: web}\nimages: [{name: nginx, newTag: \"1.27\"}]\n",
    )]);
    assert_snapshot!(scene.show(&["kustomize", "build", "app"]));
}

#[test]
fn a_folder_takes_a_file_for_each_object() {
    let scene = scene(&[("kustomization.yaml", "resources: [pod.yaml]\n")]);
    scene.env.write("out/.keep", "");
    assert_snapshot!(scene.show(&["kustomize", "build", "app", "-o", "out"]));
    assert!(scene.env.read("out/v1_pod_web.yaml").starts_with("apiVersion: v1\n"));
}

#[test]
fn a_build_that_fails_leaves_its_output_as_it_was_and_says_so() {
    let scene = scene(&[("kustomization.yaml", "resources: [gone.yaml]\n")]);
    scene.env.write("out.yaml", "before\n");
    assert_snapshot!(scene.refuse(&["kustomize", "build", "app", "-o", "out.yaml"]));
    assert_eq!(scene.env.read("out.yaml"), "before\n");
}

#[test]
fn two_objects_for_one_file_are_refused_before_any_is_written() {
    let pod = POD.replace("name: web\nspec", "name: WEB\nspec");
    let scene = scene(&[
        ("kustomization.yaml", "resources: [pod.yaml, other.yaml]\n"),
        ("other.yaml", &pod),
    ]);
    scene.env.write("out/.keep", "");
    assert_snapshot!(scene.refuse(&["kustomize", "build", "app", "-o", "out"]));
    assert!(!scene.env.folder().join("out/v1_pod_web.yaml").exists());
}

#[test]
fn bases_in_a_circle_are_refused() {
    assert_snapshot!(refused(&[
        ("kustomization.yaml", "resources: [base]\n"),
        ("base/kustomization.yaml", "resources: [../]\n"),
    ]));
}

#[test]
fn a_file_that_is_missing_is_named() {
    assert_snapshot!(refused(&[("kustomization.yaml", "resources: [nope.yaml]\n")]));
}

#[test]
fn two_objects_with_one_identity_are_refused() {
    assert_snapshot!(refused(&[
        ("kustomization.yaml", "resources: [pod.yaml, again.yaml]\n"),
        ("again.yaml", POD),
    ]));
}

#[test]
fn a_patch_without_a_target_is_refused() {
    assert_snapshot!(refused(&[(
        "kustomization.yaml",
        "resources: [pod.yaml]\npatches:\n- patch: |\n    apiVersion: v1\n    kind: Pod\n    metadata: {name: other}\n",
    )]));
}

#[test]
fn a_name_that_could_mean_two_objects_is_refused() {
    let map = |namespace: &str| {
        format!(
            "apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: sa, namespace: {namespace}}}\n"
        )
    };
    let binding = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}\nsubjects: [{kind: ServiceAccount, name: sa}]\n";
    assert_snapshot!(refused(&[
        ("kustomization.yaml", "resources: [a.yaml, b.yaml, c.yaml]\nnamePrefix: p-\n"),
        ("a.yaml", &map("a")),
        ("b.yaml", &map("b")),
        ("c.yaml", binding),
    ]));
}

#[test]
fn an_unknown_field_is_answered_with_the_nearest_one() {
    assert_snapshot!(refused(&[("kustomization.yaml", "resource: [pod.yaml]\n")]));
}

#[test]
fn a_file_outside_of_the_folder_is_refused() {
    let scene = scene(&[("kustomization.yaml", "resources: [../pod.yaml]\n")]);
    scene.env.write("pod.yaml", POD);
    assert_snapshot!(scene.refuse(&["kustomize", "build", "app"]));
}

#[test]
fn a_link_that_leads_out_of_the_folder_is_refused() {
    let scene = scene(&[("kustomization.yaml", "resources: [linked.yaml]\n")]);
    scene.env.write("pod.yaml", POD);
    let link = scene.env.folder().join("app/linked.yaml");
    std::os::unix::fs::symlink("../pod.yaml", link).expect("a link");
    assert_snapshot!(scene.refuse(&["kustomize", "build", "app"]));
}

#[test]
fn yaml_that_grows_without_end_is_refused() {
    let level = |level: usize| {
        let list = vec![format!("*a{}", level - 1); 10].join(", ");
        format!("a{level}: &a{level} [{list}]\n")
    };
    let levels: String = (1..10).map(level).collect();
    let bomb = format!("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n{levels}");
    let pod = format!("{POD}{bomb}");
    assert_snapshot!(refused(&[
        ("kustomization.yaml", "resources: [bomb.yaml]\n"),
        ("bomb.yaml", &pod)
    ]));
}

#[test]
fn what_would_run_a_program_or_the_network_is_refused_with_what_to_do() {
    assert_snapshot!(
        "function",
        refused(&[
            ("kustomization.yaml", "resources: [pod.yaml]\ntransformers: [fn.yaml]\n"),
            (
                "fn.yaml",
                "apiVersion: example.com/v1\nkind: Fix\nmetadata:\n  name: fix\n  annotations:\n    config.kubernetes.io/function: |\n      container: {image: example.com/fix}\n"
            ),
        ])
    );
    let remote =
        scene(&[("kustomization.yaml", "resources:\n- https://github.com/o/r//deploy?ref=v1\n")]);
    assert_snapshot!("remote", remote.refuse(&["kustomize", "build", "app", "--offline"]));
}

const CHARTS: &str = "\
resources: [pod.yaml]
helmCharts:
- name: app
  releaseName: mine
  namespace: apps
  valuesInline: {image: {tag: \"2\"}}
images: [{name: r/app, newName: mirror/app}]
";

const TEMPLATE: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
spec:
  containers:
  - name: app
    image: {{ .Values.image.name }}:{{ .Values.image.tag }}
";

#[test]
fn charts_beside_a_kustomization_are_rendered_where_that_is_allowed() {
    let chart = "apiVersion: v2\nname: app\nversion: 1.0.0\n";
    let scene = scene(&[
        ("kustomization.yaml", CHARTS),
        ("charts/app/Chart.yaml", chart),
        ("charts/app/values.yaml", "image: {name: r/app, tag: \"1\"}\n"),
        ("charts/app/templates/pod.yaml", TEMPLATE),
    ]);
    assert_snapshot!("chart", scene.show(&["kustomize", "build", "--enable-helm", "app"]));
    assert_snapshot!("chart_not_enabled", scene.refuse(&["kustomize", "build", "app"]));
}
