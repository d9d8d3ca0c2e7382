//! Escapes in double quotes.

use super::Scanner;
use crate::error::Error;

impl Scanner<'_> {
    /// Takes the escape at the cursor.
    pub(super) fn escape(&mut self) -> Result<char, Error> {
        let escape = self.cursor.peek(1);
        let digits = match escape {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => {
                let Some(character) = simple(escape).or_else(|| self.dialect.extra_escape(escape))
                else {
                    return self.syntax_error("found unknown escape character");
                };
                self.cursor.advance(2);
                return Ok(character);
            }
        };
        self.cursor.advance(2);
        self.code(digits)
    }

    fn code(&mut self, digits: u32) -> Result<char, Error> {
        let mut code: u32 = 0;
        for distance in 0..digits as usize {
            let Some(digit) = char::from(self.cursor.peek(distance)).to_digit(16) else {
                // Spelt as go-yaml spells it.
                return self.syntax_error("did not find expected hexdecimal number");
            };
            code = (code << 4) | digit;
        }
        let Some(character) = char::from_u32(code) else {
            return self.syntax_error("found invalid Unicode character escape code");
        };
        self.cursor.advance(digits);
        Ok(character)
    }
}

/// The escapes that both dialects know.
fn simple(escape: u8) -> Option<char> {
    Some(match escape {
        b'0' => '\0',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\u{b}',
        b'f' => '\u{c}',
        b'r' => '\r',
        b'e' => '\u{1b}',
        b' ' => ' ',
        b'"' => '"',
        b'\\' => '\\',
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        _ => return None,
    })
}
