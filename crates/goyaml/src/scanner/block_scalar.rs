//! Literal (`|`) and folded (`>`) scalars.

use super::Scanner;
use crate::charset::break_length;
use crate::error::Error;
use crate::node::Style;
use crate::token::Scalar;

/// What becomes of the breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

struct Header {
    chomping: Chomping,
    /// The indentation that was written, relative to the parent's.
    increment: Option<i64>,
}

/// The lines while they are joined.
struct Lines {
    text: String,
    /// The break after the last line of text.
    last_break: &'static str,
    /// The empty lines after it.
    empty: String,
    /// Whether the last line of text began with a blank, which stops folding.
    blank: bool,
}

impl Scanner<'_> {
    pub(super) fn block_scalar(&mut self) -> Result<(), Error> {
        self.forget_simple_key()?;
        self.simple_key_allowed = true;
        let start = self.cursor.mark();
        let style = if self.cursor.peek(0) == b'|' { Style::Literal } else { Style::Folded };
        self.cursor.advance(1);
        let header = self.block_scalar_header()?;
        let content_line = self.cursor.mark().line;
        let parent = self.indentation.column().max(0);
        let mut indent = header.increment.map(|increment| parent + increment);
        let mut lines =
            Lines { text: String::new(), last_break: "", empty: String::new(), blank: false };
        self.block_scalar_breaks(&mut indent, &mut lines)?;
        while indent == Some(i64::from(self.cursor.column())) && !self.cursor.at_end() {
            self.block_scalar_line(&mut lines, style);
            self.block_scalar_breaks(&mut indent, &mut lines)?;
        }
        if header.chomping != Chomping::Strip {
            lines.text.push_str(lines.last_break);
        }
        if header.chomping == Chomping::Keep {
            lines.text.push_str(&lines.empty);
        }
        let scalar = Scalar { value: lines.text.into(), style, content_line, one_line: false };
        self.push_scalar(scalar, start);
        Ok(())
    }

    /// Chomping and indentation indicators in either order, and the rest of the line.
    fn block_scalar_header(&mut self) -> Result<Header, Error> {
        let mut chomping = self.chomping_indicator();
        let increment = self.indentation_indicator()?;
        if chomping.is_none() && increment.is_some() {
            chomping = self.chomping_indicator();
        }
        self.cursor.skip_blanks();
        if self.cursor.peek(0) == b'#' {
            self.cursor.skip_to_line_end();
        }
        if !self.cursor.is_line_end() {
            return self.syntax_error("did not find expected comment or line break");
        }
        self.cursor.take_break();
        Ok(Header { chomping: chomping.unwrap_or(Chomping::Clip), increment })
    }

    fn chomping_indicator(&mut self) -> Option<Chomping> {
        let chomping = match self.cursor.peek(0) {
            b'+' => Chomping::Keep,
            b'-' => Chomping::Strip,
            _ => return None,
        };
        self.cursor.advance(1);
        Some(chomping)
    }

    fn indentation_indicator(&mut self) -> Result<Option<i64>, Error> {
        let digit = self.cursor.peek(0);
        if !digit.is_ascii_digit() {
            return Ok(None);
        }
        if digit == b'0' {
            return self.syntax_error("found an indentation indicator equal to 0");
        }
        self.cursor.advance(1);
        Ok(Some(i64::from(digit - b'0')))
    }

    /// Takes one line of text and joins it to what came before.
    fn block_scalar_line(&mut self, lines: &mut Lines, style: Style) {
        let starts_blank = self.cursor.is_blank(0);
        let folds =
            style == Style::Folded && !lines.blank && !starts_blank && lines.last_break == "\n";
        if !folds {
            lines.text.push_str(lines.last_break);
        } else if lines.empty.is_empty() {
            lines.text.push(' ');
        }
        lines.text.push_str(&lines.empty);
        lines.empty.clear();
        lines.blank = starts_blank;
        let (from, to) = (self.cursor.offset(), self.cursor.line_end());
        lines.text.push_str(self.cursor.slice(from, to));
        self.cursor.advance_to(to);
        lines.last_break = self.cursor.take_break();
    }

    /// Passes indentation and empty lines; finds the indentation out where it is not
    /// known: that of the most indented line up to the first with text.
    fn block_scalar_breaks(
        &mut self,
        indent: &mut Option<i64>,
        lines: &mut Lines,
    ) -> Result<(), Error> {
        let mut deepest = 0;
        loop {
            let below = |column: u32| indent.is_none_or(|indent| i64::from(column) < indent);
            while self.cursor.peek(0) == b' ' && below(self.cursor.column()) {
                self.cursor.advance(1);
            }
            deepest = deepest.max(self.cursor.column());
            if self.cursor.peek(0) == b'\t' && below(self.cursor.column()) {
                return self
                    .syntax_error("found a tab character where an indentation space is expected");
            }
            if break_length(self.cursor.bytes(), self.cursor.offset()) == 0 {
                break;
            }
            lines.empty.push_str(self.cursor.take_break());
        }
        if indent.is_none() {
            *indent = Some(i64::from(deepest).max(self.indentation.column() + 1).max(1));
        }
        Ok(())
    }
}
