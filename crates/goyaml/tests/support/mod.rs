//! The texts of the oracles.

#![expect(clippy::disallowed_methods, reason = "a test finds the oracles by a variable")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use fs_err::File;
use serde_json::Value;

/// The sets of texts.
pub(crate) const SETS: [&str; 4] = ["edge", "mutated", "rendered-docs", "source-files"];

/// The folder of one oracle, if it is on this machine.
pub(crate) fn oracle(name: &str) -> Option<PathBuf> {
    let root = match std::env::var_os("SEALIFT_ORACLES") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracles"),
    };
    let folder = root.join(name);
    folder.is_dir().then_some(folder)
}

/// The texts of a set, if the oracles are on this machine.
pub(crate) fn cases(set: &str) -> Option<impl Iterator<Item = Value> + use<>> {
    lines(&format!("parse-{set}"))
}

/// The lines of a file, if the oracles are on this machine.
pub(crate) fn lines(name: &str) -> Option<impl Iterator<Item = Value> + use<>> {
    let path = oracle("yaml")?.join(format!("{name}.jsonl.gz"));
    let lines = BufReader::new(GzDecoder::new(File::open(path).expect("the set is there"))).lines();
    Some(lines.map(|line| {
        let line = line.expect("the set is whole");
        serde_json::from_str(&line).expect("a line of the set is JSON")
    }))
}
