//! What the reader reads, and what it refuses.

mod archives;
mod charts;
mod headers;
mod limits;
#[cfg(unix)]
mod links;
mod raw;

use std::io::Read;

use sealift_archive::{EntryKind, Mode, TarLimits, TarReadError, TarReader};

/// Name, whether it is a directory, whether it is executable, content.
type Member = (String, bool, bool, Vec<u8>);

const LIMITS: TarLimits =
    TarLimits { entries: 10_000, file_bytes: 16 << 20, total_bytes: 100 << 20 };

fn read(mut reader: TarReader<impl Read>) -> Result<Vec<Member>, TarReadError> {
    let mut members = Vec::new();
    while let Some(entry) = reader.next_entry()? {
        let name = entry.path.to_string();
        let is_directory = entry.kind == EntryKind::Directory;
        let executable = entry.mode == Mode::Executable && !is_directory;
        members.push((name, is_directory, executable, entry.content()?));
    }
    Ok(members)
}

/// The same, read by the crate `tar`.
fn read_by_another(input: impl Read) -> Vec<Member> {
    let mut archive = tar::Archive::new(input);
    let entries = archive.entries().expect("entries").map(|entry| entry.expect("an entry"));
    entries
        .filter(|entry| !entry.header().entry_type().is_pax_global_extensions())
        .map(|mut entry| {
            let name = String::from_utf8(entry.path_bytes().into_owned()).expect("UTF-8");
            let is_directory = entry.header().entry_type().is_dir();
            let mode = entry.header().mode().expect("a mode");
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("content");
            let name = name.strip_suffix('/').unwrap_or(&name).to_owned();
            (name, is_directory, mode & 0o111 != 0 && !is_directory, content)
        })
        .collect()
}
