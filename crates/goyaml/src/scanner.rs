//! From characters to tokens.
//!
//! This file holds the queue of tokens and decides which token comes next;
//! each family of tokens has a file below it. The behaviour is that of
//! libyaml's `scanner.c` as go-yaml v2 has it in `scannerc.go`.

mod anchor;
mod block_scalar;
mod directive;
mod escape;
mod fold;
mod indentation;
mod plain;

mod quoted;
mod simple_key;
mod tag;

use std::collections::VecDeque;

use crate::charset::first_forbidden;
use crate::cursor::{Cursor, Mark};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};
use crate::token::{Scalar, Token, TokenKind};
use indentation::Indentation;
use simple_key::SimpleKey;

/// Turns the text into tokens, as few ahead as possible.
pub(crate) struct Scanner<'t> {
    cursor: Cursor<'t>,
    dialect: Dialect,
    /// The first character that no YAML text may hold; the cursor's text ends before it.
    forbidden: Option<char>,
    tokens: VecDeque<Token<'t>>,
    /// Whether the first token of the queue is known to be the next.
    ready: bool,
    /// Tokens given to the parser: the number of the first token in the queue.
    given: usize,
    indentation: Indentation,
    /// For each flow level, and the block context, what may turn out to be a key.
    simple_keys: Vec<SimpleKey>,
    simple_key_allowed: bool,
    ended: bool,
}

impl<'t> Scanner<'t> {
    pub(crate) fn new(text: &'t str, dialect: Dialect) -> Self {
        let allowed = first_forbidden(text);
        let forbidden = allowed.and_then(|offset| text[offset..].chars().next());
        Self {
            cursor: Cursor::new(&text[..allowed.unwrap_or(text.len())]),
            dialect,
            forbidden,
            tokens: VecDeque::new(),
            ready: false,
            given: 0,
            indentation: Indentation::new(),
            simple_keys: vec![SimpleKey::default()],
            simple_key_allowed: true,
            ended: false,
        }
    }

    /// Looks at the next token.
    pub(crate) fn peek(&mut self) -> Result<&Token<'t>, Error> {
        self.fill()?;
        Ok(self.tokens.front().expect("`fill` leaves a token, the last one being the stream's end"))
    }

    /// Takes the next token.
    pub(crate) fn next(&mut self) -> Result<Token<'t>, Error> {
        self.fill()?;
        let token = self.tokens.pop_front().expect("`fill` leaves a token");
        self.given += 1;
        self.ready = false;
        Ok(token)
    }

    /// Scans until the first token of the queue can no longer be preceded by a key token.
    fn fill(&mut self) -> Result<(), Error> {
        if self.ready {
            return Ok(());
        }
        while self.tokens.is_empty() || self.first_may_be_key()? {
            let scanned = self.scan_token();
            if self.cursor.at_end()
                && let Some(character) = self.forbidden
            {
                return Err(error_at(self.cursor.mark(), ErrorKind::Character(character)));
            }
            scanned?;
        }
        self.ready = true;
        Ok(())
    }

    /// Looks for a forbidden character in all of the text that was not read.
    pub(crate) fn check_rest(&mut self) -> Result<(), Error> {
        let Some(character) = self.forbidden else { return Ok(()) };
        while !self.cursor.at_end() {
            self.cursor.skip_to_line_end();
            self.cursor.take_break();
        }
        Err(error_at(self.cursor.mark(), ErrorKind::Character(character)))
    }

    fn flow_level(&self) -> usize {
        self.simple_keys.len() - 1
    }

    fn in_flow(&self) -> bool {
        self.simple_keys.len() > 1
    }

    fn syntax_error<T>(&self, problem: &'static str) -> Result<T, Error> {
        Err(self.error_for(self.cursor.mark(), problem))
    }

    /// An error about another place than the one where it was noticed.
    fn error_for(&self, mark: Mark, problem: &'static str) -> Error {
        let noticed = self.cursor.mark().line;
        let go_line = if noticed == 0 { 0 } else { noticed.saturating_add(1) };
        Error { go_line, ..error_at(mark, ErrorKind::Syntax(problem)) }
    }

    fn push(&mut self, kind: TokenKind<'t>, start: Mark) {
        self.tokens.push_back(Token { kind, start, end: self.cursor.mark() });
    }

    fn push_scalar(&mut self, scalar: Scalar<'t>, start: Mark) {
        self.push(TokenKind::Scalar(scalar), start);
    }

    /// Inserts a token of no width before the token of this number.
    ///
    /// A number already given away means that go-yaml lost track; it then
    /// appends, and so does this.
    fn insert(&mut self, number: usize, kind: TokenKind<'t>, mark: Mark) {
        let token = Token { kind, start: mark, end: mark };
        match number.checked_sub(self.given) {
            Some(index) if index <= self.tokens.len() => self.tokens.insert(index, token),
            _ => self.tokens.push_back(token),
        }
    }

    /// The number that the next token will have.
    fn next_number(&self) -> usize {
        self.given + self.tokens.len()
    }

    /// Scans one token, and the tokens of no width that it implies.
    fn scan_token(&mut self) -> Result<(), Error> {
        self.skip_to_token()?;
        self.unroll_indentation(i64::from(self.cursor.column()));
        if self.cursor.at_end() {
            return self.stream_end();
        }
        if self.cursor.column() == 0 && self.cursor.peek(0) == b'%' {
            return self.directive();
        }
        if self.cursor.at_document_indicator() {
            return self.document_indicator();
        }
        self.scan_indicator()
    }

    fn scan_indicator(&mut self) -> Result<(), Error> {
        let first = self.cursor.peek(0);
        match first {
            b'[' => self.flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.flow_start(TokenKind::FlowMappingStart),
            b']' => self.flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.flow_end(TokenKind::FlowMappingEnd),
            b',' => self.flow_entry(),
            b'-' if self.cursor.is_blank_or_end(1) => self.block_entry(),
            b'?' if self.in_flow() || self.cursor.is_blank_or_end(1) => self.key(),
            b':' if self.in_flow() || self.cursor.is_blank_or_end(1) => self.value(),
            b'*' | b'&' => self.anchor(),
            b'!' => self.tag(),
            b'|' | b'>' if !self.in_flow() => self.block_scalar(),
            b'\'' => self.single_quoted(),
            b'"' => self.double_quoted(),
            b'\t' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => self.no_token(),
            _ => self.plain(),
        }
    }

    fn no_token(&self) -> Result<(), Error> {
        self.syntax_error("found character that cannot start any token")
    }

    /// Passes blanks, comments and breaks.
    ///
    /// Tabs are no indentation: where a key may start in the block context they stay.
    fn skip_to_token(&mut self) -> Result<(), Error> {
        loop {
            self.skip_byte_order_mark()?;
            let tabs = self.in_flow() || !self.simple_key_allowed;
            while self.cursor.peek(0) == b' ' || (tabs && self.cursor.peek(0) == b'\t') {
                self.cursor.advance(1);
            }
            if self.cursor.peek(0) == b'#' {
                self.cursor.skip_to_line_end();
            }
            if !self.cursor.is_break(0) {
                return Ok(());
            }
            self.cursor.take_break();
            if !self.in_flow() {
                self.simple_key_allowed = true;
            }
        }
    }

    fn skip_byte_order_mark(&mut self) -> Result<(), Error> {
        if self.cursor.column() != 0 || !self.cursor.is_byte_order_mark() {
            return Ok(());
        }
        if self.dialect.passes_byte_order_marks() {
            self.cursor.next_character();
        } else if self.cursor.at_start() {
            return self.syntax_error("found a second byte order mark");
        }
        Ok(())
    }

    fn stream_end(&mut self) -> Result<(), Error> {
        if self.ended {
            return self.syntax_error("did not find expected node content");
        }
        self.cursor.force_new_line();
        self.unroll_indentation(-1);
        self.forget_simple_key()?;
        self.simple_key_allowed = false;
        self.push(TokenKind::StreamEnd, self.cursor.mark());
        self.ended = true;
        Ok(())
    }

    fn document_indicator(&mut self) -> Result<(), Error> {
        self.unroll_indentation(-1);
        self.forget_simple_key()?;
        self.simple_key_allowed = false;
        let kind = if self.cursor.peek(0) == b'-' {
            TokenKind::DocumentStart
        } else {
            TokenKind::DocumentEnd
        };
        let start = self.cursor.mark();
        self.cursor.advance(3);
        self.push(kind, start);
        Ok(())
    }

    fn flow_start(&mut self, kind: TokenKind<'t>) -> Result<(), Error> {
        self.note_simple_key()?;
        self.simple_keys.push(SimpleKey::none(self.next_number()));
        self.simple_key_allowed = true;
        self.push_indicator(kind);
        Ok(())
    }

    fn flow_end(&mut self, kind: TokenKind<'t>) -> Result<(), Error> {
        self.forget_simple_key()?;
        self.leave_flow_level();
        self.simple_key_allowed = false;
        self.push_indicator(kind);
        Ok(())
    }

    fn flow_entry(&mut self) -> Result<(), Error> {
        self.forget_simple_key()?;
        self.simple_key_allowed = true;
        self.push_indicator(TokenKind::FlowEntry);
        Ok(())
    }

    fn block_entry(&mut self) -> Result<(), Error> {
        if !self.in_flow() {
            if !self.simple_key_allowed {
                return self.syntax_error("block sequence entries are not allowed in this context");
            }
            self.roll_indentation(self.cursor.mark(), None, TokenKind::BlockSequenceStart);
        }
        self.forget_simple_key()?;
        self.simple_key_allowed = true;
        self.push_indicator(TokenKind::BlockEntry);
        Ok(())
    }

    fn key(&mut self) -> Result<(), Error> {
        if !self.in_flow() {
            if !self.simple_key_allowed {
                return self.syntax_error("mapping keys are not allowed in this context");
            }
            self.roll_indentation(self.cursor.mark(), None, TokenKind::BlockMappingStart);
        }
        self.forget_simple_key()?;
        self.simple_key_allowed = !self.in_flow();
        self.push_indicator(TokenKind::Key);
        Ok(())
    }

    fn value(&mut self) -> Result<(), Error> {
        if let Some(key) = self.take_simple_key()? {
            self.insert(key.number, TokenKind::Key, key.mark);
            self.roll_indentation(key.mark, Some(key.number), TokenKind::BlockMappingStart);
            self.simple_key_allowed = false;
        } else {
            if !self.in_flow() {
                if !self.simple_key_allowed {
                    return self.syntax_error("mapping values are not allowed in this context");
                }
                self.roll_indentation(self.cursor.mark(), None, TokenKind::BlockMappingStart);
            }
            self.simple_key_allowed = !self.in_flow();
        }
        self.push_indicator(TokenKind::Value);
        Ok(())
    }

    /// Pushes a token of one character.
    fn push_indicator(&mut self, kind: TokenKind<'t>) {
        let start = self.cursor.mark();
        self.cursor.advance(1);
        self.push(kind, start);
    }
}

/// An error after scanning, for which go-yaml counts lines from 0.
pub(crate) fn error_at(mark: Mark, kind: ErrorKind) -> Error {
    let go_line = if matches!(kind, ErrorKind::Syntax(_)) { mark.line } else { 0 };
    let (line, column) = (mark.line.saturating_add(1), mark.column.saturating_add(1));
    Error { line, column, kind, go_line }
}
