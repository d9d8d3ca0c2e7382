//! `%YAML` and `%TAG`.

use super::Scanner;
use crate::charset::is_word;
use crate::error::Error;
use crate::token::{TagDirective, TokenKind};

impl<'t> Scanner<'t> {
    pub(super) fn directive(&mut self) -> Result<(), Error> {
        self.unroll_indentation(-1);
        self.forget_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.mark();
        self.cursor.advance(1);
        let kind = match self.directive_name()? {
            "YAML" => self.version()?,
            "TAG" => self.tag_directive()?,
            _ => return self.syntax_error("found unknown directive name"),
        };
        self.push(kind, start);
        self.cursor.skip_blanks();
        if self.cursor.peek(0) == b'#' {
            self.cursor.skip_to_line_end();
        }
        if !self.cursor.is_line_end() {
            return self.syntax_error("did not find expected comment or line break");
        }
        self.cursor.take_break();
        Ok(())
    }

    fn directive_name(&mut self) -> Result<&'t str, Error> {
        let from = self.cursor.offset();
        while is_word(self.cursor.peek(0)) {
            self.cursor.advance(1);
        }
        let name = self.cursor.slice(from, self.cursor.offset());
        if name.is_empty() {
            return self.syntax_error("could not find expected directive name");
        }
        if !self.cursor.is_blank_or_end(0) {
            return self.syntax_error("found unexpected non-alphabetical character");
        }
        Ok(name)
    }

    fn version(&mut self) -> Result<TokenKind<'t>, Error> {
        self.cursor.skip_blanks();
        let major = self.version_number()?;
        if self.cursor.peek(0) != b'.' {
            return self.syntax_error("did not find expected digit or '.' character");
        }
        self.cursor.advance(1);
        let minor = self.version_number()?;
        Ok(TokenKind::Version { major, minor })
    }

    fn version_number(&mut self) -> Result<u32, Error> {
        let mut number: u32 = 0;
        let mut digits = 0;
        while let Some(digit) = char::from(self.cursor.peek(0)).to_digit(10) {
            digits += 1;
            if digits > self.dialect.version_digits() {
                return self.syntax_error("found extremely long version number");
            }
            number = number * 10 + digit;
            self.cursor.advance(1);
        }
        if digits == 0 {
            return self.syntax_error("did not find expected version number");
        }
        Ok(number)
    }

    fn tag_directive(&mut self) -> Result<TokenKind<'t>, Error> {
        self.cursor.skip_blanks();
        let handle = self.tag_handle(true)?;
        if !self.cursor.is_blank(0) {
            return self.syntax_error("did not find expected whitespace");
        }
        self.cursor.skip_blanks();
        let prefix = self.tag_uri("", true)?;
        if !self.cursor.is_blank_or_end(0) {
            return self.syntax_error("did not find expected whitespace or line break");
        }
        Ok(TokenKind::TagDirective(Box::new(TagDirective { handle, prefix })))
    }
}
