//! From tokens to events: the grammar of YAML 1.1 as a machine of states.
//!
//! One state for each place in a production, as in libyaml's `parser.c`, so
//! that nesting costs an entry of `states` and no recursion.

mod block;
mod document;
mod flow;
mod node;

use std::borrow::Cow;

use crate::cursor::Mark;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};
use crate::event::{Event, EventKind, Properties};
use crate::node::Style;
use crate::scanner::{Scanner, error_at};
use crate::token::{Scalar, TokenKind};
use document::Directives;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    FirstDocument,
    Document,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceEntry,
    IndentlessSequenceEntry,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceFirstEntry,
    FlowSequenceEntry,
    PairKey,
    PairValue,
    PairEnd,
    FlowMappingFirstKey,
    FlowMappingKey,
    FlowMappingValue,
    FlowMappingEmptyValue,
}

/// Turns tokens into events.
pub(crate) struct Parser<'t> {
    scanner: Scanner<'t>,
    dialect: Dialect,
    state: State,
    /// Where to go on after the node that is being read.
    states: Vec<State>,
    directives: Directives,
}

impl<'t> Parser<'t> {
    pub(crate) fn new(text: &'t str, dialect: Dialect) -> Self {
        Self {
            scanner: Scanner::new(text, dialect),
            dialect,
            state: State::FirstDocument,
            states: Vec::new(),
            directives: Directives::default(),
        }
    }

    /// Returns the next event; not to be called after the stream's end or an error.
    pub(crate) fn next(&mut self) -> Result<Event<'t>, Error> {
        match self.state {
            State::FirstDocument | State::Document => self.document_start(),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(true, false),
            State::BlockSequenceEntry => self.block_sequence_entry(),
            State::IndentlessSequenceEntry => self.indentless_sequence_entry(),
            State::BlockMappingKey => self.block_mapping_key(),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceFirstEntry => self.flow_sequence_entry(true),
            State::FlowSequenceEntry => self.flow_sequence_entry(false),
            State::PairKey => self.pair_key(),
            State::PairValue => self.pair_value(),
            State::PairEnd => self.pair_end(),
            State::FlowMappingFirstKey => self.flow_mapping_key(true),
            State::FlowMappingKey => self.flow_mapping_key(false),
            State::FlowMappingValue => self.flow_mapping_value(),
            State::FlowMappingEmptyValue => self.flow_mapping_empty_value(),
        }
    }

    /// Looks for a forbidden character in all of the text that was not read.
    pub(crate) fn check_rest(&mut self) -> Result<(), Error> {
        self.scanner.check_rest()
    }

    fn peek(&mut self) -> Result<&TokenKind<'t>, Error> {
        Ok(&self.scanner.peek()?.kind)
    }

    /// Where the next token begins.
    fn mark(&mut self) -> Result<Mark, Error> {
        Ok(self.scanner.peek()?.start)
    }

    /// Goes back to what waits for the node that ends here.
    fn return_state(&mut self) {
        self.state = self.states.pop().unwrap_or(State::Document);
    }

    /// Reads a node, after which the state is `then`.
    fn node_then(
        &mut self,
        then: State,
        block: bool,
        indentless: bool,
    ) -> Result<Event<'t>, Error> {
        self.states.push(then);
        self.node(block, indentless)
    }

    /// A node that is not there, after which the state is `then`.
    fn empty_then(&mut self, then: State, mark: Mark) -> Event<'t> {
        self.state = then;
        empty_scalar(Properties::default(), mark)
    }

    /// Ends a collection with the token that closes it.
    fn close(&mut self, kind: EventKind<'t>) -> Result<Event<'t>, Error> {
        let token = self.scanner.next()?;
        self.return_state();
        Ok(Event { kind, start: token.start })
    }

    fn syntax_error<T>(&mut self, problem: &'static str) -> Result<T, Error> {
        Err(error_at(self.mark()?, ErrorKind::Syntax(problem)))
    }
}

fn empty_scalar(properties: Properties<'_>, mark: Mark) -> Event<'_> {
    let scalar = Scalar {
        value: Cow::Borrowed(""),
        style: Style::Plain,
        content_line: mark.line,
        one_line: true,
    };
    Event { kind: EventKind::Scalar(properties, scalar), start: mark }
}
