//! What the parser makes of the tokens.

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
    /// The tag in full: `tag:yaml.org,2002:int` for `!!int`.
    pub(crate) tag: Option<Box<str>>,
}
