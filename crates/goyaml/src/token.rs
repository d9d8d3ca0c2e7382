//! What the scanner makes of the text.

use std::borrow::Cow;

use crate::cursor::Mark;
use crate::node::Style;

/// One token and where it begins and ends.
#[derive(Clone, Debug)]
pub(crate) struct Token<'t> {
    pub(crate) kind: TokenKind<'t>,
    pub(crate) start: Mark,
    pub(crate) end: Mark,
}

/// The tokens of YAML 1.1; the stream's start is implied.
#[derive(Clone, Debug)]
pub(crate) enum TokenKind<'t> {
    StreamEnd,
    Version { major: u32, minor: u32 },
    TagDirective(Box<TagDirective>),
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'t str),
    Anchor(&'t str),
    Tag(Box<Tag>),
    Scalar(Scalar<'t>),
}

/// `%TAG`. In a box, as is [`Tag`], so that the tokens of every line stay small.
#[derive(Clone, Debug)]
pub(crate) struct TagDirective {
    pub(crate) handle: String,
    pub(crate) prefix: String,
}

/// A tag as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Tag {
    /// Empty for `!<…>` and for a lone `!`.
    pub(crate) handle: String,
    pub(crate) suffix: String,
}

/// A scalar as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Scalar<'t> {
    pub(crate) value: Cow<'t, str>,
    pub(crate) style: Style,
    /// The line of the first character of the content, from 0.
    pub(crate) content_line: u32,
    /// Whether all of the content stands on one line of the text.
    pub(crate) one_line: bool,
}
