//! What schemas may cost.

use std::rc::Rc;

use sealift_gotemplate::Limit;

/// Bounds of the check of one set of values against its schemas.
///
/// Helm has none: a chain of doubled `allOf` takes it minutes, and memory without end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) steps: u64,
    /// Bytes of messages that are still left.
    pub(super) text_bytes: usize,
}

/// Subschemas, elements and comparisons that are looked at.
const STEPS: u64 = 10_000_000;

/// Subschemas inside one another while values are checked.
pub(super) const DEPTH: usize = 512;

/// Bytes of all messages.
const TEXT_BYTES: usize = 16 << 20;

/// What ends the work on a schema without a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The schema is no schema.
    Invalid(String),
    /// The schema needs a document that is not part of it.
    Remote(Rc<str>),
    /// A bound was reached.
    Limit(Limit),
}

impl From<Limit> for Stop {
    fn from(limit: Limit) -> Self {
        Self::Limit(limit)
    }
}

impl From<String> for Stop {
    fn from(text: String) -> Self {
        Self::Invalid(text)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: STEPS, text_bytes: TEXT_BYTES }
    }
}

impl Limits {
    /// Counts work.
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Stop> {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        self.steps = self.steps.checked_sub(steps).ok_or(Limit::Steps(STEPS))?;
        Ok(())
    }

    /// Counts a message.
    pub(super) fn say(&mut self, bytes: usize) -> Result<(), Stop> {
        let left = self.text_bytes.checked_sub(bytes);
        self.text_bytes = left.ok_or(Limit::StringBytes(TEXT_BYTES))?;
        Ok(())
    }
}
