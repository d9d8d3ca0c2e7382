//! Classes that have a name: `\d`, `[:alpha:]`, `\pL`, `\p{Greek}`.

use regex_syntax::hir::ClassUnicode;

use super::Parser;
use crate::flags::Flags;
use crate::pattern::Pattern;
use crate::{Error, ErrorKind, unicode};

const DIGIT: &[(u32, u32)] = &[(0x30, 0x39)];
/// Without the vertical tab, which `[:space:]` has.
const PERL_SPACE: &[(u32, u32)] = &[(0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20)];
const WORD: &[(u32, u32)] = &[(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)];

impl<'p> Parser<'p> {
    /// Reads `\d`, `\s`, `\w`, `\p` and their negations, if one comes next.
    pub(super) fn class_escape(&mut self) -> Result<Option<ClassUnicode>, Error> {
        if self.pattern.peek() != Some(b'\\') {
            return Ok(None);
        }
        let Some(letter) = self.pattern.peek_at(1) else { return Ok(None) };
        let members = match letter.to_ascii_lowercase() {
            b'p' => return self.unicode_class().map(Some),
            b'd' => DIGIT,
            b's' => PERL_SPACE,
            b'w' => WORD,
            _ => return Ok(None),
        };
        self.pattern.skip(2);
        Ok(Some(self.group(members, letter.is_ascii_uppercase())))
    }

    /// Reads `[:alpha:]` or `[:^alpha:]`, if one comes next.
    pub(super) fn posix_class(&mut self) -> Result<Option<ClassUnicode>, Error> {
        let Some(inner) = self.pattern.rest().strip_prefix(b"[:") else { return Ok(None) };
        let Some(length) = inner.windows(2).position(|pair| pair == b":]") else {
            return Ok(None);
        };
        let written = &inner[..length];
        let name = written.strip_prefix(b"^").unwrap_or(written);
        let Some(members) = posix_members(name) else {
            let whole = &self.pattern.rest()[..length + 4];
            return Err(Error::new(ErrorKind::InvalidCharRange, whole));
        };
        self.pattern.skip(length + 4);
        Ok(Some(self.group(members, name.len() < length)))
    }

    /// Folds before it negates, as Go does: `(?i)\W` has no Kelvin sign.
    fn group(&self, members: &[(u32, u32)], is_negated: bool) -> ClassUnicode {
        let mut class = unicode::class(members);
        if self.flags.has(Flags::FOLD) {
            unicode::fold(&mut class);
        }
        if is_negated {
            class.negate();
        }
        class
    }

    /// Reads `\pL`, `\p{Greek}`, `\p{^Greek}`, `\PL`.
    fn unicode_class(&mut self) -> Result<ClassUnicode, Error> {
        let start = self.pattern.at();
        let mut is_negated = self.pattern.peek_at(1) == Some(b'P');
        self.pattern.skip(2);
        let mut name = self.unicode_name(start)?;
        if let Some(negated) = name.strip_prefix('^') {
            name = negated;
            is_negated = !is_negated;
        }
        let Some(mut class) = unicode::named(name) else {
            return Err(Error::new(ErrorKind::InvalidCharRange, self.pattern.since(start)));
        };
        if self.flags.has(Flags::FOLD) && !unicode::never_folds(name) {
            unicode::fold(&mut class);
        }
        if is_negated {
            class.negate();
        }
        Ok(class)
    }

    fn unicode_name(&mut self, start: usize) -> Result<&'p str, Error> {
        let name_start = self.pattern.at();
        if self.pattern.next()? != Some('{') {
            return Pattern::check(self.pattern.since(name_start));
        }
        let rest = self.pattern.rest();
        let Some(length) = rest.iter().position(|&byte| byte == b'}') else {
            Pattern::check(rest)?;
            return Err(Error::new(ErrorKind::InvalidCharRange, self.pattern.from(start)));
        };
        let name = Pattern::check(&rest[..length])?;
        self.pattern.skip(length + 1);
        Ok(name)
    }
}

fn posix_members(name: &[u8]) -> Option<&'static [(u32, u32)]> {
    Some(match name {
        b"alnum" => &[(0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)],
        b"alpha" => &[(0x41, 0x5A), (0x61, 0x7A)],
        b"ascii" => &[(0x00, 0x7F)],
        b"blank" => &[(0x09, 0x09), (0x20, 0x20)],
        b"cntrl" => &[(0x00, 0x1F), (0x7F, 0x7F)],
        b"digit" => DIGIT,
        b"graph" => &[(0x21, 0x7E)],
        b"lower" => &[(0x61, 0x7A)],
        b"print" => &[(0x20, 0x7E)],
        b"punct" => &[(0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)],
        b"space" => &[(0x09, 0x0D), (0x20, 0x20)],
        b"upper" => &[(0x41, 0x5A)],
        b"word" => WORD,
        b"xdigit" => &[(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)],
        _ => return None,
    })
}
