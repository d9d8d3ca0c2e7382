//! The tokens of a template.

use std::ops::Range;

use super::node::{Name, Pos};
use crate::quote::quote;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Assign,
    Bool,
    Char,
    CharConstant,
    Complex,
    Declare,
    Dot,
    End,
    Error,
    Field,
    Identifier,
    Keyword(Keyword),
    LeftDelimiter,
    LeftParen,
    Nil,
    Number,
    Pipe,
    RawString,
    RightDelimiter,
    RightParen,
    Space,
    String,
    Text,
    Variable,
}

/// A word that only the template language has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Range,
    Template,
    With,
}

impl Keyword {
    pub(crate) fn read(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"block" => Self::Block,
            b"break" => Self::Break,
            b"continue" => Self::Continue,
            b"define" => Self::Define,
            b"else" => Self::Else,
            b"end" => Self::End,
            b"if" => Self::If,
            b"range" => Self::Range,
            b"template" => Self::Template,
            b"with" => Self::With,
            _ => return None,
        })
    }
}

/// A piece of a template.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'t> {
    pub(crate) kind: Kind,
    pub(crate) pos: Pos,
    /// The bytes; of an error, its text is in the lexer.
    pub(crate) bytes: &'t [u8],
}

impl Token<'_> {
    /// Returns its part of the text.
    pub(crate) fn name(&self) -> Name {
        let Range { start, end } = self.range();
        let pos = |at| Pos::try_from(at).expect("the text is a `Str`");
        Name { start: pos(start), end: pos(end) }
    }

    /// Returns where in the text it stands.
    pub(crate) fn range(&self) -> Range<usize> {
        let start = self.pos as usize;
        start..start + self.bytes.len()
    }

    /// Returns what Go calls the token in an error.
    pub(crate) fn shown(&self) -> String {
        let text = String::from_utf8_lossy(self.bytes);
        match self.kind {
            Kind::End => "EOF".to_owned(),
            Kind::Error => text.into_owned(),
            Kind::Dot | Kind::Nil | Kind::Keyword(_) => format!("<{text}>"),
            _ => {
                let shown = crate::unicode::characters(self.bytes).take(10).map(|d| d.len).sum();
                let mut literal = Vec::new();
                quote(&mut literal, &self.bytes[..shown], false);
                let dots = if self.bytes.len() > 10 { "..." } else { "" };
                format!("{}{dots}", String::from_utf8_lossy(&literal))
            }
        }
    }
}
