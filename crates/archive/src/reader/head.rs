//! What a header and its extension say together of an entry.

use super::EntryKind;
use super::block::Block;
use super::error::{Ambiguity, TarReadError};
use super::extension::Extension;
use crate::Mode;

/// What eleven octal digits cannot hold.
const NO_ROOM_FROM: u64 = 8 << 30;

/// An entry, of which the name is not checked yet.
pub(super) struct Head {
    /// As it was written.
    pub(super) name: Vec<u8>,
    /// The name as messages show it.
    pub(super) entry: String,
    pub(super) kind: EntryKind,
    pub(super) mode: Mode,
    pub(super) size_bytes: u64,
    /// Of a symbolic link.
    pub(super) target: Option<String>,
}

impl Head {
    pub(super) fn new(
        block: &Block<'_>,
        extension: Option<Extension>,
        takes_links: bool,
    ) -> Result<Self, TarReadError> {
        let extension = extension.unwrap_or_default();
        let plain = block.name().map_err(|reason| TarReadError::ambiguous("", reason))?;
        let name = extension.path.unwrap_or(plain);
        let entry = shown(&name);
        let fail = |reason| TarReadError::ambiguous(&entry, reason);
        let kind = kind(block, &entry, takes_links)?;
        let mode = mode(block, kind).map_err(fail)?;
        let size_bytes = size(block, extension.size_bytes).map_err(fail)?;
        if kind != EntryKind::File && size_bytes > 0 {
            return Err(fail(Ambiguity::DirectorySize));
        }
        let target = (kind == EntryKind::Link).then(|| block.target()).transpose().map_err(fail)?;
        Ok(Self { name, entry, kind, mode, size_bytes, target })
    }
}

/// Returns the name as messages show it.
pub(super) fn shown(name: &[u8]) -> String {
    const CHARACTERS: usize = 300;
    String::from_utf8_lossy(name).chars().take(CHARACTERS).collect()
}

fn kind(block: &Block<'_>, entry: &str, takes_links: bool) -> Result<EntryKind, TarReadError> {
    let kind = match block.kind() {
        b'0' | 0 => return Ok(EntryKind::File),
        b'2' if takes_links => return Ok(EntryKind::Link),
        b'5' => return Ok(EntryKind::Directory),
        b'1' | b'2' | b'K' => {
            let target = block.link();
            return Err(TarReadError::Link { entry: entry.to_owned(), target });
        }
        b'S' => return Err(TarReadError::ambiguous(entry, Ambiguity::Sparse)),
        b'3' | b'4' => "a device",
        b'6' => "a FIFO",
        _ => "of an unknown type",
    };
    Err(TarReadError::Type { entry: entry.to_owned(), kind })
}

/// The bits of the type, which Go believes, must be those of the entry: 0o40000 for a directory, 0o100000 for a file, 0o120000
/// for a link.
fn mode(block: &Block<'_>, kind: EntryKind) -> Result<Mode, Ambiguity> {
    let mode = block.mode()?;
    match (mode & !0o7777, kind) {
        (0, _)
        | (0o40_000, EntryKind::Directory)
        | (0o100_000, EntryKind::File)
        | (0o120_000, EntryKind::Link) => {}
        _ => return Err(Ambiguity::Mode),
    }
    Ok(if mode & 0o111 == 0 { Mode::File } else { Mode::Executable })
}

/// Both sizes are one, or the header has no room for what the extension says.
fn size(block: &Block<'_>, pax_bytes: Option<u64>) -> Result<u64, Ambiguity> {
    let ustar_bytes = block.size_bytes()?;
    match pax_bytes {
        None => Ok(ustar_bytes),
        Some(bytes) if bytes == ustar_bytes => Ok(bytes),
        Some(bytes) if bytes >= NO_ROOM_FROM && ustar_bytes == 0 => Ok(bytes),
        Some(pax_bytes) => Err(Ambiguity::Size { ustar_bytes, pax_bytes }),
    }
}
