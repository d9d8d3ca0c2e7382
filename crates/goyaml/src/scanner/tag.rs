//! Tags, and the parts of them that `%TAG` has too.

use super::Scanner;
use crate::charset::is_word;
use crate::error::Error;
use crate::token::{Tag, TokenKind};

impl Scanner<'_> {
    /// Scans `!<uri>`, `!suffix`, `!handle!suffix` or `!`.
    pub(super) fn tag(&mut self) -> Result<(), Error> {
        self.note_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.mark();
        let (handle, suffix) =
            if self.cursor.peek(1) == b'<' { self.verbatim_tag()? } else { self.shorthand_tag()? };
        let ends = self.cursor.is_blank_or_end(0)
            || (self.in_flow()
                && self.cursor.peek(0) == b','
                && !self.dialect.tag_may_hold_flow_indicators());
        if !ends {
            return self.syntax_error("did not find expected whitespace or line break");
        }
        self.push(TokenKind::Tag(Box::new(Tag { handle, suffix })), start);
        Ok(())
    }

    fn verbatim_tag(&mut self) -> Result<(String, String), Error> {
        self.cursor.advance(2);
        let uri = self.tag_uri("", true)?;
        if self.cursor.peek(0) != b'>' {
            return self.syntax_error("did not find the expected '>'");
        }
        self.cursor.advance(1);
        Ok((String::new(), uri))
    }

    fn shorthand_tag(&mut self) -> Result<(String, String), Error> {
        let handle = self.tag_handle(false)?;
        let flow = self.dialect.tag_may_hold_flow_indicators();
        if handle.len() > 1 && handle.ends_with('!') {
            let suffix = self.tag_uri("", flow)?;
            return Ok((handle, suffix));
        }
        let suffix = self.tag_uri(&handle, flow)?;
        // A lone `!` is the non-specific tag and has no handle.
        Ok(if suffix.is_empty() { (suffix, handle) } else { ("!".to_owned(), suffix) })
    }

    /// Scans `!`, `!!` or `!name!`; in a tag, `!name` is the start of a suffix.
    pub(super) fn tag_handle(&mut self, in_directive: bool) -> Result<String, Error> {
        let from = self.cursor.offset();
        if self.cursor.peek(0) != b'!' {
            return self.syntax_error("did not find expected '!'");
        }
        self.cursor.advance(1);
        while is_word(self.cursor.peek(0)) {
            self.cursor.advance(1);
        }
        if self.cursor.peek(0) == b'!' {
            self.cursor.advance(1);
        } else if in_directive && self.cursor.offset() > from + 1 {
            return self.syntax_error("did not find expected '!'");
        }
        Ok(self.cursor.slice(from, self.cursor.offset()).to_owned())
    }

    /// Scans the rest of a tag after `head`, the `!` of which is not part of it.
    pub(super) fn tag_uri(&mut self, head: &str, flow_indicators: bool) -> Result<String, Error> {
        let mut uri = head.get(1..).unwrap_or("").as_bytes().to_vec();
        let mut found = !head.is_empty();
        loop {
            match self.cursor.peek(0) {
                b'%' => self.uri_escape(&mut uri)?,
                byte if is_uri(byte, flow_indicators) => {
                    uri.push(byte);
                    self.cursor.advance(1);
                }
                _ => break,
            }
            found = true;
        }
        if !found {
            return self.syntax_error("did not find expected tag URI");
        }
        Ok(String::from_utf8_lossy(&uri).into_owned())
    }

    /// Takes one character written as `%C3%A9`.
    fn uri_escape(&mut self, uri: &mut Vec<u8>) -> Result<(), Error> {
        let first = self.uri_octet()?;
        let width = match first {
            0..=0x7F => 1,
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF7 => 4,
            _ => return self.syntax_error("found an incorrect leading UTF-8 octet"),
        };
        uri.push(first);
        for _ in 1..width {
            let octet = self.uri_octet()?;
            if octet & 0xC0 != 0x80 {
                return self.syntax_error("found an incorrect trailing UTF-8 octet");
            }
            uri.push(octet);
        }
        Ok(())
    }

    fn uri_octet(&mut self) -> Result<u8, Error> {
        let digit = |distance| char::from(self.cursor.peek(distance)).to_digit(16);
        match (self.cursor.peek(0), digit(1), digit(2)) {
            (b'%', Some(high), Some(low)) => {
                self.cursor.advance(3);
                Ok(u8::try_from(high * 16 + low).expect("two hex digits are below 256"))
            }
            _ => self.syntax_error("did not find URI escaped octet"),
        }
    }
}

fn is_uri(byte: u8, flow_indicators: bool) -> bool {
    is_word(byte)
        || b";/?:@&=+$.!~*'()".contains(&byte)
        || (flow_indicators && matches!(byte, b',' | b'[' | b']'))
}
