//! The files of a commit.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;

use bytes::Bytes;
use sealift_archive::{
    ArchivePath, EntryKind, Gunzip, GzipLimits, Mode, PathError, TarEntry, TarLimits, TarReadError,
    TarReader,
};
use sealift_reference::{Algorithm, Digest, Hasher};

use super::Commit;

/// Files, folders and links of a repository: those of the largest that kustomizations refer to are some 30,000.
const ENTRIES: u64 = 65_536;
/// Bytes of all files, unpacked.
const TREE_BYTES: u64 = 512 << 20;
/// Bytes of a file that is kept; the digest is that of all.
const KEPT_BYTES: u64 = 16 << 20;

/// The files of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitTree {
    /// The commit.
    pub commit: Commit,
    /// Of all that is in it, however it was packed: the SHA-256 of a line for each entry, sorted by path, `KIND SHA-256 PATH`,
    /// where the kind is `file`, `program` or `link`, and the hash is that of the content or of where a link leads.
    pub digest: Digest,
    /// By path, `/` between the parts; folders are not among them.
    pub entries: BTreeMap<String, GitEntry>,
}

/// What a path of a commit is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GitEntry {
    /// A regular file.
    File(Bytes),
    /// A regular file that is too large to be one of a kustomization, of so many bytes.
    Large(u64),
    /// A symbolic link, and where it leads.
    Link(String),
}

/// A tree, and what its archive says of its commit.
pub(super) struct Unpacked {
    pub(super) entries: BTreeMap<String, GitEntry>,
    pub(super) digest: Digest,
    pub(super) comment: Option<String>,
}

/// Unpacks an archive.
pub(super) fn unpack(archive: &[u8]) -> Result<Unpacked, TarReadError> {
    let limits = TarLimits { entries: ENTRIES, file_bytes: TREE_BYTES, total_bytes: TREE_BYTES };
    let gunzip = Gunzip::new(archive, GzipLimits::output(2 * TREE_BYTES));
    let mut reader = TarReader::new(gunzip, limits).without_root().with_links();
    let (mut entries, mut lines) = (BTreeMap::new(), BTreeMap::new());
    while let Some(entry) = reader.next_entry()? {
        check(&entry.path)?;
        let (path, mode) = (entry.path.to_string(), entry.mode);
        let Some((kept, hash)) = read(entry)? else { continue };
        let kind = match (&kept, mode) {
            (GitEntry::Link(_), _) => "link",
            (_, Mode::Executable) => "program",
            _ => "file",
        };
        lines.insert(path.clone(), format!("{kind} {} {path}", hash.hex()));
        entries.insert(path, kept);
    }
    let mut text = String::new();
    for line in lines.values() {
        // A string takes every line.
        let _written = writeln!(text, "{line}");
    }
    let comment = reader.comment().map(str::to_owned);
    Ok(Unpacked { entries, digest: Digest::sha256(text.as_bytes()), comment })
}

/// Refuses what git refuses to check out, since no honest archive of a commit has it: `verify_path` in `read-cache.c` of git 2.47.
fn check(path: &ArchivePath) -> Result<(), PathError> {
    let is_of_git = |part: &str| [".git", "git~1"].iter().any(|own| part.eq_ignore_ascii_case(own));
    match path.parts().find(|part| is_of_git(part)) {
        None => Ok(()),
        Some(part) => Err(PathError::Part { path: path.to_string(), part: part.to_owned() }),
    }
}

/// Reads one entry; `None` for a folder.
fn read<R: std::io::Read>(
    mut entry: TarEntry<'_, R>,
) -> Result<Option<(GitEntry, Digest)>, TarReadError> {
    match (entry.kind, entry.target.take()) {
        (EntryKind::Directory, _) => Ok(None),
        (EntryKind::Link, target) => {
            let target = target.unwrap_or_default();
            let hash = Digest::sha256(target.as_bytes());
            Ok(Some((GitEntry::Link(target), hash)))
        }
        (EntryKind::File, _) if entry.size_bytes > KEPT_BYTES => {
            let size_bytes = entry.size_bytes;
            let mut hasher = Hasher::new(Algorithm::Sha256);
            let mut piece = vec![0; 64 << 10];
            loop {
                match entry.read(&mut piece)? {
                    0 => break,
                    read => hasher.update(&piece[..read]),
                }
            }
            Ok(Some((GitEntry::Large(size_bytes), hasher.finish())))
        }
        (EntryKind::File, _) => {
            let content = entry.content()?;
            let hash = Digest::sha256(&content);
            Ok(Some((GitEntry::File(content.into()), hash)))
        }
    }
}
