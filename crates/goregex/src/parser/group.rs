//! `(`, `(?flags)`, `(?flags:`, `(?P<name>`, `(?<name>` and `)`.

use super::{Open, Parser};
use crate::flags::Flags;
use crate::pattern::Pattern;
use crate::{Error, ErrorKind};

impl Parser<'_> {
    pub(super) fn open_group(&mut self) -> Result<(), Error> {
        if self.pattern.peek_at(1) != Some(b'?') {
            self.pattern.skip(1);
            return self.open_capture(None);
        }
        let rest = self.pattern.rest();
        if rest.len() > 4 && rest.starts_with(b"(?P<") {
            self.open_named(4)
        } else if rest.len() > 3 && rest.starts_with(b"(?<") {
            self.open_named(3)
        } else {
            self.set_flags()
        }
    }

    pub(super) fn close_group(&mut self) -> Result<(), Error> {
        self.pattern.skip(1);
        if self.open.len() == 1 {
            return Err(Error::new(ErrorKind::UnexpectedParen, self.pattern.whole()));
        }
        let closed = self.open.pop().expect("one group and the pattern are open");
        self.flags = closed.flags;
        self.push(closed.close())
    }

    fn open_capture(&mut self, name: Option<String>) -> Result<(), Error> {
        let index = u32::try_from(self.names.len())
            .map_err(|_| Error::new(ErrorKind::Large, self.pattern.whole()))?;
        self.names.push(name);
        self.open.push(Open { capture: Some(index), flags: self.flags, ..Open::default() });
        Ok(())
    }

    fn open_named(&mut self, name_at: usize) -> Result<(), Error> {
        let rest = self.pattern.rest();
        let Some(end) = rest.iter().position(|&byte| byte == b'>') else {
            Pattern::check(rest)?;
            return Err(Error::new(ErrorKind::InvalidNamedCapture, rest));
        };
        // `(?<>`: Go cuts the name before it has an end.
        let name = Pattern::check(rest.get(name_at..end).unwrap_or_default())?;
        let is_word = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
        if name.is_empty() || !name.bytes().all(is_word) {
            return Err(Error::new(ErrorKind::InvalidNamedCapture, &rest[..=end]));
        }
        self.pattern.skip(end + 1);
        self.open_capture(Some(name.to_owned()))
    }

    fn set_flags(&mut self) -> Result<(), Error> {
        let start = self.pattern.at();
        self.pattern.skip(2);
        let mut flags = self.flags;
        let (mut on, mut named_one) = (true, false);
        while let Some(letter) = self.pattern.next()? {
            match (letter, Flags::of(letter)) {
                (_, Some(flag)) => {
                    flags.set(flag, on);
                    named_one = true;
                }
                ('-', _) if on => (on, named_one) = (false, false),
                (':' | ')', _) if on || named_one => {
                    if letter == ':' {
                        self.open.push(Open { flags: self.flags, ..Open::default() });
                    }
                    self.flags = flags;
                    return Ok(());
                }
                _ => break,
            }
        }
        Err(Error::new(ErrorKind::InvalidPerlOp, self.pattern.since(start)))
    }
}
