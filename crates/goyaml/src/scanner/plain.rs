//! Scalars without quotes.

use super::Scanner;
use super::fold::{Breaks, Content};
use crate::charset::{CLASSES, Class, break_length};
use crate::error::Error;
use crate::node::Style;
use crate::token::Scalar;

impl Scanner<'_> {
    pub(super) fn plain(&mut self) -> Result<(), Error> {
        self.note_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.mark();
        // The end of the last line that has text.
        let mut end = start;
        let mut content = Content::new();
        let mut breaks = Breaks::default();
        let mut after_break = false;
        while !self.cursor.at_document_indicator() && self.cursor.peek(0) != b'#' {
            let from = self.cursor.offset();
            let to = self.plain_line_end()?;
            if to > from {
                if after_break {
                    breaks.fold_into(&mut content);
                    after_break = false;
                }
                content.push_str(self.cursor.slice(from, to));
                self.cursor.advance_to(to);
                end = self.cursor.mark();
            }
            if !self.cursor.is_blank(0) && !self.cursor.is_break(0) {
                break;
            }
            after_break = self.plain_gap(after_break, &mut breaks)?;
            if !self.in_flow() && i64::from(self.cursor.column()) <= self.indentation.column() {
                break;
            }
        }
        if after_break {
            self.simple_key_allowed = true;
        }
        let value = content.finish();
        let one_line = end.line == start.line;
        let scalar = Scalar { value, style: Style::Plain, content_line: start.line, one_line };
        self.push_scalar(scalar, start);
        Ok(())
    }

    /// Passes the blanks and breaks after a line; returns whether a break was among them.
    fn plain_gap(&mut self, mut after_break: bool, breaks: &mut Breaks) -> Result<bool, Error> {
        loop {
            if self.cursor.is_blank(0) {
                let indented = i64::from(self.cursor.column()) > self.indentation.column();
                if after_break && !indented && self.cursor.peek(0) == b'\t' {
                    return self.syntax_error("found a tab character that violates indentation");
                }
                self.cursor.advance(1);
            } else if self.cursor.is_break(0) {
                breaks.take(&mut self.cursor, !after_break);
                after_break = true;
            } else {
                return Ok(after_break);
            }
        }
    }

    /// The offset at which the scalar's text on this line ends, blanks at the end left out.
    fn plain_line_end(&self) -> Result<usize, Error> {
        let bytes = self.cursor.bytes();
        let in_flow = self.in_flow();
        let mut at = self.cursor.offset();
        // The offset after the last character that is no blank.
        let mut end = at;
        while let Some(&byte) = bytes.get(at) {
            match CLASSES[usize::from(byte)] {
                Class::Other => {
                    if byte == b'#' && end < at {
                        return Ok(end);
                    }
                }
                Class::Blank => {
                    at += 1;
                    continue;
                }
                Class::Break if break_length(bytes, at) > 0 => return Ok(end),
                Class::Colon if self.colon_ends_plain(at)? => return Ok(end),
                Class::Flow if in_flow => return Ok(end),
                Class::Question if in_flow && self.dialect.question_mark_ends_plain() => {
                    return Ok(end);
                }
                Class::Break | Class::Colon | Class::Flow | Class::Question => {}
            }
            at += 1;
            end = at;
        }
        Ok(end)
    }

    fn colon_ends_plain(&self, at: usize) -> Result<bool, Error> {
        let distance = at + 1 - self.cursor.offset();
        if self.cursor.is_blank_or_end(distance) {
            return Ok(true);
        }
        let next = self.cursor.peek(distance);
        let is_indicator = next == b'?' || CLASSES[usize::from(next)] == Class::Flow;
        if self.in_flow() && is_indicator && self.dialect.refuses_colon_before_indicator() {
            return self.syntax_error("found unexpected ':'");
        }
        Ok(false)
    }
}
