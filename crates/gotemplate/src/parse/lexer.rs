//! From text to tokens, one at a time.
//!
//! Mirrors the rules and the errors of `text/template/parse` in Go 1.26.

use super::node::Pos;
use super::token::{Keyword, Kind, Token};
use crate::unicode::{decode, is_print, is_word};

const COMMENT: &[u8] = b"/*";
const COMMENT_END: &[u8] = b"*/";
/// A minus and a space, which cut the white space before or after an action.
const TRIM_MARKER: usize = 2;

/// The marks around an action.
#[derive(Clone, Debug)]
pub(crate) struct Delimiters {
    pub(crate) left: Box<[u8]>,
    pub(crate) right: Box<[u8]>,
}

/// Reads tokens.
#[derive(Debug)]
pub(crate) struct Lexer<'t> {
    text: &'t [u8],
    delimiters: &'t Delimiters,
    pos: usize,
    /// Where the next token begins.
    start: usize,
    in_action: bool,
    parens: usize,
    /// What was wrong; then there are no further tokens.
    error: Option<String>,
    /// Whether the host has functions of these names, which then are no keywords.
    pub(crate) has_break: bool,
    pub(crate) has_continue: bool,
}

/// What one step of the lexer gives.
enum Step<'t> {
    Again,
    Token(Token<'t>),
    Wrong(String),
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t [u8], delimiters: &'t Delimiters) -> Self {
        Self {
            text,
            delimiters,
            pos: 0,
            start: 0,
            in_action: false,
            parens: 0,
            error: None,
            has_break: false,
            has_continue: false,
        }
    }

    /// Returns the next token: after an error, or at the end, always the same.
    pub(crate) fn next(&mut self) -> Token<'t> {
        if self.error.is_some() {
            return Token { kind: Kind::End, pos: self.start(), bytes: b"EOF" };
        }
        loop {
            let step = if self.in_action { self.action() } else { self.text() };
            match step {
                Step::Again => {}
                Step::Token(token) => return token,
                Step::Wrong(message) => {
                    self.error = Some(message);
                    return Token { kind: Kind::Error, pos: self.start(), bytes: b"" };
                }
            }
        }
    }

    /// Returns what is wrong, once there was a token that says so.
    pub(crate) fn error(&self) -> &str {
        self.error.as_deref().unwrap_or_default()
    }

    fn rest(&self) -> &'t [u8] {
        &self.text[self.pos..]
    }

    #[inline]
    fn peek(&self) -> Option<char> {
        match self.text.get(self.pos) {
            Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
            _ => decode(self.rest()).map(|decoded| decoded.character),
        }
    }

    #[inline]
    fn advance(&mut self) -> Option<char> {
        if let Some(byte) = self.text.get(self.pos).filter(|byte| byte.is_ascii()) {
            self.pos += 1;
            return Some(char::from(*byte));
        }
        let decoded = decode(self.rest())?;
        self.pos += decoded.len;
        Some(decoded.character)
    }

    /// Goes over the characters of a name.
    fn word(&mut self) {
        loop {
            match self.text.get(self.pos) {
                Some(byte) if byte.is_ascii_alphanumeric() || *byte == b'_' => self.pos += 1,
                Some(byte) if !byte.is_ascii() && self.peek().is_some_and(is_word) => {
                    self.advance();
                }
                _ => return,
            }
        }
    }

    fn start(&self) -> Pos {
        Pos::try_from(self.start).expect("the text is a `Str`")
    }

    /// Forgets what was read since the last token.
    fn skip(&mut self) {
        self.start = self.pos;
    }

    fn token(&mut self, kind: Kind) -> Token<'t> {
        let bytes = &self.text[self.start..self.pos];
        let token = Token { kind, pos: self.start(), bytes };
        self.skip();
        token
    }

    fn emit(&mut self, kind: Kind) -> Step<'t> {
        Step::Token(self.token(kind))
    }

    fn text(&mut self) -> Step<'t> {
        let Some(len) = find(self.rest(), &self.delimiters.left) else {
            self.pos += self.rest().len();
            let kind = if self.pos > self.start { Kind::Text } else { Kind::End };
            return self.emit(kind);
        };
        if len == 0 {
            return self.left_delimiter();
        }
        let text = &self.rest()[..len];
        let after = &self.rest()[len + self.delimiters.left.len()..];
        let cut = if has_left_marker(after) { trailing_space(text) } else { 0 };
        self.pos += len - cut;
        let token = self.token(Kind::Text);
        self.pos += cut;
        self.skip();
        if token.bytes.is_empty() { Step::Again } else { Step::Token(token) }
    }

    fn left_delimiter(&mut self) -> Step<'t> {
        self.pos += self.delimiters.left.len();
        let marker = if has_left_marker(self.rest()) { TRIM_MARKER } else { 0 };
        if self.rest()[marker..].starts_with(COMMENT) {
            self.pos += marker;
            self.skip();
            return self.comment();
        }
        let token = self.token(Kind::LeftDelimiter);
        self.in_action = true;
        self.parens = 0;
        self.pos += marker;
        self.skip();
        Step::Token(token)
    }

    fn comment(&mut self) -> Step<'t> {
        self.pos += COMMENT.len();
        let Some(len) = find(self.rest(), COMMENT_END) else {
            return Step::Wrong("unclosed comment".to_owned());
        };
        self.pos += len + COMMENT_END.len();
        let Some(marker) = self.at_right_delimiter() else {
            return Step::Wrong("comment ends before closing delimiter".to_owned());
        };
        self.pos += marker + self.delimiters.right.len();
        if marker > 0 {
            self.pos += leading_space(self.rest());
        }
        self.skip();
        Step::Again
    }

    /// Returns the length of the marker before the delimiter, if there is a delimiter.
    fn at_right_delimiter(&self) -> Option<usize> {
        let rest = self.rest();
        let right = &*self.delimiters.right;
        if has_right_marker(rest) && rest[TRIM_MARKER..].starts_with(right) {
            return Some(TRIM_MARKER);
        }
        // The first byte alone answers for most tokens.
        (rest.first() == right.first() && rest.starts_with(right)).then_some(0)
    }

    fn right_delimiter(&mut self, marker: usize) -> Step<'t> {
        self.pos += marker;
        self.skip();
        self.pos += self.delimiters.right.len();
        let token = self.token(Kind::RightDelimiter);
        if marker > 0 {
            self.pos += leading_space(self.rest());
            self.skip();
        }
        self.in_action = false;
        Step::Token(token)
    }

    fn action(&mut self) -> Step<'t> {
        if let Some(marker) = self.at_right_delimiter() {
            return if self.parens == 0 {
                self.right_delimiter(marker)
            } else {
                Step::Wrong("unclosed left paren".to_owned())
            };
        }
        let Some(first) = self.advance() else {
            return Step::Wrong("unclosed action".to_owned());
        };
        match first {
            c if is_space(c) => self.space(),
            '=' => self.emit(Kind::Assign),
            ':' => self.declaration(),
            '|' => self.emit(Kind::Pipe),
            '"' => self.quoted('"', Kind::String, "unterminated quoted string"),
            '\'' => self.quoted('\'', Kind::CharConstant, "unterminated character constant"),
            '`' => self.raw_string(),
            '$' => self.field_or_variable(Kind::Variable),
            '.' if self.rest().first().is_some_and(|byte| !byte.is_ascii_digit()) => {
                self.field_or_variable(Kind::Field)
            }
            '.' | '+' | '-' | '0'..='9' => self.number(),
            c if is_word(c) => self.identifier(),
            '(' => {
                self.parens += 1;
                self.emit(Kind::LeftParen)
            }
            ')' if self.parens == 0 => Step::Wrong("unexpected right paren".to_owned()),
            ')' => {
                self.parens -= 1;
                self.emit(Kind::RightParen)
            }
            c if c.is_ascii() && is_print(c) => self.emit(Kind::Char),
            c => Step::Wrong(format!("unrecognized character in action: {}", unicode(c))),
        }
    }

    fn space(&mut self) -> Step<'t> {
        self.pos += leading_space(self.rest());
        // The last space may belong to the marker of the closing delimiter.
        let last = &self.text[self.pos - 1..];
        if has_right_marker(last) && last[TRIM_MARKER..].starts_with(&self.delimiters.right) {
            self.pos -= 1;
            if self.pos == self.start {
                return self.right_delimiter(TRIM_MARKER);
            }
        }
        self.emit(Kind::Space)
    }

    fn declaration(&mut self) -> Step<'t> {
        match self.advance() {
            Some('=') => self.emit(Kind::Declare),
            _ => Step::Wrong("expected :=".to_owned()),
        }
    }

    fn identifier(&mut self) -> Step<'t> {
        self.word();
        if !self.at_terminator() {
            return self.bad_character();
        }
        let word = &self.text[self.start..self.pos];
        let kind = match (word, Keyword::read(word)) {
            (_, Some(Keyword::Break)) if self.has_break => Kind::Identifier,
            (_, Some(Keyword::Continue)) if self.has_continue => Kind::Identifier,
            (_, Some(keyword)) => Kind::Keyword(keyword),
            (b"nil", None) => Kind::Nil,
            (b"true" | b"false", None) => Kind::Bool,
            _ => Kind::Identifier,
        };
        self.emit(kind)
    }

    /// The first character, a dot or a dollar, is read already.
    fn field_or_variable(&mut self, kind: Kind) -> Step<'t> {
        if self.at_terminator() {
            return self.emit(if kind == Kind::Variable { kind } else { Kind::Dot });
        }
        self.word();
        if self.at_terminator() { self.emit(kind) } else { self.bad_character() }
    }

    fn at_terminator(&self) -> bool {
        match self.peek() {
            None | Some('.' | ',' | '|' | ':' | ')' | '(') => true,
            Some(c) if is_space(c) => true,
            Some(_) => self.rest().starts_with(&self.delimiters.right),
        }
    }

    fn bad_character(&self) -> Step<'t> {
        let c = self.peek().unwrap_or(char::REPLACEMENT_CHARACTER);
        Step::Wrong(format!("bad character {}", unicode(c)))
    }

    fn quoted(&mut self, mark: char, kind: Kind, unclosed: &str) -> Step<'t> {
        loop {
            self.plain(mark);
            let mut next = self.advance();
            if next == Some('\\') {
                next = self.advance();
                if !matches!(next, None | Some('\n')) {
                    continue;
                }
            }
            match next {
                None | Some('\n') => return Step::Wrong(unclosed.to_owned()),
                Some(c) if c == mark => return self.emit(kind),
                Some(_) => {}
            }
        }
    }

    /// Goes over what neither ends nor breaks a quoted string.
    fn plain(&mut self, mark: char) {
        let is_plain = |byte: &&u8| {
            byte.is_ascii() && !matches!(byte, b'\\' | b'\n') && char::from(**byte) != mark
        };
        self.pos += self.rest().iter().take_while(is_plain).count();
    }

    fn raw_string(&mut self) -> Step<'t> {
        match find(self.rest(), b"`") {
            Some(len) => {
                self.pos += len + 1;
                self.emit(Kind::RawString)
            }
            None => Step::Wrong("unterminated raw quoted string".to_owned()),
        }
    }

    fn number(&mut self) -> Step<'t> {
        self.pos = self.start;
        let mut is_fine = self.scan_number();
        let mut kind = Kind::Number;
        if is_fine && matches!(self.peek(), Some('+' | '-')) {
            kind = Kind::Complex;
            is_fine = self.scan_number() && self.text[self.pos - 1] == b'i';
        }
        if is_fine {
            return self.emit(kind);
        }
        let read = String::from_utf8_lossy(&self.text[self.start..self.pos]);
        Step::Wrong(format!("bad number syntax: {}", crate::quote::quoted(&read)))
    }

    fn scan_number(&mut self) -> bool {
        self.accept(b"+-");
        let mut digits: &[u8] = b"0123456789_";
        let (mut is_decimal, mut is_hex) = (true, false);
        if self.accept(b"0") {
            if self.accept(b"xX") {
                (digits, is_decimal, is_hex) = (b"0123456789abcdefABCDEF_", false, true);
            } else if self.accept(b"oO") {
                (digits, is_decimal) = (b"01234567_", false);
            } else if self.accept(b"bB") {
                (digits, is_decimal) = (b"01_", false);
            }
        }
        self.accept_run(digits);
        if self.accept(b".") {
            self.accept_run(digits);
        }
        if is_decimal && self.accept(b"eE") || is_hex && self.accept(b"pP") {
            self.accept(b"+-");
            self.accept_run(b"0123456789_");
        }
        self.accept(b"i");
        // The next thing must not be a letter or digit.
        if self.peek().is_some_and(is_word) {
            self.advance();
            return false;
        }
        true
    }

    fn accept(&mut self, bytes: &[u8]) -> bool {
        let accepted = self.rest().first().is_some_and(|byte| bytes.contains(byte));
        self.pos += usize::from(accepted);
        accepted
    }

    fn accept_run(&mut self, bytes: &[u8]) {
        while self.accept(bytes) {}
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_space_byte(byte: u8) -> bool {
    is_space(char::from(byte))
}

fn has_left_marker(text: &[u8]) -> bool {
    matches!(text, [b'-', space, ..] if is_space_byte(*space))
}

fn has_right_marker(text: &[u8]) -> bool {
    matches!(text, [space, b'-', ..] if is_space_byte(*space))
}

fn leading_space(text: &[u8]) -> usize {
    text.iter().take_while(|&&byte| is_space_byte(byte)).count()
}

fn trailing_space(text: &[u8]) -> usize {
    text.iter().rev().take_while(|&&byte| is_space_byte(byte)).count()
}

/// Returns where a mark begins, which is not empty.
fn find(text: &[u8], mark: &[u8]) -> Option<usize> {
    let first = mark[0];
    memchr::memchr_iter(first, text).find(|&at| text[at..].starts_with(mark))
}

/// Returns what Go's `%#U` prints of a character.
fn unicode(c: char) -> String {
    let code = format!("U+{:04X}", u32::from(c));
    if is_print(c) { format!("{code} '{c}'") } else { code }
}
