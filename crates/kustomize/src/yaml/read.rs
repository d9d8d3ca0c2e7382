//! From text to nodes, as go-yaml v3 reads them.

use std::collections::BTreeMap;

use sealift_goyaml::events::{Events, Mark, Step};
use sealift_goyaml::{Error, ErrorKind};

use super::anchors::{AnchorError, Anchors};
use super::node::{Data, Node};
use super::style::Style;
use super::tag::Tag;
use crate::limits;

/// Why a text is no document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is not YAML.
    #[error("{}", .0.go_text())]
    Syntax(#[from] Error),
    /// An alias to an anchor that does not stand before it.
    #[error("yaml: unknown anchor '{0}' referenced")]
    UnknownAnchor(String),
    /// Merge keys, aliases or depth that are refused.
    #[error("{0}")]
    Anchors(#[from] AnchorError),
}

impl ReadError {
    /// Whether the text is refused for what it would cost.
    pub(crate) fn is_limit(&self) -> bool {
        match self {
            Self::Syntax(error) => is_limit(error),
            Self::Anchors(error) => matches!(error, AnchorError::Limit(_)),
            Self::UnknownAnchor(_) => false,
        }
    }
}

/// Whether go-yaml, or a limit in its place, refuses a text for what it would cost.
pub(crate) fn is_limit(error: &Error) -> bool {
    matches!(
        error.kind,
        ErrorKind::Aliases
            | ErrorKind::AliasBytes { .. }
            | ErrorKind::Depth { .. }
            | ErrorKind::InputBytes { .. }
            | ErrorKind::Nodes { .. }
    )
}

/// Reads the first document of a text; `None` where there is none.
///
/// Aliases and merge keys are replaced by what they stand for, as kustomize does with resources.
pub(crate) fn first(text: &str) -> Result<Option<Node>, ReadError> {
    let mut reader = Reader::new(text);
    if matches!(reader.step()?.1, Step::StreamEnd) {
        return Ok(None);
    }
    let (mark, step) = reader.step()?;
    let mut root = reader.node(mark, step, 0)?;
    reader.step()?;
    reader.anchors.replace(&mut root)?;
    Ok(Some(root))
}

struct Reader<'t> {
    events: Events<'t>,
    names: BTreeMap<&'t str, usize>,
    anchors: Anchors,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self { events: Events::new(text), names: BTreeMap::new(), anchors: Anchors::default() }
    }

    fn step(&mut self) -> Result<(Mark, Step<'t>), ReadError> {
        Ok(self.events.step()?)
    }

    /// Recursion is bounded by [`limits::DEPTH`].
    fn node(&mut self, mark: Mark, step: Step<'t>, depth: usize) -> Result<Node, ReadError> {
        limits::depth(depth).map_err(AnchorError::from)?;
        let (anchor, node) = match step {
            Step::Alias(name) => {
                let known = self.names.get(name);
                let number = known
                    .ok_or_else(|| ReadError::UnknownAnchor(name.chars().take(200).collect()))?;
                let data = Data::Alias(*number);
                return Ok(Node {
                    data,
                    tag: Tag::Empty,
                    style: Style::PLAIN,
                    line: mark.line + 1,
                });
            }
            Step::Scalar { anchor, tag, value, style } => {
                (anchor.map(|name| self.anchor(name)), scalar(&value, tag.as_deref(), style.into()))
            }
            Step::SequenceStart { anchor, tag, style } => {
                let number = anchor.map(|name| self.anchor(name));
                let items = self.items(depth)?;
                (number, collection(Data::Seq(items), Tag::Seq, tag.as_deref(), style.into()))
            }
            Step::MappingStart { anchor, tag, style } => {
                let number = anchor.map(|name| self.anchor(name));
                let entries = self.entries(depth)?;
                (number, collection(Data::Map(entries), Tag::Map, tag.as_deref(), style.into()))
            }
            _ => (None, Node::tagged("", Tag::Null)),
        };
        let node = Node { line: mark.line + 1, ..node };
        if let Some(number) = anchor {
            self.anchors.close(number, &node);
        }
        Ok(node)
    }

    fn anchor(&mut self, name: &'t str) -> usize {
        let number = self.anchors.open();
        self.names.insert(name, number);
        number
    }

    fn items(&mut self, depth: usize) -> Result<Vec<Node>, ReadError> {
        let mut items = Vec::new();
        loop {
            match self.step()? {
                (_, Step::SequenceEnd) => return Ok(items),
                (mark, step) => items.push(self.node(mark, step, depth + 1)?),
            }
        }
    }

    fn entries(&mut self, depth: usize) -> Result<Vec<(Node, Node)>, ReadError> {
        let mut entries = Vec::new();
        loop {
            let key = match self.step()? {
                (_, Step::MappingEnd) => return Ok(entries),
                (mark, step) => self.node(mark, step, depth + 1)?,
            };
            let (mark, step) = self.step()?;
            let value = self.node(mark, step, depth + 1)?;
            entries.push((key, value));
        }
    }
}

/// Mirrors `parser.scalar` and `parser.node` in `decode.go` of go.yaml.in/yaml v3.0.5.
fn scalar(value: &str, tag: Option<&str>, style: Style) -> Node {
    let data = Data::Scalar(value.to_owned());
    match tag.filter(|tag| *tag != "!") {
        Some(tag) => {
            Node { data, tag: Tag::of_full(tag), style: style.with(Style::TAGGED), line: 0 }
        }
        None if style == Style::PLAIN => Node { data, tag: Tag::of_plain(value), style, line: 0 },
        None => Node { data, tag: Tag::Str, style, line: 0 },
    }
}

fn collection(data: Data, default: Tag, tag: Option<&str>, style: Style) -> Node {
    match tag.filter(|tag| *tag != "!") {
        Some(tag) => {
            Node { data, tag: Tag::of_full(tag), style: style.with(Style::TAGGED), line: 0 }
        }
        None => Node { data, tag: default, style, line: 0 },
    }
}
