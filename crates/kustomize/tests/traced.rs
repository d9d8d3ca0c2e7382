//! What gave a text: patches and entries of kustomizations.

use sealift_kustomize::{MemoryFiles, Options, build};

const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n      - name: a\n        image: nginx\n      - name: b\n        image: redis:6\n";

fn traced(kustomization: &str) -> Vec<(String, Vec<String>)> {
    let mut files = MemoryFiles::new();
    files.file("/app/kustomization.yaml", kustomization);
    files.file("/app/web.yaml", DEPLOYMENT);
    files.file(
        "/app/patch.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: b, image: 'valkey:8'}]}}}\n",
    );
    let options = Options { is_traced: true, ..Options::default() };
    let built = build(&files, "/app", &options).expect("built");
    let [web] = &built.resources[..] else { panic!("one object") };
    let containers =
        web.node().at(&["spec", "template", "spec", "containers"]).expect("containers");
    let images =
        containers.items().iter().map(|container| container.get("image").expect("an image").text());
    images
        .map(|image| {
            let steps = web.set_by(image);
            let place = |file: &str, line| format!("{}:{line}", file.trim_start_matches("/app/"));
            let shown = steps
                .iter()
                .map(|step| format!("{} {}", place(&step.place.file, step.place.line), step.field));
            (image.to_owned(), shown.collect())
        })
        .collect()
}

#[test]
fn an_image_that_nobody_changed_was_set_by_nothing() {
    let found = traced("resources: [web.yaml]\nnamePrefix: p-\n");
    assert!(found.iter().all(|(_, steps)| steps.is_empty()), "{found:?}");
}

#[test]
fn the_entry_and_the_patch_before_it_are_named_and_no_others() {
    let found = traced(
        "resources: [web.yaml]\npatches:\n- path: patch.yaml\nimages:\n- name: nginx\n  newTag: '1.27'\n- name: valkey\n  newName: mirror/valkey\n- name: other\n  newTag: '1'\n",
    );
    let shown: Vec<_> =
        found.iter().map(|(image, steps)| format!("{image}: {}", steps.join(", "))).collect();
    assert_eq!(
        shown,
        [
            "mirror/valkey:8: patch.yaml:1 patches, kustomization.yaml:7 images",
            "nginx:1.27: kustomization.yaml:5 images",
        ]
    );
}

#[test]
fn nothing_is_known_without_tracing() {
    let mut files = MemoryFiles::new();
    files.file(
        "/app/kustomization.yaml",
        "resources: [web.yaml]\nimages: [{name: nginx, newTag: '2'}]\n",
    );
    files.file("/app/web.yaml", DEPLOYMENT);
    let built = build(&files, "/app", &Options::default()).unwrap();
    assert!(built.resources[0].set_by("nginx:2").is_empty());
    assert_eq!(built.resources[0].steps().len(), 1);
}
