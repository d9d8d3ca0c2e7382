//! `*`, `+`, `?`, `{2}`, `{2,}`, `{2,5}`, each lazy with `?` behind it.

use super::Parser;
use crate::flags::Flags;
use crate::{Error, ErrorKind};

/// The largest count, and the largest product of nested counts.
const MAX_COPIES: u64 = 1000;

/// A count that is larger than any that is allowed: one of ten digits or more is not read.
const TOO_MANY: u32 = 1_000_000_000;

/// Counts as written, `None` for an open end.
struct Counts {
    min: u32,
    max: Option<u32>,
}

impl Parser<'_> {
    /// Reads `*`, `+` or `?`. Always a repetition.
    pub(super) fn operator(&mut self, sign: u8, repeated: Option<usize>) -> Result<bool, Error> {
        let start = self.pattern.at();
        self.pattern.skip(1);
        let (min, max) = match sign {
            b'*' => (0, None),
            b'+' => (1, None),
            _ => (0, Some(1)),
        };
        self.repeat(start, repeated, (min, max))?;
        Ok(true)
    }

    /// Reads `{`, which is a literal where no counts follow. Returns whether they do.
    pub(super) fn counted(&mut self, repeated: Option<usize>) -> Result<bool, Error> {
        let start = self.pattern.at();
        let Some(counts) = self.counts() else {
            self.pattern.back_to(start + 1);
            self.literal(u32::from(b'{'))?;
            return Ok(false);
        };
        if !counts.are_valid() {
            return Err(Error::new(ErrorKind::InvalidRepeatSize, self.pattern.since(start)));
        }
        self.repeat(start, repeated, (counts.min, counts.max))?;
        let item = self.innermost().items.last();
        if item.is_some_and(|item| item.copies > MAX_COPIES) {
            return Err(Error::new(ErrorKind::InvalidRepeatSize, self.pattern.since(start)));
        }
        Ok(true)
    }

    fn repeat(
        &mut self,
        start: usize,
        repeated: Option<usize>,
        (min, max): (u32, Option<u32>),
    ) -> Result<(), Error> {
        let is_lazy = self.pattern.eat(b"?");
        if let Some(before) = repeated {
            return Err(Error::new(ErrorKind::InvalidRepeatOp, self.pattern.since(before)));
        }
        let Some(item) = self.innermost().items.pop() else {
            return Err(Error::new(ErrorKind::MissingRepeatArgument, self.pattern.since(start)));
        };
        let greedy = is_lazy == self.flags.has(Flags::LAZY);
        self.push(item.repeat(min, max, greedy))
    }

    fn counts(&mut self) -> Option<Counts> {
        self.pattern.skip(1);
        let min = self.number()?;
        let mut max = Some(min);
        if self.pattern.eat(b",") {
            max = if self.pattern.peek() == Some(b'}') { None } else { Some(self.number()?) };
        }
        self.pattern.eat(b"}").then_some(Counts { min, max })
    }

    /// Reads a decimal number without leading zeros.
    fn number(&mut self) -> Option<u32> {
        let rest = self.pattern.rest();
        let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let digits = &rest[..length];
        if length == 0 || (length > 1 && digits[0] == b'0') {
            return None;
        }
        self.pattern.skip(length);
        if length > 9 {
            return Some(TOO_MANY);
        }
        Some(digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
    }
}

impl Counts {
    fn are_valid(&self) -> bool {
        let largest = self.max.unwrap_or(self.min);
        u64::from(largest) <= MAX_COPIES && self.min <= largest
    }
}
