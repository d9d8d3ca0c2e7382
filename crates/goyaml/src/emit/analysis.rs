//! In which styles a string may be written.

use crate::number::parse_number;
use crate::resolve::looks_like;
use crate::timestamp::is_timestamp;

/// What the characters of a string allow.
#[expect(clippy::struct_excessive_bools, reason = "libyaml's findings, each on its own")]
#[derive(Clone, Copy, Default)]
pub(super) struct Analysis {
    /// Whether it holds a line break: LF, LS or PS, the others being special.
    pub(super) has_break: bool,
    pub(super) has_line_feed: bool,
    pub(super) forbids_plain: bool,
    pub(super) forbids_single_quoted: bool,
    pub(super) forbids_block: bool,
    /// Whether it would be read as something else without quotes.
    pub(super) is_ambiguous: bool,
}

impl Analysis {
    /// `tab_is_special` if a tab forbids all styles without escapes; else a block may hold it.
    pub(super) fn of(text: &str, tab_is_special: bool) -> Self {
        let mut found = Self { is_ambiguous: is_ambiguous(text), ..Self::default() };
        found.start(text);
        let mut previous = None;
        for (at, character) in text.char_indices() {
            if character == '\t' && !tab_is_special {
                found.forbid_quotes_without_escapes();
            } else {
                found.character(previous, character, &text[at + character.len_utf8()..]);
            }
            previous = Some(character);
        }
        found.forbids_block |= previous == Some(' ');
        found.forbids_plain |= found.has_break || previous == Some(' ');
        found
    }

    /// What may not be at the start of a plain scalar.
    fn start(&mut self, text: &str) {
        let mut characters = text.chars();
        let (first, second) = (characters.next(), characters.next());
        self.forbids_plain = match first {
            Some(
                ' ' | '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"'
                | '%' | '@' | '`',
            ) => true,
            Some('?' | ':' | '-') => is_blank_or_end(second),
            _ => false,
        } || text.starts_with("---")
            || text.starts_with("...");
    }

    fn character(&mut self, previous: Option<char>, character: char, rest: &str) {
        match character {
            ':' => self.forbids_plain |= is_blank_or_end(rest.chars().next()),
            '#' => self.forbids_plain |= previous.is_some_and(separates),
            ' ' if previous.is_some_and(is_break) => self.forbid_quotes_without_escapes(),
            _ if is_break(character) => {
                self.has_break = true;
                self.has_line_feed |= character == '\n';
                if previous == Some(' ') {
                    self.forbid_all();
                }
            }
            _ => {}
        }
        if !is_printable(character) {
            self.forbid_all();
        }
    }

    fn forbid_quotes_without_escapes(&mut self) {
        self.forbids_plain = true;
        self.forbids_single_quoted = true;
    }

    fn forbid_all(&mut self) {
        self.forbid_quotes_without_escapes();
        self.forbids_block = true;
    }
}

fn is_blank_or_end(character: Option<char>) -> bool {
    matches!(character, None | Some(' ' | '\t'))
}

/// Whether a `#` after it would begin a comment.
fn separates(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\0') || is_break(character)
}

pub(super) fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether libyaml writes the character as it is. What needs more than 16 bits is escaped.
pub(super) fn is_printable(character: char) -> bool {
    matches!(character, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && character != '\u{feff}'
}

/// Whether the text without quotes is not a string, to this or to another reader of YAML 1.1.
fn is_ambiguous(text: &str) -> bool {
    match text.as_bytes().first() {
        Some(b'0'..=b'9' | b'+' | b'-') => {
            is_timestamp(text) || parse_number(text).is_some() || is_base_60(text)
        }
        _ => looks_like(text).is_some(),
    }
}

/// A number as in `190:20:30.15`.
fn is_base_60(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (text, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or("");
    let mut count = 0;
    let is_below_60 = |part: &str| match part.as_bytes() {
        [ones] | [b'0'..=b'5', ones] => ones.is_ascii_digit(),
        _ => false,
    };
    let all_below_60 = parts.inspect(|_| count += 1).all(is_below_60);
    first.starts_with(|first: char| first.is_ascii_digit())
        && digits(first)
        && all_below_60
        && count > 0
        && digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_base_60_are_ambiguous() {
        for text in ["1:30", "190:20:30", "+1_0:59.1_5", "-0:0", "1:30."] {
            assert!(is_ambiguous(text), "{text}");
        }
        for text in ["1:60", "1:", ":1", "_1:3", "1:030", "a:1", "1:3.a", "1:3:", "1.5:3"] {
            assert!(!is_ambiguous(text), "{text}");
        }
    }

    #[test]
    fn other_types_are_ambiguous() {
        for text in ["", "~", "y", "No", "on", "null", "1", "0x1F", "1e3", ".5", ".inf", "2001-1-2"]
        {
            assert!(is_ambiguous(text), "{text}");
        }
        for text in ["a", "<<", "nil", "yess", "1a", "2001-13-01", "=", "-"] {
            assert!(!is_ambiguous(text), "{text}");
        }
    }
}
