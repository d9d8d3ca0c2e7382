//! The cases of which Go's own results are known: `$SEALIFT_ORACLES/gotemplate`.

mod run;

use std::path::{Path, PathBuf};

#[test]
fn every_case_gives_what_go_gives() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    #[expect(clippy::disallowed_methods, reason = "that is where a developer keeps the oracles")]
    let oracles = std::env::var_os("SEALIFT_ORACLES").map(PathBuf::from);
    let oracles = oracles.unwrap_or_else(|| workspace.join("../shared/oracles"));
    let folder = oracles.join("gotemplate");
    if !folder.is_dir() {
        println!("skipped: there is no {}", folder.display());
        return;
    }
    let read = |name| fs_err::read_to_string(folder.join(name)).unwrap();
    let outcome = run::run(&read("cases.json"), &read("go-1.26.json")).unwrap();
    assert!(outcome.total > 0);
    println!("{} of {} are equal", outcome.total - outcome.failing.len(), outcome.total);
    assert!(outcome.failing.is_empty(), "{:#?}", outcome.failing);
}
