//! The pattern and the place that is being read.

use crate::{Error, ErrorKind};

/// A pattern read from left to right. Its bytes need not be UTF-8: Go says so only
/// where it comes to the wrong byte.
#[derive(Debug, Clone)]
pub(crate) struct Pattern<'p> {
    bytes: &'p [u8],
    at: usize,
}

impl<'p> Pattern<'p> {
    pub(crate) fn new(bytes: &'p [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn whole(&self) -> &'p [u8] {
        self.bytes
    }

    /// What is not read yet.
    pub(crate) fn rest(&self) -> &'p [u8] {
        &self.bytes[self.at..]
    }

    /// What was read since `start`.
    pub(crate) fn since(&self, start: usize) -> &'p [u8] {
        &self.bytes[start..self.at]
    }

    pub(crate) fn from(&self, start: usize) -> &'p [u8] {
        &self.bytes[start..]
    }

    /// The next byte; all bytes with a meaning are ASCII.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.peek_at(0)
    }

    pub(crate) fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    pub(crate) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
        debug_assert!(self.at <= self.bytes.len());
    }

    pub(crate) fn back_to(&mut self, at: usize) {
        self.at = at;
    }

    /// Skips `text` if it comes next.
    pub(crate) fn eat(&mut self, text: &[u8]) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Reads a character; at the end, `None`.
    pub(crate) fn next(&mut self) -> Result<Option<char>, Error> {
        let rest = self.rest();
        if rest.is_empty() {
            return Ok(None);
        }
        let read = first_char(rest).ok_or_else(|| Error::new(ErrorKind::InvalidUtf8, rest))?;
        self.at += read.len_utf8();
        Ok(Some(read))
    }

    /// Refuses `bytes` if they are not UTF-8, naming what follows the wrong place.
    pub(crate) fn check(bytes: &[u8]) -> Result<&str, Error> {
        std::str::from_utf8(bytes)
            .map_err(|error| Error::new(ErrorKind::InvalidUtf8, &bytes[error.valid_up_to()..]))
    }
}

/// The first character of `bytes`, or `None` if there is none or it is not UTF-8.
pub(crate) fn first_char(bytes: &[u8]) -> Option<char> {
    let head = &bytes[..bytes.len().min(4)];
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).ok()?,
    };
    valid.chars().next()
}
