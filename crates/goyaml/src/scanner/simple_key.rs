//! Keys without `?`: known as such only once their `:` is seen.

use super::Scanner;
use crate::cursor::Mark;
use crate::error::Error;

/// Characters between the start of a key and its `:`, at most.
const MAX_KEY_CHARACTERS: u32 = 1024;

/// What may turn out to be a key at one flow level.
#[derive(Clone, Copy, Default)]
pub(super) struct SimpleKey {
    possible: bool,
    /// In a block mapping, at its indentation, nothing but a key may stand.
    required: bool,
    /// Whether the token must stay in the queue until this is decided.
    holds: bool,
    /// The number of the token that would be the key's first.
    pub(super) number: usize,
    pub(super) mark: Mark,
}

impl SimpleKey {
    /// What a new flow level begins with.
    pub(super) fn none(number: usize) -> Self {
        Self { number, ..Self::default() }
    }
}

impl Scanner<'_> {
    /// Whether the first token of the queue may be the first of a key.
    ///
    /// # Errors
    ///
    /// When it no longer may, but had to.
    pub(super) fn first_may_be_key(&mut self) -> Result<bool, Error> {
        // The numbers grow with the level, so that a deep nesting is no quadratic time.
        let from = self.simple_keys.partition_point(|key| key.number < self.given);
        let level = (from..self.simple_keys.len())
            .take_while(|&level| self.simple_keys[level].number == self.given)
            .find(|&level| self.simple_keys[level].possible && self.simple_keys[level].holds);
        match level {
            Some(level) => self.is_still_possible(level),
            None => Ok(false),
        }
    }

    /// A key and its `:` stand on one line, 1,024 characters apart at most.
    fn is_still_possible(&mut self, level: usize) -> Result<bool, Error> {
        let mark = self.cursor.mark();
        let key = &mut self.simple_keys[level];
        if !key.possible {
            return Ok(false);
        }
        if key.mark.line < mark.line
            || key.mark.column.saturating_add(MAX_KEY_CHARACTERS) < mark.column
        {
            if key.required {
                let mark = key.mark;
                return Err(self.missing_colon(mark));
            }
            key.possible = false;
        }
        Ok(key.possible)
    }

    /// Notes that the token about to be scanned may be a key.
    pub(super) fn note_simple_key(&mut self) -> Result<(), Error> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        self.forget_simple_key()?;
        let mark = self.cursor.mark();
        let required = !self.in_flow() && self.indentation.column() == i64::from(mark.column);
        let key =
            SimpleKey { possible: true, required, holds: true, number: self.next_number(), mark };
        let level = self.flow_level();
        self.simple_keys[level] = key;
        Ok(())
    }

    /// What was noted at this level is no key after all.
    pub(super) fn forget_simple_key(&mut self) -> Result<(), Error> {
        let level = self.flow_level();
        let key = &mut self.simple_keys[level];
        if key.possible && key.required {
            let mark = key.mark;
            return Err(self.missing_colon(mark));
        }
        key.possible = false;
        Ok(())
    }

    /// At a `:`, returns the key that ends here.
    pub(super) fn take_simple_key(&mut self) -> Result<Option<SimpleKey>, Error> {
        let level = self.flow_level();
        if !self.is_still_possible(level)? {
            return Ok(None);
        }
        self.simple_keys[level].possible = false;
        Ok(Some(self.simple_keys[level]))
    }

    fn missing_colon(&self, key: Mark) -> Error {
        self.error_for(key, "could not find expected ':'")
    }

    /// Leaves a flow collection; a stray `]` leaves nothing.
    pub(super) fn leave_flow_level(&mut self) {
        if !self.in_flow() {
            return;
        }
        let left = self.simple_keys.pop().expect("a flow level was just found");
        let level = self.flow_level();
        let outer = &mut self.simple_keys[level];
        if outer.number == left.number && !self.dialect.empty_collection_may_be_key() {
            outer.holds = false;
        }
    }
}
