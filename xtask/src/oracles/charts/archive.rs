//! Archives of the oracles, unpacked in memory.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Files by their paths.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// The window of archives that were packed with a long distance.
const WINDOW_LOG: u32 = 27;

/// Reads an archive whose name ends with `.tar.zst` or `.tar.gz`.
pub(super) fn read(path: &Path) -> Result<Files> {
    let file = fs_err::File::open(path)?;
    let read: Box<dyn Read> = if path.extension().is_some_and(|extension| extension == "zst") {
        let mut zstd = zstd::stream::read::Decoder::new(file)?;
        zstd.window_log_max(WINDOW_LOG)?;
        Box::new(zstd)
    } else {
        Box::new(flate2::read::MultiGzDecoder::new(file))
    };
    unpack(read).with_context(|| path.display().to_string())
}

/// Reads regular files, and symbolic links as what they lead to.
fn unpack(read: impl Read) -> Result<Files> {
    let mut files = Files::new();
    let mut links = Vec::new();
    let mut archive = tar::Archive::new(read);
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = normal(&entry.path()?.to_string_lossy());
        if let Some(to) = entry.link_name()?.filter(|_| entry.header().entry_type().is_symlink()) {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            links.push((path.clone(), normal(&format!("{folder}/{}", to.to_string_lossy()))));
        } else if entry.header().entry_type().is_file() {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            files.insert(path, bytes);
        }
    }
    for (path, to) in links {
        if let Some(bytes) = files.get(&to).cloned() {
            files.insert(path, bytes);
        }
    }
    Ok(files)
}

fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
