//! From events to documents.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::budget::{Budget, Size};
use crate::cursor::Mark;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, excerpt};
use crate::event::{Event, EventKind, FullTag, Properties};
use crate::limits::{Limits, MAX_INPUT_BYTES};
use crate::mapping::Entries;
use crate::node::{Content, Node, Style};
use crate::parser::Parser;
use crate::resolve::{MERGE_TAG, resolve};
use crate::scanner::error_at;
use crate::token::Scalar;

/// Composes one document at a time.
pub(crate) struct Composer<'t> {
    parser: Parser<'t>,
    limits: Limits,
    /// Why nothing is read at all.
    refused: Option<Error>,
    anchors: BTreeMap<&'t str, Anchor<'t>>,
    open: Vec<Frame<'t>>,
    budget: Budget,
    refuses_repeated_keys: bool,
}

/// What an alias may name.
enum Anchor<'t> {
    /// The collection is still being read: an alias to it would contain itself.
    Open,
    Done {
        node: Node<'t>,
        /// Of all of it.
        size: Size,
        /// Collections inside one another.
        height: usize,
    },
}

/// A collection that is being read.
struct Frame<'t> {
    items: Items<'t>,
    anchor: Option<&'t str>,
    style: Style,
    start: Mark,
    /// What was counted before it.
    before: Size,
    /// The deepest of what it holds so far.
    height: usize,
}

enum Items<'t> {
    Seq(Vec<Node<'t>>),
    Map(Entries<'t>),
}

impl<'t> Composer<'t> {
    pub(crate) fn new(text: &'t str, limits: Limits, dialect: Dialect) -> Self {
        let limit = limits.input_bytes.min(MAX_INPUT_BYTES);
        let found = text.len();
        let refused = (found > limit)
            .then(|| error_at(Mark::default(), ErrorKind::InputBytes { limit, found }));
        Self {
            parser: Parser::new(if refused.is_some() { "" } else { text }, dialect),
            limits,
            refused,
            anchors: BTreeMap::new(),
            open: Vec::new(),
            budget: Budget::new(limits),
            refuses_repeated_keys: false,
        }
    }

    pub(crate) fn refusing_repeated_keys(self) -> Self {
        Self { refuses_repeated_keys: true, ..self }
    }

    /// Composes the next document; `None` at the end of the text. Not to be called after an error.
    pub(crate) fn document(&mut self) -> Result<Option<Node<'t>>, Error> {
        if let Some(error) = self.refused.take() {
            return Err(error);
        }
        let event = self.parser.next()?;
        if matches!(event.kind, EventKind::StreamEnd) {
            return Ok(None);
        }
        self.anchors.clear();
        self.budget.reset();
        // The document itself is a node in Go.
        self.count(Size::COLLECTION, event.start)?;
        let root = loop {
            let event = self.parser.next()?;
            match self.take(event) {
                Ok(Some(root)) => break root,
                Ok(None) => {}
                Err(error) => return Err(self.first_of_go(error)),
            }
        };
        self.parser.next()?;
        Ok(Some(root))
    }

    /// Go parses a whole document before it asks what keys, tags and merges mean, so that an
    /// error of syntax behind this one is what it tells.
    fn first_of_go(&mut self, error: Error) -> Error {
        use ErrorKind::{Aliases, Base64, CollectionKey, Key, Merge, SelfReference, Tag};
        if !matches!(
            error.kind,
            Aliases
                | Base64
                | CollectionKey(_)
                | Key { .. }
                | Merge
                | SelfReference(_)
                | Tag { .. }
        ) {
            return error;
        }
        loop {
            match self.parser.next() {
                Ok(Event { kind: EventKind::DocumentEnd | EventKind::StreamEnd, .. }) => {
                    return error;
                }
                Ok(_) => {}
                Err(syntax) => return syntax,
            }
        }
    }

    /// Looks for a forbidden character in all of the text that was not read.
    pub(crate) fn check_rest(&mut self) -> Result<(), Error> {
        self.parser.check_rest()
    }

    /// Takes one event; returns the root once it is complete.
    fn take(&mut self, event: Event<'t>) -> Result<Option<Node<'t>>, Error> {
        let start = event.start;
        match event.kind {
            EventKind::Scalar(properties, scalar) => self.scalar(properties, scalar, start),
            EventKind::Alias(name) => self.alias(name, start),
            EventKind::SequenceStart(properties, is_flow) => {
                self.open(Items::Seq(Vec::new()), &properties, is_flow, start)
            }
            EventKind::MappingStart(properties, is_flow) => {
                self.open(Items::Map(Entries::new()), &properties, is_flow, start)
            }
            _ => self.close(start),
        }
    }

    fn scalar(
        &mut self,
        properties: Properties<'t>,
        scalar: Scalar<'t>,
        start: Mark,
    ) -> Result<Option<Node<'t>>, Error> {
        let Properties { anchor, tag } = properties;
        let Scalar { value, style, content_line, one_line } = scalar;
        let size = Size::scalar(value.len());
        if self.is_merge_key(&value, tag.as_deref(), style) {
            // No node for Go, but an alias may name it.
            self.finish_node(node(Content::Str(value), style, start), anchor, size, 0);
            if let Some(Frame { items: Items::Map(entries), .. }) = self.open.last_mut() {
                entries.merge_key();
            }
            return Ok(None);
        }
        self.count(size, start)?;
        let content =
            resolve(value, tag.as_deref(), style).map_err(|kind| error_at(start, kind))?;
        let node = Node { one_line, content_line: content_line + 1, ..node(content, style, start) };
        let node = self.finish_node(node, anchor, size, 0);
        self.attach(node, start)
    }

    /// A plain `<<`, or one with the tag for it, where a key stands.
    fn is_merge_key(&self, value: &str, tag: Option<&FullTag>, style: Style) -> bool {
        let is_key = matches!(self.open.last(), Some(Frame { items: Items::Map(entries), .. }) if entries.wants_key());
        is_key
            && value == "<<"
            && tag.map_or(style == Style::Plain, |tag| tag.is("!") || tag.is(MERGE_TAG))
    }

    fn alias(&mut self, name: &'t str, start: Mark) -> Result<Option<Node<'t>>, Error> {
        let fail = |kind| Err(error_at(start, kind));
        let (node, size, height) = match self.anchors.get(name) {
            None => return fail(ErrorKind::UnknownAnchor(excerpt(name))),
            Some(Anchor::Open) => return fail(ErrorKind::SelfReference(excerpt(name))),
            Some(Anchor::Done { node, size, height }) => (node.clone(), *size, *height),
        };
        self.budget.count_alias(size).map_err(|kind| error_at(start, kind))?;
        if self.open.len() + height > self.limits.depth {
            return fail(ErrorKind::Depth { limit: self.limits.depth });
        }
        if let Some(frame) = self.open.last_mut() {
            frame.height = frame.height.max(height);
        }
        let node = Node { line: start.line + 1, column: start.column + 1, is_alias: true, ..node };
        self.attach(node, start)
    }

    fn open(
        &mut self,
        items: Items<'t>,
        properties: &Properties<'t>,
        is_flow: bool,
        start: Mark,
    ) -> Result<Option<Node<'t>>, Error> {
        if self.open.len() >= self.limits.depth {
            return Err(error_at(start, ErrorKind::Depth { limit: self.limits.depth }));
        }
        let before = self.budget.all();
        // A list of what to merge is no node of its own for Go.
        let is_merge_list = matches!(items, Items::Seq(_))
            && matches!(self.open.last(), Some(Frame { items: Items::Map(map), .. }) if map.wants_merge());
        if !is_merge_list {
            self.count(Size::COLLECTION, start)?;
        }
        if let Some(name) = properties.anchor {
            self.anchors.insert(name, Anchor::Open);
        }
        let style = if is_flow { Style::Flow } else { Style::Block };
        let anchor = properties.anchor;
        self.open.push(Frame { items, anchor, style, start, before, height: 0 });
        Ok(None)
    }

    fn close(&mut self, mark: Mark) -> Result<Option<Node<'t>>, Error> {
        let Some(frame) = self.open.pop() else {
            return Err(error_at(mark, ErrorKind::Syntax("did not find expected node content")));
        };
        if self.refuses_repeated_keys
            && let Items::Map(entries) = &frame.items
            && let Some((key, value)) = entries.repeated()
        {
            let key = excerpt(key.as_str().unwrap_or_default());
            let (line, column) = (value.line, value.column);
            let kind = ErrorKind::RepeatedKey(key);
            return Err(Error { go_line: line, ..Error::new(line, column, kind) });
        }
        let content = match frame.items {
            Items::Seq(items) => Content::Seq(items),
            Items::Map(entries) => Content::Map(entries.finish()),
        };
        let height = frame.height + 1;
        let size = self.budget.all().since(frame.before);
        if let Some(outer) = self.open.last_mut() {
            outer.height = outer.height.max(height);
        }
        let node =
            self.finish_node(node(content, frame.style, frame.start), frame.anchor, size, height);
        self.attach(node, frame.start)
    }

    /// Makes the node one that an alias can share, if it has an anchor.
    fn finish_node(
        &mut self,
        mut node: Node<'t>,
        anchor: Option<&'t str>,
        size: Size,
        height: usize,
    ) -> Node<'t> {
        if let Some(name) = anchor {
            node.content = Content::Shared(Arc::new(node.content));
            self.anchors.insert(name, Anchor::Done { node: node.clone(), size, height });
        }
        node
    }

    /// Gives a complete node to the collection around it; returns it if there is none.
    fn attach(&mut self, node: Node<'t>, start: Mark) -> Result<Option<Node<'t>>, Error> {
        match self.open.last_mut() {
            None => return Ok(Some(node)),
            Some(Frame { items: Items::Seq(items), .. }) => items.push(node),
            Some(Frame { items: Items::Map(entries), .. }) => {
                entries.push(node).map_err(|kind| error_at(start, kind))?;
            }
        }
        Ok(None)
    }

    fn count(&mut self, size: Size, mark: Mark) -> Result<(), Error> {
        self.budget.count(size).map_err(|kind| error_at(mark, kind))
    }
}

fn node(content: Content<'_>, style: Style, start: Mark) -> Node<'_> {
    let line = start.line + 1;
    Node {
        content,
        line,
        column: start.column + 1,
        content_line: line,
        style,
        one_line: false,
        is_alias: false,
    }
}
