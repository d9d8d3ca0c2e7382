//! Kustomizations: whole trees, and what stands in one file of them.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use sealift_kustomize::{
    Entry, Fetched, FileError, Files, MemoryFiles, Options, Reorder, RepoSpec, build,
};

use super::charts::files;

/// Between a patch and the object that is patched.
pub(crate) const OBJECT: &str = "\n== object\n";

/// A folder beside the others, which none of them may read.
const OUTSIDE: &str = "/outside";

/// Builds of one input: a tree has several folders.
const BUILDS: usize = 4;

/// The time of one input, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_mins(1);

/// What every kustomization can name.
const AROUND: [(&str, &str); 7] = [
    ("base/kustomization.yaml", "resources: [pod.yaml]\n"),
    (
        "base/pod.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: a, image: nginx}]\n",
    ),
    (
        "deployment.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, labels: {a: b}}\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n      - {name: c, image: 'nginx:1', envFrom: [{configMapRef: {name: cm}}]}\n",
    ),
    (
        "component/kustomization.yaml",
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: c-\n",
    ),
    (
        "patch.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {replicas: 2}\n",
    ),
    ("data.env", "A=1\nB=two\n"),
    (
        "config.yaml",
        "namePrefix:\n- path: metadata/name\nnameReference:\n- kind: ConfigMap\n  fieldSpecs:\n  - {kind: Deployment, path: spec/x}\n",
    ),
];

/// Files of which those outside of the tree are not read.
struct Guarded(MemoryFiles);

impl Guarded {
    /// Puts files below a folder; what a name does not allow is left out.
    fn of<'f>(at: &str, content: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Self {
        let mut files = MemoryFiles::new();
        files.file(&format!("{OUTSIDE}/secret.yaml"), "canary");
        for (name, content) in content {
            match name.strip_suffix(" ->") {
                Some(name) => {
                    files.link(&format!("{at}/{name}"), String::from_utf8_lossy(content).trim());
                }
                None => files.file(&format!("{at}/{name}"), content),
            }
        }
        Self(files)
    }
}

impl Files for Guarded {
    fn entry(&self, path: &str) -> Result<Entry, FileError> {
        self.0.entry(path)
    }

    fn read(&self, path: &str) -> Result<Cow<'_, [u8]>, FileError> {
        assert!(!path.starts_with(OUTSIDE), "{path} is read");
        self.0.read(path)
    }

    fn web_file(&self, url: &str) -> Fetched<Cow<'_, [u8]>> {
        Fetched::Absent(format!("{url} is not there"))
    }

    fn repository(&self, spec: &RepoSpec) -> Fetched<String> {
        Fetched::Absent(format!("{} is not there", spec.clone_spec()))
    }
}

/// Trees, `== NAME` before each file: every folder with a kustomization is built.
pub(super) fn kustomize_build(bytes: &[u8]) {
    let tree = files(bytes);
    let is_clean = |name: &str| !name.contains("..") && !name.contains('\0');
    let tree: Vec<_> = tree.iter().filter(|(name, _)| is_clean(name)).collect();
    let files =
        Guarded::of("/tree", tree.iter().map(|(name, content)| (name.as_str(), &content[..])));
    let folders = tree.iter().filter_map(|(name, _)| {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        matches!(file, "kustomization.yaml" | "kustomization.yml" | "Kustomization")
            .then_some(folder)
    });
    for folder in folders.take(BUILDS) {
        check(&files, &format!("/tree/{folder}"));
    }
}

/// Kustomizations with files that they can name.
pub(super) fn kustomization(bytes: &[u8]) {
    let around = AROUND.iter().map(|(name, content)| (*name, content.as_bytes()));
    let files = Guarded::of("/app", around.chain([("kustomization.yaml", bytes)]));
    check(&files, "/app");
}

/// JSON patches, each with an object.
pub(super) fn json6902(bytes: &[u8]) {
    patched(bytes, "patches:\n- path: patch\n  target: {kind: '.*'}\n");
}

/// Strategic patches, each with an object.
pub(super) fn strategic_merge(bytes: &[u8]) {
    patched(bytes, "patches:\n- path: patch\n  target: {kind: '.*'}\n");
    patched(bytes, "patchesStrategicMerge: [patch]\n");
}

fn patched(bytes: &[u8], how: &str) {
    let middle = bytes.windows(OBJECT.len()).position(|part| part == OBJECT.as_bytes());
    let (patch, object) = match middle {
        Some(middle) => (&bytes[..middle], &bytes[middle + OBJECT.len()..]),
        None => (bytes, AROUND[2].1.as_bytes()),
    };
    let kustomization = format!("resources: [object]\n{how}");
    let all =
        [("patch", patch), ("object", object), ("kustomization.yaml", kustomization.as_bytes())];
    check(&Guarded::of("/app", all), "/app");
}

/// Twice the same, and what is written is read and written as the same.
fn check(files: &Guarded, folder: &str) {
    let start = Instant::now();
    let first = built(files, folder, Reorder::Legacy);
    assert_eq!(first, built(files, folder, Reorder::Legacy), "twice the same");
    // What says where it comes from is left out of the next build, and lists that patches made are taken apart.
    let is_final =
        |text: &&String| !text.contains("config.kubernetes.io") && !text.contains("List");
    if let Some(text) = first.as_ref().ok().filter(is_final) {
        check_written(text);
    }
    let time = start.elapsed();
    assert!(time < PATIENCE, "it took {time:?}");
}

fn check_written(text: &str) {
    let all = [("all.yaml", text.as_bytes()), ("kustomization.yaml", b"resources: [all.yaml]\n")];
    if let Ok(again) = built(&Guarded::of("/app", all), "/app", Reorder::None) {
        assert_eq!(*text, again, "written, read and written");
    }
}

fn built(files: &Guarded, folder: &str, reorder: Reorder) -> Result<String, String> {
    let options = Options { reorder, ..Options::default() };
    let text = build(files, folder, &options).and_then(|built| built.to_yaml());
    text.map_err(|error| error.report())
}
