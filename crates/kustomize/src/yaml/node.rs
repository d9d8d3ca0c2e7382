//! The nodes that kustomize edits.

use super::notes::Note;
use super::style::Style;
use super::tag::Tag;
use crate::limits::{self, Copied, Exceeded};

/// A node with the text and the style that it was written with.
///
/// Filters change texts, not values: what a scalar means is decided when it is written. Mirrors `Node` of
/// go.yaml.in/yaml v3.0.5, without comments but those that may say a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub(crate) data: Data,
    pub(crate) tag: Tag,
    pub(crate) style: Style,
    /// Where it stands in its file, from 1; 0 for what no file has.
    pub(crate) line: u32,
    /// What its comment says of its type.
    pub(crate) note: Note,
}

/// What a node is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    Scalar(String),
    /// In the order of the text; keys may come twice.
    Map(Vec<(Node, Node)>),
    Seq(Vec<Node>),
    /// An anchor by number, only until [`anchors`](super::anchors) has replaced it.
    Alias(usize),
}

/// What a field that is created is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Scalar,
    Map,
    Seq,
}

impl Kind {
    /// The name that kustomize has for it in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Scalar => "ScalarNode",
            Self::Map => "MappingNode",
            Self::Seq => "SequenceNode",
        }
    }
}

impl Default for Node {
    fn default() -> Self {
        Self::tagged("", Tag::Null)
    }
}

impl Node {
    /// About the bytes of a node that stands so deep, with what its comments say, which is read again with each object; recursion is bounded by [`limits::DEPTH`].
    pub(crate) fn size(&self, depth: usize) -> Result<usize, Exceeded> {
        limits::depth(depth)?;
        let inside = match &self.data {
            Data::Scalar(text) => text.len(),
            Data::Alias(_) => 0,
            Data::Seq(items) => {
                items.iter().try_fold(0, |sum, item| Ok(sum + item.size(depth + 1)?))?
            }
            Data::Map(entries) => entries.iter().try_fold(0, |sum, (key, value)| {
                Ok(sum + key.size(depth + 1)? + value.size(depth + 1)?)
            })?,
        };
        Ok(Copied::NODE + self.note.size() + inside)
    }

    pub(super) fn new(data: Data, tag: Tag, style: Style) -> Self {
        Self { data, tag, style, line: 0, note: Note::default() }
    }

    /// A scalar whose text decides what it is.
    pub(crate) fn scalar(text: impl Into<String>) -> Self {
        Self::new(Data::Scalar(text.into()), Tag::Empty, Style::PLAIN)
    }

    /// A string whatever its text is; with line breaks, in a block. `SetString` of go-yaml v3.
    pub(crate) fn string(text: impl Into<String>) -> Self {
        let text = text.into();
        let style = if text.contains('\n') { Style::LITERAL } else { Style::PLAIN };
        Self::new(Data::Scalar(text), Tag::Str, style)
    }

    pub(crate) fn tagged(text: impl Into<String>, tag: Tag) -> Self {
        Self::new(Data::Scalar(text.into()), tag, Style::PLAIN)
    }

    pub(crate) fn map(entries: Vec<(Self, Self)>) -> Self {
        Self::new(Data::Map(entries), Tag::Empty, Style::PLAIN)
    }

    pub(crate) fn seq(items: Vec<Self>) -> Self {
        Self::new(Data::Seq(items), Tag::Empty, Style::PLAIN)
    }

    /// An empty node of a kind.
    pub(crate) fn of_kind(kind: Kind) -> Self {
        match kind {
            Kind::Scalar => Self::scalar(""),
            Kind::Map => Self::map(Vec::new()),
            Kind::Seq => Self::seq(Vec::new()),
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        match self.data {
            Data::Scalar(_) | Data::Alias(_) => Kind::Scalar,
            Data::Map(_) => Kind::Map,
            Data::Seq(_) => Kind::Seq,
        }
    }

    /// Where it stands in its file, from 1; 0 for what no file has.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.line
    }

    /// The text of a scalar; of anything else, nothing.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.data {
            Data::Scalar(text) => text,
            _ => "",
        }
    }

    /// The text of a scalar that is no null.
    pub(crate) fn value(&self) -> &str {
        if self.is_null() { "" } else { self.text() }
    }

    pub(crate) fn is_null(&self) -> bool {
        self.tag == Tag::Null
    }

    /// Whether it is a null, `{}` or `[]`. `IsYNodeNilOrEmpty` of kyaml.
    pub(crate) fn is_nil_or_empty(&self) -> bool {
        self.is_null()
            || match &self.data {
                Data::Map(entries) => entries.is_empty(),
                Data::Seq(items) => items.is_empty(),
                Data::Scalar(_) | Data::Alias(_) => false,
            }
    }

    /// Whether it is a string, or a scalar of which nothing is said.
    pub(crate) fn is_string(&self) -> bool {
        matches!(self.data, Data::Scalar(_)) && matches!(self.tag, Tag::Str | Tag::Empty)
    }

    /// The entries of a mapping; else none.
    #[must_use]
    pub fn entries(&self) -> &[(Self, Self)] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; else none.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.data {
            Data::Seq(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn items_mut(&mut self) -> &mut [Self] {
        match &mut self.data {
            Data::Seq(items) => items,
            _ => &mut [],
        }
    }

    /// The first value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(known, _)| known.text() == key).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        match &mut self.data {
            Data::Map(entries) => {
                entries.iter_mut().find(|(known, _)| known.text() == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The value at the end of a path of keys, all of mappings.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }
}
