//! Why a pattern was refused, in Go's words.

use std::fmt;

use crate::text::Text;

/// A pattern that Go's `regexp.Compile` refuses, or that is over a limit.
///
/// Its text is Go's: "error parsing regexp: missing closing ): `(abc`".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("error parsing regexp: {kind}: `{expression}`")]
pub struct Error {
    kind: ErrorKind,
    expression: String,
}

impl Error {
    /// A byte that is not UTF-8 becomes U+FFFD in the text; Go prints it as it is.
    pub(crate) fn new(kind: ErrorKind, expression: &[u8]) -> Self {
        let text = Text::new(expression);
        Self { kind, expression: String::from_utf8_lossy(text.valid()).into_owned() }
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The part of the pattern that is wrong; for some kinds, the whole pattern.
    #[must_use]
    pub fn expression(&self) -> &str {
        &self.expression
    }
}

/// The kinds of Go's `regexp/syntax.ErrorCode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A range that runs backwards, or a class whose name is unknown.
    InvalidCharRange,
    /// An escape that has no meaning, such as `\8` or `\y`.
    InvalidEscape,
    /// A group's name that is empty, unclosed or not made of word characters.
    InvalidNamedCapture,
    /// `(?` followed by what Go does not know: look-around among it.
    InvalidPerlOp,
    /// A repetition of a repetition: `a**`.
    InvalidRepeatOp,
    /// A repetition of more than 1,000, alone or with those around it.
    InvalidRepeatSize,
    /// The pattern is not UTF-8.
    InvalidUtf8,
    /// A `[` without its `]`.
    MissingBracket,
    /// A `(` without its `)`.
    MissingParen,
    /// A repetition of nothing.
    MissingRepeatArgument,
    /// A `\` at the end.
    TrailingBackslash,
    /// A `)` without its `(`.
    UnexpectedParen,
    /// More levels than [`MAX_DEPTH`](crate::MAX_DEPTH).
    NestingDepth,
    /// More than [`MAX_PATTERN_BYTES`](crate::MAX_PATTERN_BYTES), or a program of more than
    /// [`MAX_PROGRAM_BYTES`](crate::MAX_PROGRAM_BYTES).
    Large,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::InvalidCharRange => "invalid character class range",
            Self::InvalidEscape => "invalid escape sequence",
            Self::InvalidNamedCapture => "invalid named capture",
            Self::InvalidPerlOp => "invalid or unsupported Perl syntax",
            Self::InvalidRepeatOp => "invalid nested repetition operator",
            Self::InvalidRepeatSize => "invalid repeat count",
            Self::InvalidUtf8 => "invalid UTF-8",
            Self::MissingBracket => "missing closing ]",
            Self::MissingParen => "missing closing )",
            Self::MissingRepeatArgument => "missing argument to repetition operator",
            Self::TrailingBackslash => "trailing backslash at end of expression",
            Self::UnexpectedParen => "unexpected )",
            Self::NestingDepth => "expression nests too deeply",
            Self::Large => "expression too large",
        })
    }
}
