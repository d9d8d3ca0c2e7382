//! A place in the text, and what stands there.

use crate::charset::{CLASSES, Class, break_length, break_text};

/// A place in the text, as libyaml counts it: lines and columns from 0,
/// columns in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Line, from 0.
    pub line: u32,
    /// Column in characters, from 0.
    pub column: u32,
}

/// Reads the text from left to right.
///
/// The text holds no NUL, so that byte 0 means the end, as in libyaml.
pub(crate) struct Cursor<'t> {
    text: &'t str,
    offset: usize,
    mark: Mark,
}

impl<'t> Cursor<'t> {
    /// Starts after a byte order mark, if there is one.
    pub(crate) fn new(text: &'t str) -> Self {
        let offset = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, offset, mark: Mark::default() }
    }

    pub(crate) fn mark(&self) -> Mark {
        self.mark
    }

    pub(crate) fn column(&self) -> u32 {
        self.mark.column
    }

    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    pub(crate) fn bytes(&self) -> &'t [u8] {
        self.text.as_bytes()
    }

    /// The text between two offsets, both at the border of a character.
    pub(crate) fn slice(&self, start: usize, end: usize) -> &'t str {
        &self.text[start..end]
    }

    /// The byte so many bytes ahead, or 0 at the end.
    pub(crate) fn peek(&self, distance: usize) -> u8 {
        self.bytes().get(self.offset + distance).copied().unwrap_or(0)
    }

    /// Whether nothing was read but the byte order mark that every reader passes over.
    pub(crate) fn at_start(&self) -> bool {
        self.offset <= '\u{feff}'.len_utf8() && self.mark == Mark::default()
    }

    pub(crate) fn at_end(&self) -> bool {
        self.offset >= self.text.len()
    }

    pub(crate) fn is_blank(&self, distance: usize) -> bool {
        matches!(self.peek(distance), b' ' | b'\t')
    }

    pub(crate) fn is_break(&self, distance: usize) -> bool {
        CLASSES[usize::from(self.peek(distance))] == Class::Break
            && break_length(self.bytes(), self.offset + distance) > 0
    }

    /// Whether a break or the end is here.
    pub(crate) fn is_line_end(&self) -> bool {
        self.at_end() || self.is_break(0)
    }

    /// Whether a blank, a break or the end is so many bytes ahead.
    pub(crate) fn is_blank_or_end(&self, distance: usize) -> bool {
        self.offset + distance >= self.text.len()
            || self.is_blank(distance)
            || self.is_break(distance)
    }

    pub(crate) fn is_byte_order_mark(&self) -> bool {
        self.peek(0) == 0xEF && self.text[self.offset..].starts_with('\u{feff}')
    }

    /// Whether `---` or `...` stands here, at the start of a line.
    pub(crate) fn at_document_indicator(&self) -> bool {
        self.mark.column == 0
            && matches!(self.peek(0), b'-' | b'.')
            && self.peek(1) == self.peek(0)
            && self.peek(2) == self.peek(0)
            && self.is_blank_or_end(3)
    }

    /// Passes ASCII characters, none of them a break.
    pub(crate) fn advance(&mut self, bytes: u32) {
        self.offset += bytes as usize;
        self.mark.column += bytes;
    }

    /// Passes everything before `offset`, which holds no break.
    pub(crate) fn advance_to(&mut self, offset: usize) {
        let passed = &self.bytes()[self.offset..offset];
        let characters = passed.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        self.mark.column += u32::try_from(characters).unwrap_or(u32::MAX);
        self.offset = offset;
    }

    /// Passes one character, which is no break, and returns it.
    pub(crate) fn next_character(&mut self) -> Option<char> {
        let character = self.text[self.offset..].chars().next()?;
        self.offset += character.len_utf8();
        self.mark.column += 1;
        Some(character)
    }

    /// Passes spaces and tabs.
    pub(crate) fn skip_blanks(&mut self) {
        while self.is_blank(0) {
            self.advance(1);
        }
    }

    /// Passes everything up to the end of the line.
    pub(crate) fn skip_to_line_end(&mut self) {
        let end = self.line_end();
        self.advance_to(end);
    }

    /// The offset of the next break or of the end.
    pub(crate) fn line_end(&self) -> usize {
        let bytes = self.bytes();
        let mut at = self.offset;
        while at < bytes.len() {
            let length =
                bytes[at..].iter().position(|&byte| CLASSES[usize::from(byte)] == Class::Break);
            let Some(length) = length else { return bytes.len() };
            at += length;
            if break_length(bytes, at) > 0 {
                return at;
            }
            at += 1;
        }
        bytes.len()
    }

    /// Passes a line break and returns what it reads as; nothing at the end of the text.
    pub(crate) fn take_break(&mut self) -> &'static str {
        let length = break_length(self.bytes(), self.offset);
        if length == 0 {
            return "";
        }
        let text = break_text(self.bytes(), self.offset);
        self.offset += length;
        self.mark = Mark { line: self.mark.line + 1, column: 0 };
        text
    }

    /// Goes to the start of a line that is not there: the end of the text ends its last line.
    pub(crate) fn force_new_line(&mut self) {
        if self.mark.column != 0 {
            self.mark = Mark { line: self.mark.line + 1, column: 0 };
        }
    }
}
