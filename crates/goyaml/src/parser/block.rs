//! Block sequences and mappings.

use super::{Parser, State};
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::token::TokenKind;

impl<'t> Parser<'t> {
    /// `- entry`, or the end of the sequence.
    pub(super) fn block_sequence_entry(&mut self) -> Result<Event<'t>, Error> {
        match self.peek()? {
            TokenKind::BlockEntry => {
                let mark = self.scanner.next()?.end;
                match self.peek()? {
                    TokenKind::BlockEntry | TokenKind::BlockEnd => {
                        Ok(self.empty_then(State::BlockSequenceEntry, mark))
                    }
                    _ => self.node_then(State::BlockSequenceEntry, true, false),
                }
            }
            TokenKind::BlockEnd => self.close(EventKind::SequenceEnd),
            _ => self.syntax_error("did not find expected '-' indicator"),
        }
    }

    /// `- entry` at the column of the parent's key; anything else ends the sequence.
    pub(super) fn indentless_sequence_entry(&mut self) -> Result<Event<'t>, Error> {
        if !matches!(self.peek()?, TokenKind::BlockEntry) {
            let start = self.mark()?;
            self.return_state();
            return Ok(Event { kind: EventKind::SequenceEnd, start });
        }
        let mark = self.scanner.next()?.end;
        match self.peek()? {
            TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                Ok(self.empty_then(State::IndentlessSequenceEntry, mark))
            }
            _ => self.node_then(State::IndentlessSequenceEntry, true, false),
        }
    }

    /// A key, or the end of the mapping.
    pub(super) fn block_mapping_key(&mut self) -> Result<Event<'t>, Error> {
        match self.peek()? {
            TokenKind::Key => {
                let mark = self.scanner.next()?.end;
                match self.peek()? {
                    TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                        Ok(self.empty_then(State::BlockMappingValue, mark))
                    }
                    _ => self.node_then(State::BlockMappingValue, true, true),
                }
            }
            TokenKind::BlockEnd => self.close(EventKind::MappingEnd),
            _ => self.syntax_error("did not find expected key"),
        }
    }

    /// A value, which need not be there.
    pub(super) fn block_mapping_value(&mut self) -> Result<Event<'t>, Error> {
        if !matches!(self.peek()?, TokenKind::Value) {
            let mark = self.mark()?;
            return Ok(self.empty_then(State::BlockMappingKey, mark));
        }
        let mark = self.scanner.next()?.end;
        match self.peek()? {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                Ok(self.empty_then(State::BlockMappingKey, mark))
            }
            _ => self.node_then(State::BlockMappingKey, true, true),
        }
    }
}
