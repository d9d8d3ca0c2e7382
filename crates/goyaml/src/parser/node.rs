//! One node: its properties and what follows them.

use std::sync::Arc;

use super::{Parser, State, empty_scalar};
use crate::cursor::Mark;
use crate::error::{Error, ErrorKind};
use crate::event::{Event, EventKind, FullTag, Properties};
use crate::scanner::error_at;
use crate::token::{Tag, TokenKind};

impl<'t> Parser<'t> {
    /// Reads an alias, a scalar, or the start of a collection.
    ///
    /// `block`: whether a block collection may stand here; `indentless`: whether
    /// a sequence may, whose `-` is at the column of the parent's key.
    pub(super) fn node(&mut self, block: bool, indentless: bool) -> Result<Event<'t>, Error> {
        if let TokenKind::Alias(name) = *self.peek()? {
            let token = self.scanner.next()?;
            self.return_state();
            return Ok(Event { kind: EventKind::Alias(name), start: token.start });
        }
        let start = self.mark()?;
        let properties = self.properties()?;
        let (state, kind) = match self.peek()? {
            TokenKind::BlockEntry if indentless => {
                let kind = EventKind::SequenceStart(properties, false);
                self.state = State::IndentlessSequenceEntry;
                return Ok(Event { kind, start });
            }
            TokenKind::Scalar(_) => return self.scalar(properties, start),
            TokenKind::FlowSequenceStart => {
                (State::FlowSequenceFirstEntry, EventKind::SequenceStart(properties, true))
            }
            TokenKind::FlowMappingStart => {
                (State::FlowMappingFirstKey, EventKind::MappingStart(properties, true))
            }
            TokenKind::BlockSequenceStart if block => {
                (State::BlockSequenceEntry, EventKind::SequenceStart(properties, false))
            }
            TokenKind::BlockMappingStart if block => {
                (State::BlockMappingKey, EventKind::MappingStart(properties, false))
            }
            _ if properties.anchor.is_some() || properties.tag.is_some() => {
                self.return_state();
                return Ok(empty_scalar(properties, start));
            }
            _ => return self.syntax_error("did not find expected node content"),
        };
        self.scanner.next()?;
        self.state = state;
        Ok(Event { kind, start })
    }

    fn scalar(&mut self, properties: Properties<'t>, start: Mark) -> Result<Event<'t>, Error> {
        let token = self.scanner.next()?;
        let TokenKind::Scalar(scalar) = token.kind else {
            return Err(error_at(
                token.start,
                ErrorKind::Syntax("did not find expected node content"),
            ));
        };
        self.return_state();
        Ok(Event { kind: EventKind::Scalar(properties, scalar), start })
    }

    /// Reads an anchor and a tag in either order.
    fn properties(&mut self) -> Result<Properties<'t>, Error> {
        let mut anchor = self.take_anchor()?;
        let tag = self.take_tag()?;
        if anchor.is_none() && tag.is_some() {
            anchor = self.take_anchor()?;
        }
        let tag = tag.map(|(tag, mark)| self.full_tag(*tag, mark)).transpose()?;
        Ok(Properties { anchor, tag })
    }

    fn take_anchor(&mut self) -> Result<Option<&'t str>, Error> {
        let TokenKind::Anchor(name) = *self.peek()? else { return Ok(None) };
        self.scanner.next()?;
        Ok(Some(name))
    }

    fn take_tag(&mut self) -> Result<Option<(Box<Tag>, Mark)>, Error> {
        if !matches!(self.peek()?, TokenKind::Tag(_)) {
            return Ok(None);
        }
        let token = self.scanner.next()?;
        let TokenKind::Tag(tag) = token.kind else { return Ok(None) };
        Ok(Some((tag, token.start)))
    }

    fn full_tag(&self, tag: Tag, mark: Mark) -> Result<Box<FullTag>, Error> {
        if tag.handle.is_empty() {
            return Ok(Box::new(FullTag { prefix: None, suffix: tag.suffix }));
        }
        match self.directives.prefix(&tag.handle) {
            Some(prefix) => {
                Ok(Box::new(FullTag { prefix: Some(Arc::clone(prefix)), suffix: tag.suffix }))
            }
            None => Err(error_at(mark, ErrorKind::Syntax("found undefined tag handle"))),
        }
    }
}
