//! Words written in another way.

use sealift_gotemplate::Str;

use crate::table::Table;
use crate::text::{Category, is, rune_at, runes, to_lower, to_title, to_upper};

pub(super) fn insert(table: &mut Table<'_>) {
    table.one("camelcase", |_, text: Str| Ok(text.derive(camel(text.as_bytes()))));
    table.one("snakecase", |_, text: Str| Ok(text.derive(joined(text.as_bytes(), b'_'))));
    table.one("kebabcase", |_, text: Str| Ok(text.derive(joined(text.as_bytes(), b'-'))));
    table.one("untitle", |_, text: Str| Ok(text.derive(untitle(text.as_bytes()))));
    table.one("swapcase", |_, text: Str| Ok(text.derive(swapped(text.as_bytes()))));
    table.one("initials", |_, text: Str| Ok(text.derive(initials(text.as_bytes()))));
}

fn is_connector(c: char) -> bool {
    c == '-' || c == '_' || c.is_whitespace()
}

fn untitle(text: &[u8]) -> String {
    let mut begins = true;
    let lowered = runes(text).map(|rune| {
        let c = rune.character;
        let changes = begins && !c.is_whitespace();
        begins = c.is_whitespace();
        if changes { to_lower(c) } else { c }
    });
    lowered.collect()
}

fn swapped(text: &[u8]) -> String {
    let mut after_space = true;
    let swapped = runes(text).map(|rune| {
        let c = rune.character;
        if is(Category::Upper, c) || is(Category::Title, c) {
            after_space = false;
            to_lower(c)
        } else if is(Category::Lower, c) {
            if std::mem::take(&mut after_space) { to_title(c) } else { to_upper(c) }
        } else {
            after_space = c.is_whitespace();
            c
        }
    });
    swapped.collect()
}

/// Byte by byte, each taken for a character.
fn initials(text: &[u8]) -> String {
    let mut begins = true;
    let firsts = text.iter().filter_map(|&byte| {
        let c = char::from(byte);
        if c.is_whitespace() {
            begins = true;
            return None;
        }
        std::mem::take(&mut begins).then_some(c)
    });
    firsts.collect()
}

/// `some_words` as `SomeWords`; connectors at the start stay, and one of each that follow
/// one another goes.
fn camel(text: &[u8]) -> String {
    let mut characters = runes(text).map(|rune| rune.character);
    let mut out = String::with_capacity(text.len());
    let mut pending = None;
    for c in characters.by_ref() {
        if !is_connector(c) {
            pending = Some(c);
            break;
        }
        out.push(c);
    }
    let Some(first) = pending else {
        // Where there is nothing else, the last connector stays twice.
        out.extend(out.chars().next_back());
        return out;
    };
    let mut follows_upper = is(Category::Upper, first);
    let mut before = to_upper(first);
    for c in characters {
        if is_connector(before) {
            if is_connector(c) {
                out.push(before);
                before = c;
            } else {
                follows_upper = is(Category::Upper, c);
                before = to_upper(c);
            }
            continue;
        }
        out.push(before);
        let is_upper = is(Category::Upper, c);
        before = if follows_upper && is_upper && !is_connector(c) { to_lower(c) } else { c };
        follows_upper = follows_upper && (is_upper || is_connector(c)) && !(is_connector(c));
    }
    out.push(before);
    out
}

/// What a run of characters is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    Alphabet,
    Connector,
    Invalid,
    Number,
    Other,
    Punctuation,
    Upper,
}

/// Letters that words of upper and lower case are made of: not those of Chinese.
fn is_alphabet(c: char) -> bool {
    let is_chinese = matches!(u32::from(c),
        0x3400..=0x4d85 | 0x4e00..=0x9fcc | 0x20000..=0x2b81d);
    !is_chinese && is(Category::Letter, c)
}

/// Reads runs of characters, one after the other.
struct Runs<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Runs<'t> {
    fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }

    /// Returns the next character that is one, or `before` at the end.
    fn peek(&self, before: char) -> (char, usize) {
        let mut at = self.at;
        while let Some(rune) = rune_at(self.text, at) {
            at = rune.end;
            if rune.character != char::REPLACEMENT_CHARACTER {
                return (rune.character, at);
            }
        }
        (before, at)
    }

    /// Goes on while characters are accepted; returns the character that is not, and where
    /// the last accepted begins.
    fn skip(&mut self, mut c: char, accept: impl Fn(char) -> bool) -> (char, usize) {
        let mut last = self.at;
        while !self.is_done() {
            let (next, end) = self.peek(c);
            c = next;
            if !accept(c) {
                return (c, last);
            }
            last = self.at;
            self.at = end;
        }
        (c, last)
    }

    fn next(&mut self) -> (Run, &'t [u8]) {
        let start = self.at;
        if self.is_done() {
            return (Run::Invalid, &[]);
        }
        let (c, end) = self.peek(char::REPLACEMENT_CHARACTER);
        self.at = end;
        let run = self.read(c);
        (run, &self.text[start..self.at])
    }

    fn read(&mut self, c: char) -> Run {
        let is_lower = |c| is_alphabet(c) && !is(Category::Upper, c);
        if c == char::REPLACEMENT_CHARACTER {
            Run::Invalid
        } else if is_connector(c) {
            self.skip(c, is_connector);
            Run::Connector
        } else if is(Category::Punctuation, c) {
            self.skip(c, |c| is(Category::Punctuation, c));
            Run::Punctuation
        } else if is(Category::Upper, c) {
            self.read_upper(c);
            Run::Upper
        } else if is_alphabet(c) {
            self.skip(c, is_lower);
            Run::Alphabet
        } else if is(Category::Number, c) {
            self.skip(c, |c| is(Category::Number, c));
            Run::Number
        } else {
            let is_other = |c| {
                !(is_connector(c)
                    || is_alphabet(c)
                    || is(Category::Number, c)
                    || is(Category::Punctuation, c))
            };
            self.skip(c, is_other);
            Run::Other
        }
    }

    /// Reads `HTTP`, `Status`, or the `HTTP` of `HTTPStatus`.
    fn read_upper(&mut self, c: char) {
        if self.is_done() {
            return;
        }
        let (next, end) = self.peek(c);
        if is(Category::Upper, next) {
            let first = self.at;
            self.at = end;
            let before = self.at;
            let (stop, last) = self.skip(next, |c| is(Category::Upper, c));
            if !self.is_done() && is_alphabet(stop) {
                self.at = if self.at == before { first } else { last };
            }
        } else if is_alphabet(next) {
            self.at = end;
            self.skip(next, |c| is_alphabet(c) && !is(Category::Upper, c));
        }
    }
}

/// `FirstName` as `first_name`.
fn joined(text: &[u8], connector: u8) -> Vec<u8> {
    let mut runs = Runs { text, at: 0 };
    let mut out = Joined { bytes: Vec::with_capacity(text.len()), connector };
    let (mut run, mut word) = runs.next();
    while !runs.is_done() {
        if run != Run::Connector {
            out.push(run, word);
        }
        let (before, last) = (run, word);
        (run, word) = runs.next();
        match before {
            Run::Number => {
                (run, word) = out.push_words(&mut runs, run, word);
                out.connect(
                    run != Run::Invalid && run != Run::Punctuation && run != Run::Connector,
                );
            }
            Run::Connector => out.push(before, last),
            Run::Punctuation => {}
            _ if run != Run::Number => {
                out.connect(run != Run::Connector && run != Run::Punctuation);
            }
            _ if runs.is_done() => {}
            _ => (run, word) = out.push_number(&mut runs, word),
        }
    }
    out.push(run, word);
    out.bytes
}

struct Joined {
    bytes: Vec<u8>,
    connector: u8,
}

impl Joined {
    fn connect(&mut self, is_wanted: bool) {
        if is_wanted {
            self.bytes.push(self.connector);
        }
    }

    fn push(&mut self, run: Run, word: &[u8]) {
        if run != Run::Upper && run != Run::Connector {
            self.bytes.extend_from_slice(word);
            return;
        }
        for rune in runes(word) {
            let c = rune.character;
            if is_connector(c) {
                self.bytes.push(self.connector);
            } else {
                let c = if is(Category::Upper, c) { to_lower(c) } else { c };
                self.bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
    }

    /// Writes letters and numbers as they follow one another.
    fn push_words<'t>(
        &mut self,
        runs: &mut Runs<'t>,
        mut run: Run,
        mut word: &'t [u8],
    ) -> (Run, &'t [u8]) {
        while run == Run::Alphabet || run == Run::Number {
            self.push(run, word);
            (run, word) = runs.next();
        }
        (run, word)
    }

    /// Writes a number behind a word: part of it, unless lower case follows.
    fn push_number<'t>(&mut self, runs: &mut Runs<'t>, number: &'t [u8]) -> (Run, &'t [u8]) {
        let (mut run, mut word) = runs.next();
        if run != Run::Alphabet {
            self.push(Run::Number, number);
            self.connect(run != Run::Connector && run != Run::Punctuation);
            return (run, word);
        }
        self.connect(true);
        self.push(Run::Number, number);
        (run, word) = self.push_words(runs, run, word);
        self.connect(run != Run::Invalid && run != Run::Connector && run != Run::Punctuation);
        (run, word)
    }
}
