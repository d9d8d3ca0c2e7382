//! Flow sequences and mappings, and the pairs inside sequences.

use super::{Parser, State};
use crate::error::Error;
use crate::event::{Event, EventKind, Properties};
use crate::token::TokenKind;

impl<'t> Parser<'t> {
    /// An entry of `[…]`, which may be a pair `key: value`, or the end.
    pub(super) fn flow_sequence_entry(&mut self, first: bool) -> Result<Event<'t>, Error> {
        if !first && !matches!(self.peek()?, TokenKind::FlowSequenceEnd) {
            if !matches!(self.peek()?, TokenKind::FlowEntry) {
                return self.syntax_error("did not find expected ',' or ']'");
            }
            self.scanner.next()?;
        }
        match self.peek()? {
            TokenKind::Key => {
                let start = self.scanner.next()?.start;
                self.state = State::PairKey;
                Ok(Event { kind: EventKind::MappingStart(Properties::default(), true), start })
            }
            TokenKind::FlowSequenceEnd => self.close(EventKind::SequenceEnd),
            _ => self.node_then(State::FlowSequenceEntry, false, false),
        }
    }

    pub(super) fn pair_key(&mut self) -> Result<Event<'t>, Error> {
        match self.peek()? {
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                // libyaml swallows this token, so that `[? , a]` is no YAML.
                let mark = self.scanner.next()?.end;
                Ok(self.empty_then(State::PairValue, mark))
            }
            _ => self.node_then(State::PairValue, false, false),
        }
    }

    pub(super) fn pair_value(&mut self) -> Result<Event<'t>, Error> {
        if matches!(self.peek()?, TokenKind::Value) {
            self.scanner.next()?;
            if !matches!(self.peek()?, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
                return self.node_then(State::PairEnd, false, false);
            }
        }
        let mark = self.mark()?;
        Ok(self.empty_then(State::PairEnd, mark))
    }

    pub(super) fn pair_end(&mut self) -> Result<Event<'t>, Error> {
        let start = self.mark()?;
        self.state = State::FlowSequenceEntry;
        Ok(Event { kind: EventKind::MappingEnd, start })
    }

    /// A key of `{…}`, with or without `:` after it, or the end.
    pub(super) fn flow_mapping_key(&mut self, first: bool) -> Result<Event<'t>, Error> {
        if !first && !matches!(self.peek()?, TokenKind::FlowMappingEnd) {
            if !matches!(self.peek()?, TokenKind::FlowEntry) {
                return self.syntax_error("did not find expected ',' or '}'");
            }
            self.scanner.next()?;
        }
        match self.peek()? {
            TokenKind::Key => {
                self.scanner.next()?;
                match self.peek()? {
                    TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd => {
                        let mark = self.mark()?;
                        Ok(self.empty_then(State::FlowMappingValue, mark))
                    }
                    _ => self.node_then(State::FlowMappingValue, false, false),
                }
            }
            TokenKind::FlowMappingEnd => self.close(EventKind::MappingEnd),
            _ => self.node_then(State::FlowMappingEmptyValue, false, false),
        }
    }

    pub(super) fn flow_mapping_value(&mut self) -> Result<Event<'t>, Error> {
        if matches!(self.peek()?, TokenKind::Value) {
            self.scanner.next()?;
            if !matches!(self.peek()?, TokenKind::FlowEntry | TokenKind::FlowMappingEnd) {
                return self.node_then(State::FlowMappingKey, false, false);
            }
        }
        self.flow_mapping_empty_value()
    }

    pub(super) fn flow_mapping_empty_value(&mut self) -> Result<Event<'t>, Error> {
        let mark = self.mark()?;
        Ok(self.empty_then(State::FlowMappingKey, mark))
    }
}
