//! Anchors and aliases.

use super::Scanner;
use crate::charset::is_word;
use crate::error::Error;
use crate::token::TokenKind;

impl Scanner<'_> {
    /// Scans `&name` or `*name`.
    pub(super) fn anchor(&mut self) -> Result<(), Error> {
        self.note_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.mark();
        let is_alias = self.cursor.peek(0) == b'*';
        self.cursor.advance(1);
        let from = self.cursor.offset();
        while is_word(self.cursor.peek(0)) {
            self.cursor.advance(1);
        }
        let name = self.cursor.slice(from, self.cursor.offset());
        let ends = self.cursor.is_blank_or_end(0)
            || matches!(self.cursor.peek(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !ends {
            return self.syntax_error("did not find expected alphabetic or numeric character");
        }
        self.push(if is_alias { TokenKind::Alias(name) } else { TokenKind::Anchor(name) }, start);
        Ok(())
    }
}
