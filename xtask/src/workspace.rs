//! Where things are.

use std::path::{Path, PathBuf};

/// Returns the folder that holds the workspace's `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace")
}

/// Returns the folder of built files, as cargo would choose it.
pub(crate) fn target() -> PathBuf {
    root().join(environment("CARGO_TARGET_DIR").unwrap_or_else(|| "target".to_owned()))
}

/// Returns the folder of oracles, or `None` where the machine has none.
pub(crate) fn oracles() -> Option<PathBuf> {
    let folder = environment("SEALIFT_ORACLES")
        .map_or_else(|| root().join("../shared/oracles"), PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// Returns an environment variable that is set and not empty.
#[expect(clippy::disallowed_methods, reason = "xtask is a program of its own")]
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
