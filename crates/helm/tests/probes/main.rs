//! Expressions that Helm 4.2.3 evaluated, with what it printed.
//!
//! The expressions and the chart that they are about are in `helm-probes` of the oracles.

mod run;

use std::path::PathBuf;

#[test]
fn expressions_print_what_helm_prints() {
    let oracles = option_env!("SEALIFT_ORACLES").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/oracles")),
        PathBuf::from,
    );
    let folder = oracles.join("helm-probes");
    if !folder.is_dir() {
        return eprintln!("no helm-probes: set SEALIFT_ORACLES");
    }
    let outcome = run::run(&folder).expect("the oracle can be read");
    assert!(outcome.total > 0);
    println!("helm probes: {} of {} equal", outcome.total - outcome.failing.len(), outcome.total);
    assert!(outcome.differences.is_empty(), "{}", outcome.differences.join("\n"));
}
