//! What a document is made of.

use std::borrow::Cow;
use std::sync::Arc;

/// How a node was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A block collection: by indentation.
    Block,
    /// A scalar in `"…"`.
    DoubleQuoted,
    /// A flow collection: `[…]`, `{…}`, and all of JSON.
    Flow,
    /// A block scalar after `>`.
    Folded,
    /// A block scalar after `|`.
    Literal,
    /// A scalar without quotes.
    Plain,
    /// A scalar in `'…'`.
    SingleQuoted,
}

/// A value of a document and where it was written.
///
/// A scalar that the text has as it is borrows from the text. A value behind an
/// alias is shared, not copied; its node has the place of the alias.
#[derive(Clone, Debug)]
pub struct Node<'t> {
    pub(crate) content: Content<'t>,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) content_line: u32,
    pub(crate) style: Style,
    /// Whether a scalar stands on one line of the text.
    pub(crate) one_line: bool,
    pub(crate) is_alias: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Content<'t> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    Str(Cow<'t, str>),
    Seq(Vec<Node<'t>>),
    Map(Vec<(Node<'t>, Node<'t>)>),
    /// A value with an anchor.
    Shared(Arc<Self>),
}

/// A value as Go's decoder gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a, 't> {
    /// Nothing, `~`, `null`.
    Null,
    /// `true`, `yes`, `on`, `y` and their opposites.
    Bool(bool),
    /// An integer that fits.
    Int(i64),
    /// An integer above 2⁶³−1.
    Uint(u64),
    /// Any other number.
    Float(f64),
    /// A string. Of a `!!binary`, the bytes, those that are no UTF-8 replaced as Go's JSON does.
    Str(&'a str),
    /// A sequence.
    Seq(&'a [Node<'t>]),
    /// A mapping in the order of the text, merge keys applied, each key once and
    /// the last value kept. Keys are strings, converted as `YAMLToJSON` does.
    Map(&'a [(Node<'t>, Node<'t>)]),
}

impl PartialEq for Node<'_> {
    /// Compares values, not places.
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value()
    }
}

impl<'t> Node<'t> {
    /// The value.
    #[must_use]
    pub fn value(&self) -> Value<'_, 't> {
        let mut content = &self.content;
        while let Content::Shared(shared) = content {
            content = shared;
        }
        match content {
            Content::Null | Content::Shared(_) => Value::Null,
            Content::Bool(value) => Value::Bool(*value),
            Content::Int(value) => Value::Int(*value),
            Content::Uint(value) => Value::Uint(*value),
            Content::Float(value) => Value::Float(*value),
            Content::Str(value) => Value::Str(value),
            Content::Seq(items) => Value::Seq(items),
            Content::Map(entries) => Value::Map(entries),
        }
    }

    /// The string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self.value() {
            Value::Str(value) => Some(value),
            _ => None,
        }
    }

    /// The items, if it is a sequence; else none.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match self.value() {
            Value::Seq(items) => items,
            _ => &[],
        }
    }

    /// The keys and values, if it is a mapping; else none.
    #[must_use]
    pub fn entries(&self) -> &[(Self, Self)] {
        match self.value() {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The value of a key, if this is a mapping that has it. Looks at every key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(known, _)| known.as_str() == Some(key)).map(|(_, value)| value)
    }

    /// The value at the end of a path of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Whether the value is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.value() == Value::Null
    }

    /// The line where the node begins, from 1: that of its anchor or tag, if it
    /// has one, that of the `*` for an alias, that of the `|` for a block scalar.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.line
    }

    /// The column where the node begins, in characters, from 1.
    #[must_use]
    pub fn column(&self) -> u32 {
        self.column
    }

    /// The line of a scalar's first character, from 1. For a block scalar that is
    /// the line after the `|` or `>`, even if it is empty; behind an alias, it is
    /// where the anchor is. Of a collection, the line where it begins.
    #[must_use]
    pub fn content_line(&self) -> u32 {
        self.content_line
    }

    /// The line of the text on which a line of the string stands; `line` counts
    /// from 0 and may be one after the last.
    ///
    /// `None` where lines were folded, so that nothing can be said in general.
    #[must_use]
    pub fn line_of(&self, line: u32) -> Option<u32> {
        match self.style {
            Style::Literal => Some(self.content_line.saturating_add(line)),
            _ if self.one_line || line == 0 => Some(self.content_line),
            _ => None,
        }
    }

    /// How it was written; behind an alias, where the anchor is.
    #[must_use]
    pub fn style(&self) -> Style {
        self.style
    }

    /// Whether it is a scalar without quotes.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.style == Style::Plain
    }

    /// Whether it was written as an alias, `*name`.
    #[must_use]
    pub fn is_alias(&self) -> bool {
        self.is_alias
    }
}
