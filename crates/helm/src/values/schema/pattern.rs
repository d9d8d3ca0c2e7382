//! Regular expressions: Go's, in linear time.

use std::collections::HashMap;
use std::rc::Rc;

use sealift_goregex::{Error, Regex};

use super::limits::{Limits, Stop};

/// Patterns that were compiled lately.
#[derive(Default)]
pub(super) struct Patterns {
    kept: HashMap<Rc<str>, Kept>,
    bytes: usize,
}

/// A pattern that was compiled.
#[derive(Clone)]
struct Kept {
    regex: Rc<Regex>,
    /// Of its program.
    bytes: usize,
}

/// Patterns that are kept at a time: searching takes memory that the program does not count.
const KEPT: usize = 64;

/// Bytes of the programs that are kept at a time.
const KEPT_BYTES: usize = 32 << 20;

/// Bytes of a program that cost a step. Ten of the largest use up all steps in about two seconds.
const BYTES_PER_STEP: usize = 10;

/// Bytes of a program times bytes of a text that cost a step: at worst, each byte of the text leads through all of
/// the program.
const SEARCHED_PER_STEP: usize = 8 << 10;

impl Patterns {
    /// Returns nothing for a pattern, or why it is none.
    pub(super) fn check(
        &mut self,
        pattern: &Rc<str>,
        limits: &mut Limits,
    ) -> Result<Result<(), Error>, Stop> {
        Ok(self.get(pattern, limits)?.map(|_| ()))
    }

    fn get(&mut self, pattern: &Rc<str>, limits: &mut Limits) -> Result<Result<Kept, Error>, Stop> {
        if let Some(kept) = self.kept.get(pattern) {
            return Ok(Ok(kept.clone()));
        }
        limits.spend(1 + pattern.len() / BYTES_PER_STEP)?;
        let regex = match Regex::new(pattern) {
            Ok(regex) => Rc::new(regex),
            Err(error) => return Ok(Err(error)),
        };
        let bytes = regex.memory_bytes();
        limits.spend(bytes / BYTES_PER_STEP)?;
        if self.kept.len() >= KEPT || self.bytes + bytes > KEPT_BYTES {
            self.kept.clear();
            self.bytes = 0;
        }
        self.bytes += bytes;
        let kept = Kept { regex, bytes };
        self.kept.insert(Rc::clone(pattern), kept.clone());
        Ok(Ok(kept))
    }

    /// Returns whether a pattern that was compiled before matches a text.
    pub(super) fn is_match(
        &mut self,
        pattern: &Rc<str>,
        text: &[u8],
        limits: &mut Limits,
    ) -> Result<bool, Stop> {
        let Ok(kept) = self.get(pattern, limits)? else { return Ok(false) };
        limits.spend(1 + text.len().saturating_mul(kept.bytes) / SEARCHED_PER_STEP)?;
        Ok(kept.regex.is_match(text))
    }
}
