//! A strict tar writer: the same members give the same bytes on every machine.
//!
//! The bytes depend on nothing else: ustar headers, uid and gid 0, no owner names, mtime 0, regular files only.
//! A path longer than 100 bytes, or not ASCII, takes a pax `path` record; a size of 8 GiB or more stands in base-256 in
//! the size field, since busybox ignores pax sizes.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};

use crate::ArchivePath;

const BLOCK: usize = 512;
const NAME_BYTES: usize = 100;
/// What eleven octal digits cannot hold.
const BASE256_FROM: u64 = 8 << 30;

/// The two blocks of zeros that end an archive.
pub const END: [u8; 2 * BLOCK] = [0; 2 * BLOCK];

/// The permissions of a member: there are only these two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// 0755.
    Executable,
    /// 0644.
    File,
}

/// Why a member could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TarError {
    /// A path was written twice.
    #[error("path {path:?} stands in the archive already")]
    Duplicate {
        /// The path.
        path: String,
    },
    /// The content is not as long as the header says. The archive is broken from here on.
    #[error("content of {path:?} has {got_bytes} bytes where {want_bytes} were announced")]
    Length {
        /// The path.
        path: String,
        /// The length in the header.
        want_bytes: u64,
        /// What came; one more than `want_bytes` when there was more.
        got_bytes: u64,
    },
    /// The output failed.
    #[error("cannot write the archive")]
    Write(#[from] io::Error),
    /// The content could not be read.
    #[error("cannot read the content of {path:?}")]
    Read {
        /// The path.
        path: String,
        /// The cause.
        source: io::Error,
    },
}

/// Writes members one after the other, and the end at [`TarWriter::finish`].
#[derive(Debug)]
pub struct TarWriter<W> {
    out: W,
    paths: BTreeSet<ArchivePath>,
}

impl<W: Write> TarWriter<W> {
    /// Starts an archive.
    pub fn new(out: W) -> Self {
        Self { out, paths: BTreeSet::new() }
    }

    /// Writes a member whose content is at hand.
    ///
    /// # Errors
    ///
    /// [`TarError::Duplicate`], [`TarError::Write`].
    pub fn file(&mut self, path: &ArchivePath, mode: Mode, content: &[u8]) -> Result<(), TarError> {
        self.stream(path, mode, content.len() as u64, content)
    }

    /// Writes a member whose content is read while it is written.
    ///
    /// # Errors
    ///
    /// [`TarError::Duplicate`] before anything is written; [`TarError::Length`] when `content` is not `size_bytes` long.
    pub fn stream(
        &mut self,
        path: &ArchivePath,
        mode: Mode,
        size_bytes: u64,
        content: impl Read,
    ) -> Result<(), TarError> {
        if !self.paths.insert(path.clone()) {
            return Err(TarError::Duplicate { path: path.to_string() });
        }
        self.out.write_all(&header(path, mode, size_bytes))?;
        self.copy(path, size_bytes, content)?;
        let padding = padding_bytes(size_bytes);
        self.out.write_all(&END[..padding])?;
        Ok(())
    }

    fn copy(
        &mut self,
        path: &ArchivePath,
        want_bytes: u64,
        mut content: impl Read,
    ) -> Result<(), TarError> {
        let mut buffer = vec![0; 64 << 10];
        let mut got_bytes = 0;
        loop {
            let read = match content.read(&mut buffer) {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(source) => return Err(TarError::Read { path: path.to_string(), source }),
            };
            got_bytes += read as u64;
            if (read == 0 && got_bytes < want_bytes) || got_bytes > want_bytes {
                return Err(TarError::Length { path: path.to_string(), want_bytes, got_bytes });
            }
            if read == 0 {
                return Ok(());
            }
            self.out.write_all(&buffer[..read])?;
        }
    }

    /// Writes the end and returns the output.
    ///
    /// # Errors
    ///
    /// That of the output.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(&END)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Returns how many zeros follow a content of this length.
#[must_use]
pub fn padding_bytes(size_bytes: u64) -> usize {
    let last = usize::try_from(size_bytes % BLOCK as u64).expect("less than a block");
    (BLOCK - last) % BLOCK
}

/// Returns all header blocks of a member: 512 bytes, or 1,536 with a pax record for its path.
#[must_use]
pub fn header(path: &ArchivePath, mode: Mode, size_bytes: u64) -> Vec<u8> {
    let text = path.as_str();
    if text.len() <= NAME_BYTES && text.is_ascii() {
        return block(text.as_bytes(), mode, size_bytes, b'0').to_vec();
    }
    let record = pax_record("path", text);
    // Readers that know no pax show these names: ASCII, and short enough for the field.
    let plain: String = text.chars().filter(char::is_ascii).collect();
    let short = &plain[plain.len().saturating_sub(NAME_BYTES - "PaxHeaders/".len())..];
    let mut out =
        block(format!("PaxHeaders/{short}").as_bytes(), Mode::File, record.len() as u64, b'x')
            .to_vec();
    out.extend_from_slice(&record);
    out.extend_from_slice(&END[..padding_bytes(record.len() as u64)]);
    out.extend_from_slice(&block(short.as_bytes(), mode, size_bytes, b'0'));
    out
}

/// `LENGTH key=value\n`, where the length counts itself.
fn pax_record(key: &str, value: &str) -> Vec<u8> {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len();
    while length != rest.len() + length.to_string().len() {
        length = rest.len() + length.to_string().len();
    }
    format!("{length}{rest}").into_bytes()
}

fn block(name: &[u8], mode: Mode, size_bytes: u64, kind: u8) -> [u8; BLOCK] {
    let mode: &[u8; 8] = match mode {
        Mode::Executable => b"0000755\0",
        Mode::File => b"0000644\0",
    };
    let mut block = [0; BLOCK];
    block[..name.len()].copy_from_slice(name);
    block[100..108].copy_from_slice(mode);
    block[108..116].copy_from_slice(b"0000000\0");
    block[116..124].copy_from_slice(b"0000000\0");
    block[124..136].copy_from_slice(&size_field(size_bytes));
    block[136..148].copy_from_slice(b"00000000000\0");
    block[148..156].copy_from_slice(b"        ");
    block[156] = kind;
    block[257..265].copy_from_slice(b"ustar\x0000");
    block[329..337].copy_from_slice(b"0000000\0");
    block[337..345].copy_from_slice(b"0000000\0");
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

fn size_field(size_bytes: u64) -> [u8; 12] {
    let mut field = [0; 12];
    if size_bytes < BASE256_FROM {
        field.copy_from_slice(format!("{size_bytes:011o}\0").as_bytes());
    } else {
        field[0] = 0x80;
        field[4..].copy_from_slice(&size_bytes.to_be_bytes());
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> ArchivePath {
        text.parse().expect("a path")
    }

    #[test]
    fn a_path_is_written_once() {
        let mut tar = TarWriter::new(Vec::new());
        tar.file(&path("a"), Mode::File, b"1").expect("the first");
        assert!(matches!(tar.file(&path("a"), Mode::File, b"2"), Err(TarError::Duplicate { .. })));
    }

    #[test]
    fn content_of_another_length_than_announced_is_an_error() {
        for (announced, content) in [(3, "ab"), (1, "ab"), (0, "a")] {
            let mut tar = TarWriter::new(Vec::new());
            let result = tar.stream(&path("a"), Mode::File, announced, content.as_bytes());
            assert!(
                matches!(result, Err(TarError::Length { want_bytes, .. }) if want_bytes == announced),
                "{announced} {content}"
            );
        }
    }

    #[test]
    fn a_size_of_eight_gibibytes_stands_in_base_256() {
        let below = header(&path("a"), Mode::File, BASE256_FROM - 1);
        assert_eq!(&below[124..136], b"77777777777\0");
        let at = header(&path("a"), Mode::File, BASE256_FROM);
        assert_eq!(&at[124..136], &[0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0]);
    }

    #[test]
    fn the_length_of_a_pax_record_counts_its_own_digits() {
        for length in 80..120 {
            let record = pax_record("path", &"x".repeat(length));
            let text = String::from_utf8(record.clone()).expect("ASCII");
            let (number, _) = text.split_once(' ').expect("a blank");
            assert_eq!(number.parse::<usize>().expect("a number"), record.len());
        }
    }
}
