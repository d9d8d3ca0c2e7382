//! What registries do differently is learned from their answers; nobody is known by name, with one exception.

use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs_err::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    files.into_iter().chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}

#[test]
fn no_registry_is_known_by_its_name_but_docker_hub() {
    const NAMES: [&str; 12] = [
        "amazonaws",
        "artifactory",
        "azurecr",
        "gcr.io",
        "ghcr",
        "gitlab",
        "goharbor",
        "jfrog",
        "nexus",
        "pkg.dev",
        "quay",
        "public.ecr",
    ];
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in sources(&source) {
        let text = fs_err::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let line = line.to_ascii_lowercase();
            let named = NAMES.iter().find(|name| line.contains(**name));
            assert_eq!(named, None, "{}: {line}", file.display());
        }
    }
}
