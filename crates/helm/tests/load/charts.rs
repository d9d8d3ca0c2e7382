//! The charts of the oracles.

use std::path::{Path, PathBuf};

use sealift_helm::chart::LoadOptions;
use sealift_helm::{Chart, Profile};

pub(crate) fn oracles() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracles");
    #[expect(
        clippy::disallowed_methods,
        reason = "where the oracles are is said by the environment"
    )]
    let folder = std::env::var_os("SEALIFT_ORACLES").map_or_else(beside, PathBuf::from);
    folder.join("charts").is_dir().then(|| folder.join("charts"))
}

/// Loads each chart; does nothing where there are no oracles.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub(crate) fn each(mut check: impl FnMut(&Path, &Chart)) {
    let Some(folder) = oracles() else { return eprintln!("skipped: no oracles") };
    let mut count = 0;
    for repository in fs_err::read_dir(folder).expect("folders") {
        let Ok(files) = fs_err::read_dir(repository.expect("a folder").path()) else { continue };
        for path in files.map(|file| file.expect("a file").path()) {
            if path.extension().is_none_or(|extension| extension != "tgz") {
                continue;
            }
            count += 1;
            let bytes = fs_err::read(&path).expect("a chart");
            for profile in Profile::ALL {
                let options = LoadOptions { profile, ..LoadOptions::default() };
                let chart = Chart::from_archive(&bytes, &options);
                check(&path, &chart.unwrap_or_else(|error| panic!("{}: {error}", path.display())));
            }
        }
    }
    assert!(count >= 232, "{count} charts");
}

#[test]
fn every_chart_of_the_oracles_loads() {
    each(|path, chart| {
        assert!(!chart.name().is_empty() && !chart.raw.is_empty(), "{}", path.display());
    });
}
