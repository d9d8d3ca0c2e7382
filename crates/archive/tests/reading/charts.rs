//! The charts of the oracles.

use std::path::{Path, PathBuf};

use sealift_archive::{Gunzip, GzipLimits, TarReader};

use crate::{LIMITS, read, read_by_another};

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
fn every_chart_of_the_oracles_is_read_as_another_reader_reads_it() {
    let Some(folder) = oracles() else { return eprintln!("skipped: no oracles") };
    let mut count = 0;
    for repository in fs_err::read_dir(folder).expect("folders") {
        let repository = repository.expect("a folder").path();
        let Ok(files) = fs_err::read_dir(&repository) else { continue };
        for path in files.map(|file| file.expect("a file").path()) {
            if path.extension().is_none_or(|extension| extension != "tgz") {
                continue;
            }
            count += 1;
            let bytes = fs_err::read(&path).expect("a chart");
            let gunzip = || Gunzip::new(&bytes[..], GzipLimits::output(100 << 20));
            let members = read(TarReader::new(gunzip(), LIMITS));
            let members = members.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert_eq!(members, read_by_another(gunzip()), "{}", path.display());
        }
    }
    assert!(count >= 232, "{count} charts");
}
