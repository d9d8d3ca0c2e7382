//! What gave a text: patches and entries of kustomizations, each at the line that has it.

use sealift_kustomize::{MemoryFiles, Options, Resource, build};

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: a
        image: nginx
      - name: b
        image: redis:6
";

const PATCH: &str = "\
# Another store.
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: b
        image: valkey:8
";

const OPERATIONS: &str = "\
- op: test
  path: /kind
  value: Deployment
- op: replace
  path: /spec/template/spec/containers/1/image
  value: valkey:8
";

const CONFIG: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: versions}
data: {store: 'valkey:8'}
";

fn built(kustomization: &str, is_traced: bool) -> Resource {
    let mut files = MemoryFiles::new();
    files.file("/app/kustomization.yaml", kustomization);
    files.file("/app/web.yaml", format!("# The web.\n---\n{DEPLOYMENT}"));
    files.file("/app/patch.yaml", PATCH);
    files.file("/app/operations.yaml", OPERATIONS);
    files.file("/app/versions.yaml", CONFIG);
    files.file(
        "/part/kustomization.yaml",
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages:\n- name: redis\n  newTag: '7'\n",
    );
    let options = Options { is_traced, ..Options::default() };
    let built = build(&files, "/app", &options).expect("built");
    built.resources.into_iter().find(|one| one.id().gvk.kind == "Deployment").expect("it is there")
}

/// The images of the deployment, each with its line in `web.yaml` and with what set it.
fn traced(kustomization: &str) -> String {
    let web = built(kustomization, true);
    let (written, file) = (web.to_yaml().expect("written"), web.place().file.clone());
    let lines = web.lines(&written);
    let mut shown = Vec::new();
    for (at, line) in written.lines().enumerate() {
        let Some((_, image)) = line.split_once("image: ") else { continue };
        let steps = web.set_by(image).into_iter().map(|step| {
            let file = step.place.file.trim_start_matches("/app/").to_owned();
            format!("{file}:{} {}", step.place.line, step.field)
        });
        let set_by = steps.collect::<Vec<_>>().join(", ");
        shown.push(format!("{image} of {file}:{}: {set_by}\n", lines[at]));
    }
    shown.concat()
}

fn check(kustomization: &str, nginx: &str, store: &str) {
    let kustomization = format!("resources: [web.yaml, versions.yaml]\n{kustomization}");
    let shown = traced(&kustomization);
    let wanted = format!("{nginx}\n{store}\n");
    let sorted = |text: &str| {
        let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&shown), sorted(&wanted), "{kustomization}");
}

const NGINX: &str = "nginx of /app/web.yaml:11: ";

#[test]
fn an_image_that_nobody_changed_was_set_by_nothing() {
    check("namePrefix: p-\n", NGINX, "redis:6 of /app/web.yaml:13: ");
}

#[test]
fn a_file_that_is_merged_is_named_with_the_line_of_the_image() {
    let store = "valkey:8 of /app/web.yaml:13: patch.yaml:10";
    check("patches:\n- path: patch.yaml\n", NGINX, &format!("{store} patches"));
    let store = format!("{store} patchesStrategicMerge");
    check("patchesStrategicMerge: [patch.yaml]\n", NGINX, &store);
}

#[test]
fn a_patch_in_the_kustomization_is_named_with_the_line_of_the_image() {
    let indented = |text: &str| format!("    {}\n", text.trim_end().replace('\n', "\n    "));
    let patch = format!("patches:\n- patch: |\n\n{}", indented(PATCH));
    let store = "valkey:8 of /app/web.yaml:13: kustomization.yaml";
    check(&patch, NGINX, &format!("{store}:14 patches"));
    let patch = format!("patchesStrategicMerge:\n- |-\n{}", indented(PATCH));
    check(&patch, NGINX, &format!("{store}:13 patchesStrategicMerge"));
    let quoted = PATCH.lines().skip(1).collect::<Vec<_>>().join("\\n");
    let patch = format!("patches:\n- patch: \"{quoted}\"\n");
    check(&patch, NGINX, &format!("{store}:3 patches"));
}

#[test]
fn operations_are_named_with_the_line_of_their_value() {
    let target = "  target: {kind: Deployment, name: web}\n";
    let store = "valkey:8 of /app/web.yaml:13: operations.yaml:6";
    let patch = format!("patches:\n- path: operations.yaml\n{target}");
    check(&patch, NGINX, &format!("{store} patches"));
    let target = "  target: {group: apps, version: v1, kind: Deployment, name: web}\n";
    let patch = format!("patchesJson6902:\n- path: operations.yaml\n{target}");
    check(&patch, NGINX, &format!("{store} patchesJson6902"));
    let inline = OPERATIONS.trim_end().replace('\n', "\n    ");
    let patch = format!("patches:\n- patch: |\n    {inline}\n{target}");
    check(&patch, NGINX, "valkey:8 of /app/web.yaml:13: kustomization.yaml:9 patches");
}

#[test]
fn the_entry_and_the_patch_before_it_are_named_and_no_others() {
    check(
        "patches:\n- path: patch.yaml\nimages:\n- name: nginx\n  newTag: '1.27'\n- name: valkey\n  newName: mirror/valkey\n- name: other\n  newTag: '1'\n",
        "nginx:1.27 of /app/web.yaml:11: kustomization.yaml:5 images",
        "mirror/valkey:8 of /app/web.yaml:13: patch.yaml:10 patches, kustomization.yaml:7 images",
    );
}

#[test]
fn a_replacement_is_named_and_the_one_beside_it_is_not() {
    let replacement = |source: &str, path: &str, to: &str| {
        format!(
            "- source: {source}\n  targets:\n  - select: {{kind: Deployment}}\n    fieldPaths: [{path}]\n{to}"
        )
    };
    let images = "'spec.template.spec.containers.[name=b].image'";
    let first = replacement("{kind: ConfigMap, name: versions, fieldPath: data.store}", images, "");
    let second = replacement(
        "{kind: ConfigMap, name: versions}",
        "metadata.labels.a",
        "    options: {create: true}\n",
    );
    let both = format!("replacements:\n{first}{second}");
    check(&both, NGINX, "valkey:8 of /app/web.yaml:13: kustomization.yaml:3 replacements");
}

#[test]
fn an_entry_of_a_component_is_named_in_its_file() {
    check(
        "components: [../part]\n",
        NGINX,
        "redis:7 of /app/web.yaml:13: /part/kustomization.yaml:4 images",
    );
}

#[test]
fn an_image_within_a_text_was_set_by_what_gave_the_text() {
    let patch = PATCH.replace("image: valkey:8", "args: ['--image=valkey:8']");
    let patch = patch.trim_end().replace('\n', "\n    ");
    let web = built(&format!("resources: [web.yaml]\npatches:\n- patch: |\n    {patch}\n"), true);
    let steps = web.set_by("valkey:8");
    assert_eq!(steps.iter().map(|step| step.place.line).collect::<Vec<_>>(), [13]);
}

#[test]
fn nothing_is_known_without_tracing() {
    let web = built("resources: [web.yaml]\nimages: [{name: nginx, newTag: '2'}]\n", false);
    assert!(web.set_by("nginx:2").is_empty());
    assert_eq!(web.steps().len(), 1);
}
