//! `[…]`.

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::Parser;
use crate::flags::Flags;
use crate::{Error, ErrorKind, unicode};

/// The members of a class while it is read.
#[derive(Default)]
struct Members {
    /// Ranges that stay as they are: those of named classes are folded already.
    exact: Vec<ClassUnicodeRange>,
    /// Ranges as written, to be folded if that flag is set.
    written: Vec<ClassUnicodeRange>,
}

impl Members {
    fn into_class(self, fold: bool) -> ClassUnicode {
        let mut class = ClassUnicode::new(self.written);
        if fold {
            unicode::fold(&mut class);
        }
        class.union(&ClassUnicode::new(self.exact));
        class
    }
}

impl Parser<'_> {
    pub(super) fn class(&mut self) -> Result<(), Error> {
        let start = self.pattern.at();
        self.pattern.skip(1);
        let is_negated = self.pattern.eat(b"^");
        let mut members = Members::default();
        // A `]` that comes first is a member.
        let mut is_first = true;
        while is_first || self.pattern.peek() != Some(b']') {
            is_first = false;
            if let Some(named) = self.named_member()? {
                self.spend(named.ranges().len())?;
                members.exact.extend_from_slice(named.ranges());
            } else {
                let (low, high) = self.range(start)?;
                members.written.extend(unicode::range(low, high));
            }
        }
        self.pattern.skip(1);
        let mut class = members.into_class(self.flags.has(Flags::FOLD));
        if is_negated {
            class.negate();
        }
        self.push_class(class)
    }

    fn named_member(&mut self) -> Result<Option<ClassUnicode>, Error> {
        if let Some(class) = self.posix_class()? {
            return Ok(Some(class));
        }
        self.class_escape()
    }

    /// Reads `a` or `a-z`. A `-` before the `]` is a member.
    fn range(&mut self, class_start: usize) -> Result<(u32, u32), Error> {
        let start = self.pattern.at();
        let low = self.class_rune(class_start)?;
        let is_range = self.pattern.peek() == Some(b'-')
            && self.pattern.peek_at(1).is_some_and(|next| next != b']');
        if !is_range {
            return Ok((low, low));
        }
        self.pattern.skip(1);
        let high = self.class_rune(class_start)?;
        if high < low {
            return Err(Error::new(ErrorKind::InvalidCharRange, self.pattern.since(start)));
        }
        Ok((low, high))
    }
}
