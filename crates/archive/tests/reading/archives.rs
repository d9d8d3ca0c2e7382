//! Archives that GNU tar 1.34, Python 3.11 and git wrote, in `tests/archives`.

use std::io::BufReader;
use std::path::Path;

use sealift_archive::{Gunzip, GzipLimits, TarReader};

use crate::{LIMITS, read, read_by_another};

fn archives(refused: bool) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/archives");
    let files = fs_err::read_dir(folder).expect("archives").map(|file| file.expect("a file"));
    let mut archives: Vec<_> = files
        .map(|file| (file.file_name().into_string().expect("UTF-8"), file.path()))
        .filter(|(name, _)| name.starts_with("refused-") == refused)
        .map(|(name, path)| (name, fs_err::read(path).expect("bytes")))
        .collect();
    archives.sort();
    assert!(archives.len() > 5);
    archives
}

fn reader(bytes: &[u8]) -> TarReader<Gunzip<BufReader<&[u8]>>> {
    TarReader::new(Gunzip::new(BufReader::new(bytes), GzipLimits::output(100 << 20)), LIMITS)
}

#[test]
fn archives_of_other_writers_are_read_as_another_reader_reads_them() {
    for (name, bytes) in archives(false) {
        let members = read(reader(&bytes)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let input = Gunzip::new(&bytes[..], GzipLimits::output(100 << 20));
        assert_eq!(members, read_by_another(input), "{name}");
        assert!(members.iter().any(|member| member.0 == "chart/run.sh" && member.2), "{name}");
    }
}

#[test]
fn a_stripped_root_is_gone_from_all_names() {
    for (name, bytes) in archives(false) {
        let whole = read(reader(&bytes)).expect("read");
        let stripped = read(reader(&bytes).without_root()).expect("read");
        let want: Vec<_> = whole
            .into_iter()
            .filter_map(|mut member| {
                member.0 = member.0.split_once('/')?.1.to_owned();
                Some(member)
            })
            .collect();
        assert_eq!(stripped, want, "{name}");
    }
}

#[test]
fn what_is_refused_is_refused_in_the_class_that_its_file_names() {
    for (name, bytes) in archives(true) {
        let class = name.split('-').nth(1).expect("a class");
        let error = read(reader(&bytes)).expect_err(&name);
        assert_eq!(error.class(), Some(class), "{name}: {error}");
    }
}
