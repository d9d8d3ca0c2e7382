//! Every folder under `tests/hostile` is one attack and says how it must end: `case` holds the command line and the outcome, `in`
//! the files it starts with, `replies` what a server of ours answers. `tests/hostile/README.md` lists the keys.
//!
//! `HOSTILE=R15 cargo test --test hostile` plays the cases of that name only.

#![expect(clippy::disallowed_methods, reason = "the test owns the folders that it works in")]
#![expect(clippy::print_stderr, reason = "what is skipped is said")]

mod bounds;
mod case;
mod check;
mod pack;
mod scene;

use std::path::{Path, PathBuf};

use case::Case;

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/hostile");
    let entries = root.read_dir().expect("the folder of cases is there");
    let mut cases: Vec<_> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    cases
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_attack_ends_as_its_case_says() {
    let only = std::env::var("HOSTILE").ok();
    let mut wrong = Vec::new();
    let mut count = 0;
    for folder in cases() {
        let name = folder.file_name().expect("a folder of the list").to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|only| !name.starts_with(only)) {
            continue;
        }
        count += 1;
        let complaints = match Case::read(&folder) {
            Ok(case) => scene::played(&case).await,
            Err(complaint) => vec![complaint],
        };
        wrong.extend(complaints.into_iter().map(|complaint| format!("{name}: {complaint}")));
    }
    assert!(count > 0, "no case");
    assert!(
        wrong.is_empty(),
        "{} complaints about {count} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
