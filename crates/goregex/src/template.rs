//! Templates of replacements: `$1`, `${name}`, `$$`.

use crate::pattern::first_char;
use crate::unicode;

/// A part of a template.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part<'s> {
    Text(&'s [u8]),
    Group(usize),
    /// The first group of that name that took part.
    Name(&'s [u8]),
}

/// Reads a template. What is no reference is text; a group that is not there is empty.
pub(crate) fn parse(template: &[u8]) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.iter().position(|&byte| byte == b'$') {
        parts.push(Part::Text(&rest[..at]));
        let after = &rest[at + 1..];
        if let Some(next) = after.strip_prefix(b"$") {
            parts.push(Part::Text(b"$"));
            rest = next;
        } else if let Some((part, next)) = reference(after) {
            parts.push(part);
            rest = next;
        } else {
            parts.push(Part::Text(b"$"));
            rest = after;
        }
    }
    parts.push(Part::Text(rest));
    parts
}

/// Reads a name with or without braces. Without, it is as long as it can be: `$1x` is `${1x}`.
fn reference(text: &[u8]) -> Option<(Part<'_>, &[u8])> {
    let inner = text.strip_prefix(b"{");
    let (name, rest) = name(inner.unwrap_or(text));
    if name.is_empty() {
        return None;
    }
    let rest = if inner.is_some() { rest.strip_prefix(b"}")? } else { rest };
    Some((number(name).map_or(Part::Name(name), Part::Group), rest))
}

fn name(text: &[u8]) -> (&[u8], &[u8]) {
    let mut length = 0;
    while let Some(letter) = first_char(&text[length..]) {
        if letter != '_' && !unicode::is_letter_or_digit(letter) {
            break;
        }
        length += letter.len_utf8();
    }
    text.split_at(length)
}

/// A group's number. With leading zeros or more than nine digits it is a name.
fn number(name: &[u8]) -> Option<usize> {
    let is_number = name.iter().all(u8::is_ascii_digit) && name.len() <= 9;
    if !is_number || (name.len() > 1 && name[0] == b'0') {
        return None;
    }
    std::str::from_utf8(name).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Part, parse};

    #[test]
    fn a_name_is_as_long_as_it_can_be() {
        let parts = parse(b"a$1x${1}x$");
        let name = Part::Name(b"1x");
        assert_eq!(parts[..2], [Part::Text(b"a"), name]);
        assert_eq!(parts[3..5], [Part::Group(1), Part::Text(b"x")]);
        assert_eq!(parts[5..], [Part::Text(b"$"), Part::Text(b"")]);
    }

    #[test]
    fn an_unclosed_brace_is_text() {
        assert_eq!(parse(b"${1"), [Part::Text(b""), Part::Text(b"$"), Part::Text(b"{1")]);
    }
}
