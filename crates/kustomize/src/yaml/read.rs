//! From text to nodes, as go-yaml v3 reads them.

use std::collections::BTreeMap;

use sealift_goyaml::events::{Events, Mark, Step};
use sealift_goyaml::{Error, ErrorKind};

use super::anchors::{AnchorError, Anchors};
use super::node::{Data, Node};
use super::notes::{Note, Notes};
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
    notes: Option<Notes<'t>>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            events: Events::new(text),
            names: BTreeMap::new(),
            anchors: Anchors::default(),
            notes: Notes::of(text),
        }
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
                let alias = Node::new(data, Tag::Empty, Style::PLAIN);
                return Ok(Node { line: mark.line + 1, ..alias });
            }
            Step::Scalar { anchor, tag, value, style } => {
                (anchor.map(|name| self.anchor(name)), scalar(&value, tag.as_deref(), style.into()))
            }
            Step::SequenceStart { anchor, tag, style } => {
                let number = anchor.map(|name| self.anchor(name));
                let (items, note) = self.items(depth)?;
                let list = collection(Data::Seq(items), Tag::Seq, tag.as_deref(), style.into());
                (number, Node { note, ..list })
            }
            Step::MappingStart { anchor, tag, style } => {
                let number = anchor.map(|name| self.anchor(name));
                let (entries, note) = self.entries(depth)?;
                let map = collection(Data::Map(entries), Tag::Map, tag.as_deref(), style.into());
                (number, Node { note, ..map })
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

    /// The items of a sequence, and what stands behind it.
    fn items(&mut self, depth: usize) -> Result<(Vec<Node>, Note), ReadError> {
        let mut items = Vec::new();
        loop {
            let (mark, step) = self.step()?;
            if matches!(step, Step::SequenceEnd) {
                return Ok((items, self.behind(mark)));
            }
            let head = self.notes.as_mut().map(|notes| notes.item(mark.line)).unwrap_or_default();
            let mut item = self.node(mark, step, depth + 1)?;
            item.note = item.note.or(&head);
            items.push(item);
        }
    }

    /// The entries of a mapping, and what stands behind it.
    fn entries(&mut self, depth: usize) -> Result<(Vec<(Node, Node)>, Note), ReadError> {
        let mut entries = Vec::new();
        loop {
            let (at, step) = self.step()?;
            if matches!(step, Step::MappingEnd) {
                return Ok((entries, self.behind(at)));
            }
            let mut key = self.node(at, step, depth + 1)?;
            key.note = self.notes.as_mut().map(|notes| notes.head(at.line)).unwrap_or_default();
            let (mark, step) = self.step()?;
            let head = self.notes.as_mut().filter(|_| mark.line > at.line && is_flow(&step));
            let head = head.map(|notes| notes.head(mark.line)).unwrap_or_default();
            let mut value = self.node(mark, step, depth + 1)?;
            value.note = value.note.or(&head);
            self.note_end(at, &mut key, &mut value);
            entries.push((key, value));
        }
    }

    fn behind(&mut self, end: Mark) -> Note {
        self.notes.as_mut().map(|notes| notes.behind(end)).unwrap_or_default()
    }

    /// Gives what stands at the end of the line of a key to the key, or to the null behind it.
    fn note_end(&mut self, at: Mark, key: &mut Node, value: &mut Node) {
        let Some(notes) = &mut self.notes else { return };
        if value.line <= at.line + 1 && !value.is_null() {
            return;
        }
        let Some(tail) = notes.tail(at.line) else { return };
        if value.is_null() && !value.text().is_empty() {
            value.note = tail;
        } else {
            key.note = tail;
        }
    }
}

fn is_flow(step: &Step<'_>) -> bool {
    match step {
        Step::SequenceStart { style, .. } | Step::MappingStart { style, .. } => {
            Style::from(*style).has(Style::FLOW)
        }
        _ => false,
    }
}

/// Mirrors `parser.scalar` and `parser.node` in `decode.go` of go.yaml.in/yaml v3.0.5.
fn scalar(value: &str, tag: Option<&str>, style: Style) -> Node {
    let data = Data::Scalar(value.to_owned());
    match tag.filter(|tag| *tag != "!") {
        Some(tag) => Node::new(data, Tag::of_full(tag), style.with(Style::TAGGED)),
        None if style == Style::PLAIN => Node::new(data, Tag::of_plain(value), style),
        None => Node::new(data, Tag::Str, style),
    }
}

fn collection(data: Data, default: Tag, tag: Option<&str>, style: Style) -> Node {
    match tag.filter(|tag| *tag != "!") {
        Some(tag) => Node::new(data, Tag::of_full(tag), style.with(Style::TAGGED)),
        None => Node::new(data, default, style),
    }
}
