//! What the parser makes of the tokens.

use std::fmt;
use std::sync::Arc;

use crate::cursor::Mark;
use crate::token::Scalar;

/// One event and where it begins.
#[derive(Clone, Debug)]
pub(crate) struct Event<'t> {
    pub(crate) kind: EventKind<'t>,
    pub(crate) start: Mark,
}

/// The events of YAML 1.1; the stream's start is implied.
#[derive(Clone, Debug)]
pub(crate) enum EventKind<'t> {
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(&'t str),
    Scalar(Properties<'t>, Scalar<'t>),
    SequenceStart(Properties<'t>, bool),
    SequenceEnd,
    MappingStart(Properties<'t>, bool),
    MappingEnd,
}

/// What may stand before a node. The flag beside it in an event says whether
/// the collection is a flow collection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Properties<'t> {
    pub(crate) anchor: Option<&'t str>,
    pub(crate) tag: Option<Box<FullTag>>,
}

/// A tag with its handle replaced: `tag:yaml.org,2002:` and `int` for `!!int`.
///
/// The two are not joined: a long prefix behind a short handle must not be
/// copied for each node.
#[derive(Clone, Debug)]
pub(crate) struct FullTag {
    pub(crate) prefix: Option<Arc<str>>,
    pub(crate) suffix: String,
}

impl FullTag {
    fn prefix(&self) -> &str {
        self.prefix.as_deref().unwrap_or("")
    }

    /// Whether the whole is this.
    pub(crate) fn is(&self, tag: &str) -> bool {
        tag.strip_prefix(self.prefix()).is_some_and(|rest| rest == self.suffix)
    }
}

impl fmt::Display for FullTag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.prefix(), self.suffix)
    }
}
