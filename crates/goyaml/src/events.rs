//! The events of a text: for comparison with other parsers, and for `sealift-kustomize`, which edits nodes. Not part of the API.

use std::borrow::Cow;

use crate::error::Error;
use crate::event::{EventKind, FullTag};
use crate::node::Style;
use crate::parser::Parser;

pub use crate::cursor::Mark;
pub use crate::dialect::Dialect;

/// One event, with everything that it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Where it begins.
    pub start: Mark,
    /// What it is.
    pub kind: Kind,
}

/// What an event is: an anchor, a tag, and the rest.
#[expect(missing_docs, reason = "the names of the YAML specification")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(String),
    Scalar { anchor: Option<String>, tag: Option<String>, value: String, style: Style },
    SequenceStart { anchor: Option<String>, tag: Option<String>, style: Style },
    SequenceEnd,
    MappingStart { anchor: Option<String>, tag: Option<String>, style: Style },
    MappingEnd,
}

/// Returns the events up to the stream's end or an error, and the error.
#[must_use]
pub fn events(text: &str, dialect: Dialect) -> (Vec<Event>, Option<Error>) {
    let mut parser = Parser::new(text, dialect);
    let mut events = Vec::new();
    loop {
        match parser.next() {
            Err(error) => return (events, Some(error)),
            Ok(event) => events.push(Event { start: event.start, kind: kind(event.kind) }),
        }
        if matches!(events.last(), Some(Event { kind: Kind::StreamEnd, .. })) {
            return (events, None);
        }
    }
}

fn kind(kind: EventKind<'_>) -> Kind {
    let collection = |is_flow| if is_flow { Style::Flow } else { Style::Block };
    let anchor = |anchor: Option<&str>| anchor.map(str::to_owned);
    let tag = |tag: Option<Box<FullTag>>| tag.map(|tag| tag.to_string());
    match kind {
        EventKind::StreamEnd => Kind::StreamEnd,
        EventKind::DocumentStart => Kind::DocumentStart,
        EventKind::DocumentEnd => Kind::DocumentEnd,
        EventKind::Alias(name) => Kind::Alias(name.to_owned()),
        EventKind::Scalar(node, scalar) => Kind::Scalar {
            anchor: anchor(node.anchor),
            tag: tag(node.tag),
            value: scalar.value.into_owned(),
            style: scalar.style,
        },
        EventKind::SequenceStart(node, is_flow) => Kind::SequenceStart {
            anchor: anchor(node.anchor),
            tag: tag(node.tag),
            style: collection(is_flow),
        },
        EventKind::SequenceEnd => Kind::SequenceEnd,
        EventKind::MappingStart(node, is_flow) => Kind::MappingStart {
            anchor: anchor(node.anchor),
            tag: tag(node.tag),
            style: collection(is_flow),
        },
        EventKind::MappingEnd => Kind::MappingEnd,
    }
}

/// The events of a text, one at a time, with scalars borrowed from the text where they stand in it as they are.
pub struct Events<'t> {
    parser: Parser<'t>,
}

/// One event; see [`Kind`].
#[expect(missing_docs, reason = "the names of the YAML specification")]
#[derive(Clone, Debug)]
pub enum Step<'t> {
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(&'t str),
    Scalar { anchor: Option<&'t str>, tag: Option<String>, value: Cow<'t, str>, style: Style },
    SequenceStart { anchor: Option<&'t str>, tag: Option<String>, style: Style },
    SequenceEnd,
    MappingStart { anchor: Option<&'t str>, tag: Option<String>, style: Style },
    MappingEnd,
}

impl<'t> Events<'t> {
    /// Begins to read a text as Go does.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        Self { parser: Parser::new(text, Dialect::Go) }
    }

    /// Returns the next event and where it begins. Not to be called after an error.
    ///
    /// # Errors
    ///
    /// For text that is no YAML.
    pub fn step(&mut self) -> Result<(Mark, Step<'t>), Error> {
        let event = self.parser.next()?;
        let style = |is_flow| if is_flow { Style::Flow } else { Style::Block };
        let tag = |tag: Option<Box<FullTag>>| tag.map(|tag| tag.to_string());
        let step = match event.kind {
            EventKind::StreamEnd => Step::StreamEnd,
            EventKind::DocumentStart => Step::DocumentStart,
            EventKind::DocumentEnd => Step::DocumentEnd,
            EventKind::Alias(name) => Step::Alias(name),
            EventKind::Scalar(node, scalar) => Step::Scalar {
                anchor: node.anchor,
                tag: tag(node.tag),
                value: scalar.value,
                style: scalar.style,
            },
            EventKind::SequenceStart(node, is_flow) => Step::SequenceStart {
                anchor: node.anchor,
                tag: tag(node.tag),
                style: style(is_flow),
            },
            EventKind::SequenceEnd => Step::SequenceEnd,
            EventKind::MappingStart(node, is_flow) => Step::MappingStart {
                anchor: node.anchor,
                tag: tag(node.tag),
                style: style(is_flow),
            },
            EventKind::MappingEnd => Step::MappingEnd,
        };
        Ok((event.start, step))
    }
}
