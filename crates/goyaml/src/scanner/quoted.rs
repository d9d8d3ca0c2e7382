//! Scalars in quotes.

use super::Scanner;
use super::fold::{Breaks, Content};
use crate::charset::{CLASSES, Class, break_length};
use crate::cursor::Mark;
use crate::error::Error;
use crate::node::Style;
use crate::token::Scalar;

impl<'t> Scanner<'t> {
    pub(super) fn single_quoted(&mut self) -> Result<(), Error> {
        self.quoted(Style::SingleQuoted, |scanner, content| {
            scanner.single_quoted_word(content);
            Ok(false)
        })
    }

    pub(super) fn double_quoted(&mut self) -> Result<(), Error> {
        self.quoted(Style::DoubleQuoted, Self::double_quoted_word)
    }

    /// Scans a quoted scalar; `word` scans up to a blank, a break or the closing
    /// quote and returns whether it stopped after an escaped break.
    fn quoted(
        &mut self,
        style: Style,
        word: impl Fn(&mut Self, &mut Content<'t>) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        self.note_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.mark();
        let quote = self.cursor.peek(0);
        self.cursor.advance(1);
        let mut content = Content::new();
        loop {
            self.check_quoted_line(start)?;
            let after_break = word(self, &mut content)?;
            if self.cursor.peek(0) == quote {
                break;
            }
            self.quoted_gap(after_break, &mut content);
        }
        self.cursor.advance(1);
        let one_line = self.cursor.mark().line == start.line;
        let scalar = Scalar { value: content.finish(), style, content_line: start.line, one_line };
        self.push_scalar(scalar, start);
        Ok(())
    }

    fn check_quoted_line(&self, start: Mark) -> Result<(), Error> {
        if self.cursor.at_document_indicator() {
            return self.syntax_error("found unexpected document indicator");
        }
        if self.cursor.at_end() {
            return Err(self.error_for(start, "found unexpected end of stream"));
        }
        Ok(())
    }

    fn single_quoted_word(&mut self, content: &mut Content<'t>) {
        while !self.cursor.is_blank_or_end(0) {
            if self.cursor.peek(0) != b'\'' {
                self.quoted_run(content, b'\'');
            } else if self.cursor.peek(1) == b'\'' {
                content.push('\'');
                self.cursor.advance(2);
            } else {
                return;
            }
        }
    }

    fn double_quoted_word(&mut self, content: &mut Content<'t>) -> Result<bool, Error> {
        while !self.cursor.is_blank_or_end(0) {
            match self.cursor.peek(0) {
                b'"' => break,
                b'\\' if self.cursor.is_break(1) => {
                    self.cursor.advance(1);
                    self.cursor.take_break();
                    return Ok(true);
                }
                b'\\' => content.push(self.escape()?),
                _ => self.quoted_run(content, b'"'),
            }
        }
        Ok(false)
    }

    /// Takes all that needs no second look: up to a break, a quote, a backslash or
    /// blanks that a break follows.
    fn quoted_run(&mut self, content: &mut Content<'t>, quote: u8) {
        let bytes = self.cursor.bytes();
        let from = self.cursor.offset();
        let mut at = from;
        let mut end = from;
        while let Some(&byte) = bytes.get(at) {
            if byte == quote || (byte == b'\\' && quote == b'"') {
                end = at;
                break;
            }
            if CLASSES[usize::from(byte)] == Class::Break && break_length(bytes, at) > 0 {
                break;
            }
            at += 1;
            if byte != b' ' && byte != b'\t' {
                end = at;
            }
        }
        content.push_str(self.cursor.slice(from, end));
        self.cursor.advance_to(end);
    }

    /// Takes blanks and breaks: blanks alone stay, breaks fold.
    fn quoted_gap(&mut self, mut after_break: bool, content: &mut Content<'t>) {
        let mut breaks = Breaks::default();
        let from = self.cursor.offset();
        let mut blanks = if after_break { None } else { Some(from) };
        loop {
            if self.cursor.is_blank(0) {
                self.cursor.advance(1);
                blanks = blanks.map(|_| self.cursor.offset());
            } else if self.cursor.is_break(0) {
                blanks = None;
                breaks.take(&mut self.cursor, !after_break);
                after_break = true;
            } else {
                break;
            }
        }
        match blanks {
            Some(to) => content.push_str(self.cursor.slice(from, to)),
            None => breaks.fold_into(content),
        }
    }
}
