//! What the writer writes, the crate `tar` reads: the same names, modes and bytes.

use std::io::Read;

use proptest::prelude::*;
use sealift_archive::{ArchivePath, Mode, TarWriter, header};

type Member = (String, bool, Vec<u8>);

fn write(members: &[Member]) -> Vec<u8> {
    let mut tar = TarWriter::new(Vec::new());
    for (name, executable, content) in members {
        let path: ArchivePath = name.parse().expect("a path");
        let mode = if *executable { Mode::Executable } else { Mode::File };
        tar.file(&path, mode, content).expect("written");
    }
    tar.finish().expect("finished")
}

fn read(bytes: &[u8]) -> Vec<Member> {
    let mut archive = tar::Archive::new(bytes);
    let entries = archive.entries().expect("entries");
    entries
        .map(|entry| {
            let mut entry = entry.expect("an entry");
            let header = entry.header();
            assert!(header.entry_type().is_file());
            assert_eq!(
                (header.uid().ok(), header.gid().ok(), header.mtime().ok()),
                (Some(0), Some(0), Some(0))
            );
            let mode = header.mode().expect("a mode");
            assert!(mode == 0o644 || mode == 0o755);
            let name = String::from_utf8(entry.path_bytes().into_owned()).expect("UTF-8");
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("content");
            (name, mode == 0o755, content)
        })
        .collect()
}

#[test]
fn short_long_and_foreign_paths_are_read_back() {
    let members = vec![
        ("a".to_owned(), false, b"1".to_vec()),
        ("x".repeat(100), true, Vec::new()),
        (format!("d/{}", "x".repeat(99)), false, vec![7; 512]),
        (format!("blobs/sha512/{}", "0".repeat(128)), false, vec![8; 513]),
        ("stra\u{df}e/\u{4e2d}".to_owned(), false, b"3".to_vec()),
    ];
    let bytes = write(&members);
    assert_eq!(bytes.len() % 512, 0);
    assert_eq!(read(&bytes), members);
}

#[test]
fn sizes_around_eight_gibibytes_are_read_back() {
    for size in [0, 1, (8 << 30) - 1, 8 << 30, 1 << 40] {
        let block = header(&"a".parse().expect("a path"), Mode::File, size);
        let header = tar::Header::from_byte_slice(&block);
        assert_eq!(header.entry_size().expect("a size"), size);
        assert_eq!(header.cksum().expect("a sum"), block_sum(&block));
    }
}

fn block_sum(block: &[u8]) -> u32 {
    block
        .iter()
        .enumerate()
        .map(|(at, &byte)| if (148..156).contains(&at) { 32 } else { u32::from(byte) })
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_members_are_read_back(contents in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..1500), 0..6),
                                 names in prop::collection::btree_set("[a-zé]{1,60}(/[a-z]{1,60}){0,4}", 6)) {
        let members: Vec<Member> = names.into_iter().zip(contents).map(|(name, content)| (name, content.len() % 2 == 0, content)).collect();
        prop_assert_eq!(read(&write(&members)), members);
    }
}
