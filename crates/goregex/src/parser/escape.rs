//! `\` and what follows it.

use regex_syntax::hir::Look;

use super::Parser;
use crate::flags::Flags;
use crate::pattern::Pattern;
use crate::{Error, ErrorKind};

impl Parser<'_> {
    /// Reads an escape outside a class.
    pub(super) fn backslash(&mut self) -> Result<(), Error> {
        let fixed = |look| [look, look];
        match self.pattern.peek_at(1) {
            Some(b'A') => self.look_after(2, Flags::default(), fixed(Look::Start)),
            Some(b'z') => self.look_after(2, Flags::default(), fixed(Look::End)),
            Some(b'b') => self.look_after(2, Flags::default(), fixed(Look::WordAscii)),
            Some(b'B') => self.look_after(2, Flags::default(), fixed(Look::WordAsciiNegate)),
            Some(b'C') => Err(Error::new(ErrorKind::InvalidEscape, &self.pattern.rest()[..2])),
            Some(b'Q') => self.quoted(),
            _ => self.class_or_rune(),
        }
    }

    fn class_or_rune(&mut self) -> Result<(), Error> {
        if let Some(class) = self.class_escape()? {
            return self.push_class(class);
        }
        let rune = self.escaped_rune()?;
        self.literal(rune)
    }

    /// Reads `\Q…\E`, or `\Q…` to the end.
    fn quoted(&mut self) -> Result<(), Error> {
        self.pattern.skip(2);
        let rest = self.pattern.rest();
        let end = rest.windows(2).position(|pair| pair == b"\\E");
        let mut quoted = Pattern::new(&rest[..end.unwrap_or(rest.len())]);
        while let Some(literal) = quoted.next()? {
            self.literal(u32::from(literal))?;
        }
        self.pattern.skip(end.map_or(rest.len(), |end| end + 2));
        Ok(())
    }

    /// Reads an escape that stands for one code point.
    pub(super) fn escaped_rune(&mut self) -> Result<u32, Error> {
        let start = self.pattern.at();
        self.pattern.skip(1);
        let Some(letter) = self.pattern.next()? else {
            return Err(Error::new(ErrorKind::TrailingBackslash, b""));
        };
        let rune = match letter {
            'a' => Some(0x07),
            't' => Some(0x09),
            'n' => Some(0x0A),
            'v' => Some(0x0B),
            'f' => Some(0x0C),
            'r' => Some(0x0D),
            'x' => self.hexadecimal()?,
            // One digit alone would be a back reference, but for `\0`.
            '0' => Some(self.octal(letter)),
            '1'..='7' if self.octal_digit().is_some() => Some(self.octal(letter)),
            _ if letter.is_ascii() && !letter.is_ascii_alphanumeric() => Some(u32::from(letter)),
            _ => None,
        };
        rune.ok_or_else(|| Error::new(ErrorKind::InvalidEscape, self.pattern.since(start)))
    }

    /// Reads up to two more octal digits.
    fn octal(&mut self, first: char) -> u32 {
        let mut rune = u32::from(first) - u32::from('0');
        for _ in 0..2 {
            let Some(digit) = self.octal_digit() else { break };
            self.pattern.skip(1);
            rune = rune * 8 + digit;
        }
        rune
    }

    fn octal_digit(&self) -> Option<u32> {
        self.pattern.peek().and_then(|byte| char::from(byte).to_digit(8))
    }

    /// Reads what follows `\x`: two digits, or any number of them in braces.
    fn hexadecimal(&mut self) -> Result<Option<u32>, Error> {
        let Some(first) = self.pattern.next()? else { return Ok(None) };
        if first == '{' {
            return self.braced_hexadecimal();
        }
        let second = self.pattern.next()?;
        let high = first.to_digit(16);
        let low = second.and_then(|second| second.to_digit(16));
        Ok(high.zip(low).map(|(high, low)| high * 16 + low))
    }

    fn braced_hexadecimal(&mut self) -> Result<Option<u32>, Error> {
        let mut rune = None;
        while let Some(letter) = self.pattern.next()? {
            if letter == '}' {
                return Ok(rune);
            }
            let Some(digit) = letter.to_digit(16) else { break };
            let next = rune.unwrap_or(0) * 16 + digit;
            if next > u32::from(char::MAX) {
                break;
            }
            rune = Some(next);
        }
        Ok(None)
    }

    /// Reads a single code point of a class, escaped or not.
    pub(super) fn class_rune(&mut self, class_start: usize) -> Result<u32, Error> {
        if self.pattern.peek() == Some(b'\\') {
            return self.escaped_rune();
        }
        match self.pattern.next()? {
            Some(read) => Ok(u32::from(read)),
            None => Err(Error::new(ErrorKind::MissingBracket, self.pattern.from(class_start))),
        }
    }
}
