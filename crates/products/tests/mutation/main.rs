//! What is claimed to set a reference moves it when it is changed, and what moves one is claimed: for
//! some charts of the oracles here, for all of them in `cargo xtask soak`.

mod run;

use std::path::{Path, PathBuf};

use sealift_products::charts::on_large_stack;

/// Small charts of many hands: images in one string and in parts, with digests, with registries for
/// all, of charts inside.
const SAMPLE: [&str; 3] = [
    "FairwindsOps+charts/goldilocks",
    "FairwindsOps+charts/polaris",
    "actions+actions-runner-controller/actions-runner-controller",
];

fn oracles() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracles");
    #[expect(
        clippy::disallowed_methods,
        reason = "where the oracles are is said by the environment"
    )]
    let folder = std::env::var_os("SEALIFT_ORACLES").map_or_else(beside, PathBuf::from);
    folder.join("charts").is_dir().then(|| folder.join("charts"))
}

#[test]
fn claims_about_values_hold_and_few_are_missing() {
    let Some(folder) = oracles() else { return println!("skipped: no oracles") };
    let mut figures = run::Figures::default();
    for name in SAMPLE {
        let archive = fs_err::read(folder.join(format!("{name}.tgz"))).expect(name);
        let proved = on_large_stack(|| run::prove(name, &archive)).expect("a thread").expect(name);
        println!("{name}: {proved}");
        figures.add(proved);
    }
    println!("all: {figures}");
    assert_eq!(figures.charts, SAMPLE.len());
    assert!(figures.wrong.is_empty(), "{}", figures.wrong.join("\n"));
    assert!(figures.share() >= run::LEAST_SHARE, "{}", figures.missed.join("\n"));
}
