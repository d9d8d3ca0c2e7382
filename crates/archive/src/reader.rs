//! A strict tar reader: what it reads, every other reader reads the same.
//!
//! Regular files and directories only, and symbolic links for those who ask for them. Where readers of tar disagree (two names, two sizes, two entries of one name, bytes after the
//! end) the archive is refused: specs of hostile archives A1 to A7 and A9.

mod block;
mod error;
mod extension;
mod head;
mod names;

use std::io::{self, Read};
use std::ops::Range;

/// Memory taken for the content of a file because its header says so; for more, there must be content.
const TRUSTED_BYTES: usize = 1 << 20;

use crate::limits::EXTENSION_BYTES;
use crate::{ArchivePath, Mode, padding_bytes};
use block::{BLOCK, Block};
pub use error::{Ambiguity, Key, TarReadError};
use extension::Extension;
use head::Head;
use names::Names;

/// What may be read of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TarLimits {
    /// Entries: files, directories and global headers.
    pub entries: u64,
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of all files.
    pub total_bytes: u64,
}

/// Reads an archive entry by entry.
#[derive(Debug)]
pub struct TarReader<R> {
    input: R,
    limits: TarLimits,
    strips_root: bool,
    takes_links: bool,
    /// Of a global header.
    comment: Option<String>,
    names: Names,
    offset_bytes: u64,
    entries: u64,
    total_bytes: u64,
    /// Of the entry that was given out.
    unread_bytes: u64,
    padding_bytes: usize,
    /// After the end or an error nothing comes any more.
    ended: bool,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A directory.
    Directory,
    /// A regular file.
    File,
    /// A symbolic link, where [`TarReader::with_links`] asks for them.
    Link,
}

/// An entry, and a reader of its content.
#[derive(Debug)]
pub struct TarEntry<'r, R> {
    /// Its name, without the root folder when that is stripped.
    pub path: ArchivePath,
    /// What it is.
    pub kind: EntryKind,
    /// Whether somebody may execute it; no other bit of the mode is told.
    pub mode: Mode,
    /// The length of its content; zero for a directory.
    pub size_bytes: u64,
    /// Where a link leads, as it was written: whoever follows it looks that it stays inside.
    pub target: Option<String>,
    reader: &'r mut TarReader<R>,
}

impl<R: Read> TarReader<R> {
    /// Starts to read; nothing is read yet.
    pub fn new(input: R, limits: TarLimits) -> Self {
        Self {
            input,
            limits,
            strips_root: false,
            takes_links: false,
            comment: None,
            names: Names::default(),
            offset_bytes: 0,
            entries: 0,
            total_bytes: 0,
            unread_bytes: 0,
            padding_bytes: 0,
            ended: false,
        }
    }

    /// Takes the first part off all names, as Helm does with the folder that a chart is in.
    ///
    /// A directory of one part is passed over, a file of one part is an error; duplicates are looked for among what is left.
    #[must_use]
    pub fn without_root(mut self) -> Self {
        self.strips_root = true;
        self
    }

    /// Gives out symbolic links as well, which are an error otherwise. Hard links always are.
    #[must_use]
    pub fn with_links(mut self) -> Self {
        self.takes_links = true;
        self
    }

    /// Returns the comment of the archive, when it has one and came so far: `git archive` writes the commit there.
    #[must_use]
    pub fn comment(&self) -> Option<&str> {
        self.comment.as_deref()
    }

    /// Returns the next entry, or `None` at the end. What was not read of the last one is passed over.
    ///
    /// # Errors
    ///
    /// Any [`TarReadError`], after which there are no more entries.
    pub fn next_entry(&mut self) -> Result<Option<TarEntry<'_, R>>, TarReadError> {
        if self.ended {
            return Ok(None);
        }
        self.ended = true;
        let Some((path, head)) = self.advance()? else { return Ok(None) };
        self.ended = false;
        let Head { kind, mode, size_bytes, target, .. } = head;
        Ok(Some(TarEntry { path, kind, mode, size_bytes, target, reader: self }))
    }

    fn advance(&mut self) -> Result<Option<(ArchivePath, Head)>, TarReadError> {
        self.finish_entry()?;
        loop {
            let Some(head) = self.head()? else { return Ok(None) };
            self.count_entry(&head.entry)?;
            self.count_bytes(&head.entry, head.size_bytes)?;
            self.unread_bytes = head.size_bytes;
            self.padding_bytes = padding_bytes(head.size_bytes);
            if let Some(path) = self.admit(&head)? {
                return Ok(Some((path, head)));
            }
        }
    }

    /// Reads the header of the next entry and the extension before it, if there is one.
    fn head(&mut self) -> Result<Option<Head>, TarReadError> {
        let mut extension = None;
        loop {
            let mut bytes = [0; BLOCK];
            if !self.block(&mut bytes)? {
                return self.end(extension.as_ref());
            }
            let block = Block::new(&bytes).map_err(|reason| self.broken(reason))?;
            block.check().map_err(|reason| TarReadError::ambiguous(block.shown(), reason))?;
            if !matches!(block.kind(), b'x' | b'L' | b'g') {
                return Head::new(&block, extension, self.takes_links).map(Some);
            }
            let fail = |reason| TarReadError::ambiguous(block.shown(), reason);
            if extension.is_some() {
                return Err(fail(Ambiguity::Extensions));
            }
            let content = self.extension(&block)?;
            match block.kind() {
                b'x' => extension = Some(Extension::pax(&content).map_err(fail)?),
                b'L' => extension = Some(Extension::long_name(&content).map_err(fail)?),
                _ => self.comment = extension::comment(&content).map_err(fail)?,
            }
        }
    }

    /// Checks the name of an entry; `None` for the root folder itself.
    fn admit(&mut self, head: &Head) -> Result<Option<ArchivePath>, TarReadError> {
        let is_file = head.kind != EntryKind::Directory;
        let name = if is_file { None } else { head.name.strip_suffix(b"/") };
        let whole = ArchivePath::from_bytes(name.unwrap_or(&head.name))?;
        let path = if self.strips_root { strip(&whole, head)? } else { Some(whole) };
        match path {
            Some(path) if !self.names.add(&path, is_file) => {
                Err(TarReadError::ambiguous(&*head.entry, Ambiguity::Duplicate))
            }
            path => Ok(path),
        }
    }

    fn count_entry(&mut self, entry: &str) -> Result<(), TarReadError> {
        self.entries += 1;
        let limit = self.limits.entries;
        if self.entries > limit {
            return Err(over(entry, "archive", limit, "entries"));
        }
        Ok(())
    }

    fn count_bytes(&mut self, entry: &str, size_bytes: u64) -> Result<(), TarReadError> {
        let TarLimits { file_bytes, total_bytes, .. } = self.limits;
        if size_bytes > file_bytes {
            return Err(over(entry, "file", file_bytes, "bytes"));
        }
        self.total_bytes = self.total_bytes.saturating_add(size_bytes);
        if self.total_bytes > total_bytes {
            return Err(over(entry, "archive", total_bytes, "bytes"));
        }
        Ok(())
    }

    /// Reads the content of an extension.
    fn extension(&mut self, block: &Block<'_>) -> Result<Vec<u8>, TarReadError> {
        let fail = |reason| TarReadError::ambiguous(block.shown(), reason);
        if block.kind() == b'g' {
            self.count_entry(&block.shown())?;
        }
        let size_bytes = block.size_bytes().map_err(fail)?;
        if size_bytes > EXTENSION_BYTES {
            return Err(over(&block.shown(), "extension", EXTENSION_BYTES, "bytes"));
        }
        let padded = size_bytes + padding_bytes(size_bytes) as u64;
        let mut content = Vec::new();
        (&mut self.input).take(padded).read_to_end(&mut content)?;
        if (content.len() as u64) < padded {
            return Err(fail(Ambiguity::Dangling));
        }
        self.offset_bytes += padded;
        content.truncate(usize::try_from(size_bytes).unwrap_or(usize::MAX));
        Ok(content)
    }

    /// Passes over what was not read of the last entry.
    fn finish_entry(&mut self) -> Result<(), TarReadError> {
        let rest = self.unread_bytes + self.padding_bytes as u64;
        (self.unread_bytes, self.padding_bytes) = (0, 0);
        let skipped = io::copy(&mut (&mut self.input).take(rest), &mut io::sink())?;
        self.offset_bytes += skipped;
        if skipped < rest { Err(self.broken("it ends inside a file")) } else { Ok(()) }
    }

    /// Reads a block; returns false where there is none, or one of zeros: the end.
    fn block(&mut self, bytes: &mut [u8; BLOCK]) -> Result<bool, TarReadError> {
        let mut got = 0;
        while got < BLOCK {
            match self.input.read(&mut bytes[got..]) {
                Ok(0) if got == 0 => return Ok(false),
                Ok(0) => return Err(self.broken("it ends inside a header")),
                Ok(read) => got += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.offset_bytes += BLOCK as u64;
        Ok(bytes.iter().any(|&byte| byte != 0))
    }

    /// Only zeros may follow the end.
    fn end<T>(&mut self, extension: Option<&Extension>) -> Result<Option<T>, TarReadError> {
        if extension.is_some() {
            return Err(TarReadError::ambiguous("", Ambiguity::Dangling));
        }
        let mut bytes = [0; 8 * BLOCK];
        loop {
            match self.input.read(&mut bytes) {
                Ok(0) => return Ok(None),
                Ok(read) if bytes[..read].iter().all(|&byte| byte == 0) => {}
                Ok(_) => return Err(TarReadError::ambiguous("", Ambiguity::AfterEnd)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn broken(&self, reason: &'static str) -> TarReadError {
        TarReadError::Broken {
            reason,
            offset_bytes: self.offset_bytes.saturating_sub(BLOCK as u64),
        }
    }
}

impl<R: Read> TarEntry<'_, R> {
    /// Reads all of the content.
    ///
    /// # Errors
    ///
    /// When the input fails or ends inside it.
    pub fn content(mut self) -> Result<Vec<u8>, TarReadError> {
        let size = usize::try_from(self.reader.unread_bytes).unwrap_or(usize::MAX);
        let mut content = Vec::with_capacity(size.min(TRUSTED_BYTES));
        self.read_to_end(&mut content)?;
        if self.reader.unread_bytes > 0 {
            return Err(self.reader.broken("it ends inside a file"));
        }
        Ok(content)
    }
}

impl TarEntry<'_, &[u8]> {
    /// Returns where in an archive in memory the content is, which is not copied.
    ///
    /// # Errors
    ///
    /// When the input ends inside it.
    pub fn place(self) -> Result<Range<usize>, TarReadError> {
        let reader = self.reader;
        let size = usize::try_from(reader.unread_bytes).unwrap_or(usize::MAX);
        let Some(rest) = reader.input.get(size..) else {
            return Err(reader.broken("it ends inside a file"));
        };
        let start = usize::try_from(reader.offset_bytes).unwrap_or(usize::MAX);
        (reader.input, reader.unread_bytes) = (rest, 0);
        reader.offset_bytes += size as u64;
        Ok(start..start.saturating_add(size))
    }
}

impl<R: Read> Read for TarEntry<'_, R> {
    /// Reads of the content; an input that ends too early shows at the next entry.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let reader = &mut *self.reader;
        let read = (&mut reader.input).take(reader.unread_bytes).read(buffer)?;
        reader.unread_bytes -= read as u64;
        reader.offset_bytes += read as u64;
        Ok(read)
    }
}

fn over(entry: &str, what: &'static str, limit: u64, unit: &'static str) -> TarReadError {
    TarReadError::Limit { entry: entry.to_owned(), what, limit, unit }
}

/// Takes the root folder off; `None` for the folder itself.
fn strip(path: &ArchivePath, head: &Head) -> Result<Option<ArchivePath>, TarReadError> {
    if head.name.contains(&b'/') && head.name.contains(&b'\\') {
        return Err(TarReadError::ambiguous(&*head.entry, Ambiguity::Separators));
    }
    match path.without_root() {
        None if head.kind != EntryKind::Directory => {
            Err(TarReadError::Root { entry: head.entry.clone() })
        }
        stripped => Ok(stripped),
    }
}
