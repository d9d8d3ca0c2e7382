//! Documents and their directives.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Parser, State, empty_scalar};
use crate::error::{Error, ErrorKind};
use crate::event::{Event, EventKind, Properties};
use crate::scanner::error_at;
use crate::token::{TagDirective, TokenKind};

/// The prefix that `!!` stands for.
const YAML_PREFIX: &str = "tag:yaml.org,2002:";

/// The tag directives of one document: the prefix of each handle.
pub(super) struct Directives {
    written: BTreeMap<String, Arc<str>>,
    primary: Arc<str>,
    secondary: Arc<str>,
}

impl Default for Directives {
    fn default() -> Self {
        Self { written: BTreeMap::new(), primary: "!".into(), secondary: YAML_PREFIX.into() }
    }
}

impl Directives {
    /// Returns the prefix that a handle stands for.
    pub(super) fn prefix(&self, handle: &str) -> Option<&Arc<str>> {
        self.written.get(handle).or(match handle {
            "!" => Some(&self.primary),
            "!!" => Some(&self.secondary),
            _ => None,
        })
    }
}

impl<'t> Parser<'t> {
    /// Reads up to where the content of a document begins, or to the stream's end.
    pub(super) fn document_start(&mut self) -> Result<Event<'t>, Error> {
        let may_be_implicit = self.state == State::FirstDocument;
        if !may_be_implicit {
            while matches!(self.peek()?, TokenKind::DocumentEnd) {
                self.scanner.next()?;
            }
        }
        let start = self.mark()?;
        self.directives.written.clear();
        match self.peek()? {
            TokenKind::StreamEnd => Ok(Event { kind: EventKind::StreamEnd, start }),
            TokenKind::Version { .. } | TokenKind::TagDirective(_) | TokenKind::DocumentStart => {
                self.read_directives()?;
                if !matches!(self.peek()?, TokenKind::DocumentStart) {
                    return self.syntax_error("did not find expected <document start>");
                }
                self.scanner.next()?;
                self.state = State::DocumentContent;
                self.states.push(State::DocumentEnd);
                Ok(Event { kind: EventKind::DocumentStart, start })
            }
            _ if may_be_implicit => {
                self.state = State::BlockNode;
                self.states.push(State::DocumentEnd);
                Ok(Event { kind: EventKind::DocumentStart, start })
            }
            _ => self.syntax_error("did not find expected <document start>"),
        }
    }

    fn read_directives(&mut self) -> Result<(), Error> {
        let mut version_seen = false;
        while matches!(self.peek()?, TokenKind::Version { .. } | TokenKind::TagDirective(_)) {
            let token = self.scanner.next()?;
            let fail = |problem| Err(error_at(token.start, ErrorKind::Syntax(problem)));
            match token.kind {
                TokenKind::Version { .. } if version_seen => {
                    return fail("found duplicate %YAML directive");
                }
                TokenKind::Version { major, minor } if self.dialect.reads_version(major, minor) => {
                    version_seen = true;
                }
                TokenKind::TagDirective(directive) => {
                    let TagDirective { handle, prefix } = *directive;
                    if self.directives.written.insert(handle, prefix.into()).is_some() {
                        return fail("found duplicate %TAG directive");
                    }
                }
                _ => return fail("found incompatible YAML document"),
            }
        }
        Ok(())
    }

    pub(super) fn document_content(&mut self) -> Result<Event<'t>, Error> {
        match self.peek()? {
            TokenKind::Version { .. }
            | TokenKind::TagDirective(_)
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::StreamEnd => {
                let mark = self.mark()?;
                self.return_state();
                Ok(empty_scalar(Properties::default(), mark))
            }
            _ => self.node(true, false),
        }
    }

    pub(super) fn document_end(&mut self) -> Result<Event<'t>, Error> {
        let start = self.mark()?;
        if matches!(self.peek()?, TokenKind::DocumentEnd) {
            self.scanner.next()?;
        }
        self.state = State::Document;
        Ok(Event { kind: EventKind::DocumentEnd, start })
    }
}
