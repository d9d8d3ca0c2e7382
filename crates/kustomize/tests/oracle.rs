//! What kustomize gives, against what this crate gives.

#[path = "oracle/needed.rs"]
mod needed;
#[path = "oracle/run.rs"]
mod run;

use std::path::PathBuf;

/// The oracles, if they are here.
#[expect(clippy::disallowed_methods, reason = "a test finds its data")]
fn oracles() -> Option<PathBuf> {
    let near = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracles");
    let folder = std::env::var_os("SEALIFT_ORACLES").map_or(near, PathBuf::from).join("kustomize");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: there are no oracles");
    None
}

/// Fails when fewer cases are right than were.
fn check(set: &str, outcome: &run::Outcome, wrong: usize) {
    let right = outcome.total - outcome.failing.len();
    println!("{set}: {right}/{} equal", outcome.total);
    assert!(outcome.failing.len() <= wrong, "{set}: {:#?}", outcome.failing);
}

#[test]
fn whole_builds_are_those_of_kustomize() {
    let Some(folder) = oracles() else { return };
    check("krusty", &run::krusty(&folder.join("krusty")).unwrap(), 0);
}

#[test]
fn single_transformers_do_what_those_of_kustomize_do() {
    let Some(folder) = oracles() else { return };
    check("plugins", &run::plugins(&folder.join("plugins")).unwrap(), 0);
}

#[test]
fn real_roots_are_built_as_kustomize_builds_them() {
    let Some(folder) = oracles() else { return };
    let sets = run::repositories(&folder.join("roots")).unwrap();
    check("roots", &sets.outputs, 0);
    check("roots-errors", &sets.errors, 0);
    check("roots-restricted", &sets.restricted, 0);
}
