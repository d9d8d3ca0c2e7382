//! What kustomize gives, against what this crate gives.

#[path = "oracle/run.rs"]
mod cases;
#[path = "oracle/deploykf.rs"]
mod deploykf;
#[path = "oracle/excluded.rs"]
mod excluded;
#[path = "oracle/needed.rs"]
mod needed;
#[path = "oracle/unit.rs"]
mod unit;

use std::path::PathBuf;

/// The oracles, if they are here.
#[expect(clippy::disallowed_methods, reason = "a test finds its data")]
fn oracles(of: &str) -> Option<PathBuf> {
    let near = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracles");
    let folder = std::env::var_os("SEALIFT_ORACLES").map_or(near, PathBuf::from).join(of);
    folder.is_dir().then_some(folder)
}

const SKIPPED: &str = "skipped: there are no oracles";

/// Fails when another case than these differs, and says how.
fn check(set: &str, outcome: &cases::Outcome, known: &[&str]) {
    assert!(outcome.total > 0, "{set} has no case");
    let new = outcome.failing.iter().filter(|(name, _)| !known.contains(&name.as_str()));
    let new: Vec<_> = new.map(|(name, reason)| format!("=== {name}\n{reason}")).collect();
    assert!(new.is_empty(), "{set}: {} of {}\n{}", new.len(), outcome.total, new.join("\n"));
}

#[test]
fn whole_builds_are_those_of_kustomize() {
    let Some(folder) = oracles("kustomize") else { return println!("{SKIPPED}") };
    check("krusty", &cases::krusty(&folder.join("krusty")).unwrap(), &[]);
}

#[test]
fn single_transformers_do_what_those_of_kustomize_do() {
    let Some(folder) = oracles("kustomize") else { return println!("{SKIPPED}") };
    check("plugins", &cases::plugins(&folder.join("plugins")).unwrap(), &[]);
}

#[test]
fn what_needs_a_program_or_a_network_is_refused_with_what_it_needs() {
    let Some(folder) = oracles("kustomize") else { return println!("{SKIPPED}") };
    for set in ["krusty", "plugins"] {
        check(set, &excluded::refused(&folder.join(set)).unwrap(), &[]);
    }
}

#[test]
fn real_roots_are_built_as_kustomize_builds_them() {
    let Some(folder) = oracles("kustomize") else { return println!("{SKIPPED}") };
    let sets = cases::repositories(&folder.join("roots")).unwrap();
    check("roots", &sets.outputs, &[]);
    check("roots-errors", &sets.errors, &[]);
    check("roots-restricted", &sets.restricted, &[]);
}

#[test]
fn the_applications_of_deploykf_are_built_as_kustomize_builds_them() {
    let Some(folder) = oracles("deploykf/rendered") else { return println!("{SKIPPED}") };
    check("deploykf", &deploykf::applications(&folder).unwrap(), &[]);
}

#[test]
fn parts_do_what_their_tables_say() {
    let Some(folder) = oracles("kustomize") else { return println!("{SKIPPED}") };
    check("unit", &unit::tables(&folder.join("unit")).unwrap(), &[]);
}
