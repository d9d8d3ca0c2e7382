//! Archives and charts.

use std::io::Read as _;

use sealift_archive::{ArchivePath, EntryKind, Mode, TarLimits, TarReader, TarWriter, gzip};
use sealift_helm::chart::{
    LoadOptions, check_dependencies, check_installable, check_lock, lock_mismatches,
};
use sealift_helm::{Chart, Profile};

const LIMITS: TarLimits = TarLimits { entries: 1000, file_bytes: 1 << 20, total_bytes: 4 << 20 };

/// Name, whether it is a directory, content.
type Member = (String, bool, Vec<u8>);

/// Archives: what is accepted, another reader reads the same; also when the checksums of all headers are made right.
pub(super) fn tar(bytes: &[u8]) {
    compare(bytes);
    compare(&with_checksums(bytes));
}

fn compare(bytes: &[u8]) {
    if let Some(members) = read(bytes) {
        assert_eq!(members, read_by_another(bytes), "two readers");
    }
}

fn read(bytes: &[u8]) -> Option<Vec<Member>> {
    let mut reader = TarReader::new(bytes, LIMITS);
    let mut members = Vec::new();
    while let Some(entry) = reader.next_entry().ok()? {
        let is_directory = entry.kind == EntryKind::Directory;
        members.push((entry.path.to_string(), is_directory, entry.content().ok()?));
    }
    Some(members)
}

fn read_by_another(bytes: &[u8]) -> Vec<Member> {
    let mut archive = tar::Archive::new(bytes);
    let entries =
        archive.entries().expect("what one reader reads").map(|entry| entry.expect("and an entry"));
    let files = entries.filter(|entry| !entry.header().entry_type().is_pax_global_extensions());
    files
        .map(|mut entry| {
            let name = String::from_utf8(entry.path_bytes().into_owned()).expect("UTF-8");
            let name = name.replace('\\', "/");
            let is_directory = entry.header().entry_type().is_dir();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("and its content");
            (name.strip_suffix('/').unwrap_or(&name).to_owned(), is_directory, content)
        })
        .collect()
}

/// Follows the headers as far as their sizes lead, so that mutations reach what stands behind the checksum.
pub(super) fn with_checksums(bytes: &[u8]) -> Vec<u8> {
    const BLOCK: usize = 512;
    let mut bytes = bytes.to_vec();
    bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    let mut at = 0;
    while let Some(block) =
        bytes.get_mut(at..at + BLOCK).filter(|block| block.iter().any(|&byte| byte != 0))
    {
        block[148..156].copy_from_slice(b"        ");
        let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        let digits = std::str::from_utf8(&block[124..135]).unwrap_or_default();
        let size = usize::from_str_radix(digits, 8).unwrap_or(0);
        at += BLOCK + size.next_multiple_of(BLOCK);
    }
    bytes
}

/// Charts: the same twice, nothing that was not in the files, and the same out of an archive.
pub(super) fn chart_load(bytes: &[u8]) {
    let files = files(bytes);
    for profile in Profile::ALL {
        let options = LoadOptions { profile, ..LoadOptions::default() };
        let load = || Chart::load(files.clone(), &options);
        let first = load();
        let shown = |result: &Result<Chart, _>| {
            format!("{:?}", result.as_ref().map(outline).map_err(ToString::to_string))
        };
        assert_eq!(shown(&first), shown(&load()), "loading twice");
        if let Ok(chart) = &first {
            check(chart, files.len());
            if let Some(packed) = packed(&files) {
                assert_eq!(
                    shown(&first),
                    shown(&Chart::from_archive(&packed, &options)),
                    "out of an archive"
                );
            }
        }
    }
}

/// `== NAME`, and on the next lines the content.
pub(super) fn files(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        match line.strip_prefix(b"== ") {
            Some(name) => files.push((
                String::from_utf8_lossy(name).trim_end_matches('\n').to_owned(),
                Vec::new(),
            )),
            None => files
                .last_mut()
                .into_iter()
                .for_each(|(_, content)| content.extend_from_slice(line)),
        }
    }
    files
}

fn check(chart: &Chart, files: usize) {
    assert!(!chart.name().is_empty() && !chart.name().contains('/'), "{:?}", chart.name());
    assert!(chart.templates.iter().all(|file| file.name.starts_with("templates/")));
    assert!(count(chart) <= files, "more files than there were");
    drop((check_dependencies(chart), check_installable(chart), lock_mismatches(chart)));
    for profile in Profile::ALL {
        drop(check_lock(chart, &chart.metadata.dependencies, profile));
    }
}

fn count(chart: &Chart) -> usize {
    let raw = chart.raw.iter().filter(|file| !file.name.starts_with("charts/")).count();
    raw + chart.dependencies.iter().map(count).sum::<usize>()
}

fn outline(chart: &Chart) -> String {
    let inner: Vec<String> = chart.dependencies.iter().map(outline).collect();
    format!("{chart:?} {:?} {:?} {:?} {inner:?}", chart.metadata, chart.templates, chart.files)
}

/// The files in an archive; `None` when they do not fit into one.
fn packed(files: &[(String, Vec<u8>)]) -> Option<Vec<u8>> {
    let mut tar = TarWriter::new(Vec::new());
    for (name, content) in files {
        let path: ArchivePath = format!("x/{name}").parse().ok()?;
        let is_folder = files.iter().any(|(other, _)| {
            other.replace('\\', "/").starts_with(&format!("{}/", name.replace('\\', "/")))
        });
        if is_folder {
            return None;
        }
        tar.file(&path, Mode::File, content).ok()?;
    }
    Some(gzip(&tar.finish().expect("a vector takes every byte")))
}
