//! What schemas may cost.

use std::rc::Rc;

use sealift_gotemplate::Limit;

/// Bounds of the check of one set of values against its schemas.
///
/// Helm has none: a chain of doubled `allOf` takes it minutes, and memory without end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchemaLimits {
    /// Subschemas, elements and comparisons that are looked at.
    pub steps: u64,
    /// Subschemas inside one another while values are checked. Each takes stack: 512 of them less than 2 MiB.
    pub depth: usize,
}

impl Default for SchemaLimits {
    fn default() -> Self {
        Self { steps: 10_000_000, depth: 512 }
    }
}

/// A bound of [`SchemaLimits`] that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaLimit {
    /// [`SchemaLimits::depth`].
    #[error("schemas are more than {0} levels deep in one another")]
    Depth(usize),
    /// [`SchemaLimits::steps`].
    #[error("checking values against schemas takes more than {0} steps")]
    Steps(u64),
}

impl SchemaLimit {
    /// Returns what `limits:` of a shipment calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Depth(_) => "schema-depth",
            Self::Steps(_) => "schema-steps",
        }
    }
}

/// Bytes of all messages.
const TEXT_BYTES: usize = 16 << 20;

/// What is left of the bounds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    given: SchemaLimits,
    steps: u64,
    text_bytes: usize,
}

/// What ends the work on a schema without a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The schema is no schema.
    Invalid(String),
    /// The schema needs a document that is not part of it.
    Remote(Rc<str>),
    /// A bound of values was reached.
    Limit(Limit),
    /// A bound of schemas was reached.
    Over(SchemaLimit),
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

impl Limits {
    pub(super) fn new(given: SchemaLimits) -> Self {
        Self { given, steps: given.steps, text_bytes: TEXT_BYTES }
    }

    /// Counts work.
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Stop> {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        let left = self.steps.checked_sub(steps);
        self.steps = left.ok_or(Stop::Over(SchemaLimit::Steps(self.given.steps)))?;
        Ok(())
    }

    /// Checks how deep a subschema lies.
    pub(super) fn descend(&self, depth: usize) -> Result<(), Stop> {
        let most = self.given.depth;
        if depth > most { Err(Stop::Over(SchemaLimit::Depth(most))) } else { Ok(()) }
    }

    /// Counts a message.
    pub(super) fn say(&mut self, bytes: usize) -> Result<(), Stop> {
        let left = self.text_bytes.checked_sub(bytes);
        self.text_bytes = left.ok_or(Limit::StringBytes(TEXT_BYTES))?;
        Ok(())
    }
}
