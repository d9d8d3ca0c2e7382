//! The targets for libFuzzer: `cargo +nightly fuzz run reference fuzz/corpus/reference fuzz/seeds/reference`.

#[path = "../../xtask/src/fuzz/targets.rs"]
mod targets;

/// Runs the target of a name.
pub fn run(name: &str, bytes: &[u8]) {
    let target = targets::TARGETS.iter().find(|target| target.name == name).expect("a target of the list");
    (target.run)(bytes);
}
