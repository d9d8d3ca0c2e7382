//! Reading regular files, bounded.

use std::fs::{File, FileType};
use std::io::{self, Read};

use crate::Error;

/// Memory taken for a file because of its size; for more, it must have been read.
const TRUSTED_BYTES: usize = 64 << 20;

/// A regular file, opened once: its bytes and its size come from one handle.
#[derive(Debug)]
pub struct ReadFile {
    file: File,
    path: String,
    size_bytes: u64,
}

impl ReadFile {
    pub(crate) fn new(file: File, path: String) -> Result<Self, Error> {
        let metadata = file.metadata().map_err(Error::io("read", path.clone()))?;
        if !metadata.is_file() {
            return Err(Error::Type {
                path,
                found: describe(metadata.file_type()),
                wanted: "a regular file",
            });
        }
        Ok(Self { file, path, size_bytes: metadata.len() })
    }

    /// Returns the length when it was opened.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Returns the path as it was typed, for messages.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns all bytes.
    ///
    /// # Errors
    ///
    /// [`Error::Limit`] when there are more than `limit_bytes`, also when they come while it is read.
    pub fn read_all(self, limit_bytes: u64) -> Result<Vec<u8>, Error> {
        // One more than there should be, so that the end is seen without growing.
        let expected = self.size_bytes.min(limit_bytes).saturating_add(1);
        let mut bytes =
            Vec::with_capacity(usize::try_from(expected).unwrap_or(0).min(TRUSTED_BYTES));
        let took = self.file.take(limit_bytes.saturating_add(1)).read_to_end(&mut bytes);
        took.map_err(Error::io("read", self.path.clone()))?;
        if bytes.len() as u64 > limit_bytes {
            return Err(Error::Limit { path: self.path, limit: limit_bytes, unit: "bytes" });
        }
        Ok(bytes)
    }

    /// Returns up to `length` bytes from an offset; fewer only at the end of the file. Needs no `&mut`: threads may share it.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn read_at(&self, offset: u64, length: usize) -> Result<Vec<u8>, Error> {
        let left = self.size_bytes.saturating_sub(offset);
        let mut bytes = vec![0; usize::try_from(left).map_or(length, |left| left.min(length))];
        let mut filled = 0;
        while filled < bytes.len() {
            match position_read(&self.file, &mut bytes[filled..], offset + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::io("read", self.path.clone())(error)),
            }
        }
        bytes.truncate(filled);
        Ok(bytes)
    }

    /// Returns the open file, for a reader of one's own.
    #[must_use]
    pub fn into_std(self) -> File {
        self.file
    }
}

#[cfg(unix)]
fn position_read(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn position_read(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// Says what something is that is no regular file.
fn describe(kind: FileType) -> &'static str {
    if kind.is_dir() { "a folder" } else { "a pipe, a socket or a device" }
}

pub(crate) fn text(bytes: Vec<u8>, path: &str) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|error| Error::Utf8 {
        path: path.to_owned(),
        byte: error.utf8_error().valid_up_to(),
    })
}
