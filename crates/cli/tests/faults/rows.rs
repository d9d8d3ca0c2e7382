//! Which rows of the matrix are played.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// All that this product can meet: power cuts are simulated where files are written, bundles have tests of their own.
fn wanted() -> BTreeSet<u32> {
    (1..=49).chain([51, 56, 57]).collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    files.into_iter().chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}

#[test]
fn every_row_of_the_matrix_has_a_test_that_is_named_by_it() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folders = ["cli/tests/faults", "registry/tests", "registry/src"];
    let files = folders.iter().flat_map(|folder| sources(&crates.join(folder)));
    let texts = files.map(|file| std::fs::read_to_string(file).unwrap());
    let rows: BTreeSet<u32> = texts
        .flat_map(|text| {
            let names = text.split("fn row_").skip(1);
            names.filter_map(|name| name.get(..2)?.parse().ok()).collect::<Vec<_>>()
        })
        .collect();
    let missing: Vec<_> = wanted().difference(&rows).copied().collect();
    assert!(missing.is_empty(), "no test plays {missing:?}");
}
