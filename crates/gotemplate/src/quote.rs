//! Go's literals of strings and characters: written and read.
//!
//! Mirrors what `strconv` of Go 1.26 does.

use crate::unicode::{decode, is_print, push};

/// Returns a string as a Go literal in double quotes: `%q`.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut literal = Vec::with_capacity(text.len() + 2);
    quote(&mut literal, text.as_bytes(), false);
    String::from_utf8_lossy(&literal).into_owned()
}

/// Writes a literal, in which characters beyond ASCII are escaped when `ascii` is set.
pub(crate) fn quote(out: &mut Vec<u8>, text: &[u8], ascii: bool) {
    out.push(b'"');
    let mut rest = text;
    while let Some(decoded) = decode(rest) {
        if decoded.valid {
            escape(out, decoded.character, '"', ascii);
        } else {
            hex(out, b'x', u32::from(rest[0]), 2);
        }
        rest = &rest[decoded.len..];
    }
    out.push(b'"');
}

/// Writes a character as a literal in single quotes.
pub(crate) fn quote_char(out: &mut Vec<u8>, character: char, ascii: bool) {
    out.push(b'\'');
    escape(out, character, '\'', ascii);
    out.push(b'\'');
}

/// Returns whether a raw literal can hold the string.
pub(crate) fn can_be_raw(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| {
        text.chars().all(|c| c == '\t' || !(c < ' ' || matches!(c, '`' | '\u{7f}' | '\u{feff}')))
    })
}

fn escape(out: &mut Vec<u8>, character: char, mark: char, ascii: bool) {
    let letter = match character {
        c if c == mark || c == '\\' => c,
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{b}' => 'v',
        c if is_print(c) && (c.is_ascii() || !ascii) => return push(out, c),
        c => return escape_code(out, u32::from(c)),
    };
    out.push(b'\\');
    push(out, letter);
}

fn escape_code(out: &mut Vec<u8>, code: u32) {
    match code {
        0..0x20 | 0x7f => hex(out, b'x', code, 2),
        0..0x1_0000 => hex(out, b'u', code, 4),
        _ => hex(out, b'U', code, 8),
    }
}

fn hex(out: &mut Vec<u8>, letter: u8, code: u32, digits: usize) {
    out.extend_from_slice(&[b'\\', letter]);
    out.extend_from_slice(format!("{code:0digits$x}").as_bytes());
}

/// Returns whether a literal stands for the bytes between its quotes.
pub(crate) fn is_plain(literal: &[u8]) -> bool {
    let special: &[u8] = match literal {
        [b'"', .., b'"'] => b"\\\"\n",
        [b'`', .., b'`'] => b"\r`",
        _ => return false,
    };
    !literal[1..literal.len() - 1].iter().any(|byte| special.contains(byte))
}

/// Reads a literal in double quotes or back quotes; `None` when it is none.
pub(crate) fn unquote(literal: &[u8]) -> Option<Vec<u8>> {
    let (&mark, rest) = literal.split_first()?;
    let (&end, inner) = rest.split_last()?;
    if mark != end {
        return None;
    }
    match mark {
        b'`' if inner.contains(&b'`') => None,
        b'`' => Some(inner.iter().copied().filter(|&byte| byte != b'\r').collect()),
        b'"' => unescape(inner),
        _ => None,
    }
}

fn unescape(inner: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(&first) = rest.first() {
        if matches!(first, b'"' | b'\n') {
            return None;
        }
        let (piece, len) = read_piece(rest, b'"')?;
        match piece {
            Piece::Byte(byte) => out.push(byte),
            Piece::Char(character) => push(&mut out, character),
            // A byte that is no character stays as it is.
            Piece::Broken => out.push(first),
        }
        rest = &rest[len..];
    }
    Some(out)
}

/// Reads the character of a literal in single quotes, and returns what follows it.
pub(crate) fn unquote_char(text: &[u8]) -> Option<(u32, &[u8])> {
    let inner = text.get(1..)?;
    if inner.first() == Some(&b'\'') {
        return None;
    }
    let (piece, len) = read_piece(inner, b'\'')?;
    let code = match piece {
        Piece::Byte(byte) => u32::from(byte),
        Piece::Char(character) => u32::from(character),
        Piece::Broken => u32::from(char::REPLACEMENT_CHARACTER),
    };
    Some((code, &inner[len..]))
}

enum Piece {
    Byte(u8),
    Broken,
    Char(char),
}

/// Reads one character or escape, and its length.
fn read_piece(text: &[u8], mark: u8) -> Option<(Piece, usize)> {
    let decoded = decode(text)?;
    if decoded.character != '\\' {
        let piece = if decoded.valid { Piece::Char(decoded.character) } else { Piece::Broken };
        return Some((piece, decoded.len));
    }
    let letter = *text.get(1)?;
    let simple = |character| Some((Piece::Char(character), 2));
    match letter {
        b'a' => simple('\u{7}'),
        b'b' => simple('\u{8}'),
        b'f' => simple('\u{c}'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'v' => simple('\u{b}'),
        b'\\' => simple('\\'),
        b'\'' | b'"' if letter == mark => simple(char::from(letter)),
        b'x' => {
            let code = digits(text.get(2..4)?, 16)?;
            Some((Piece::Byte(u8::try_from(code).ok()?), 4))
        }
        b'u' => Some((Piece::Char(char::from_u32(digits(text.get(2..6)?, 16)?)?), 6)),
        b'U' => Some((Piece::Char(char::from_u32(digits(text.get(2..10)?, 16)?)?), 10)),
        b'0'..=b'7' => {
            let code = digits(text.get(1..4)?, 8)?;
            Some((Piece::Byte(u8::try_from(code).ok()?), 4))
        }
        _ => None,
    }
}

fn digits(text: &[u8], radix: u32) -> Option<u32> {
    text.iter().try_fold(0_u32, |code, &byte| {
        let digit = char::from(byte).to_digit(radix)?;
        code.checked_mul(radix)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting_and_reading_again_gives_the_same_bytes() {
        for (text, literal) in [
            (&b"a\"b\\c'd"[..], r#""a\"b\\c'd""#),
            (b"\x00\x07\n\x7f\xff", r#""\x00\a\n\x7f\xff""#),
            ("é\u{a0}\u{1f600}\u{e0001}".as_bytes(), "\"é\\u00a0\u{1f600}\\U000e0001\""),
        ] {
            let mut out = Vec::new();
            quote(&mut out, text, false);
            assert_eq!(String::from_utf8(out.clone()).unwrap(), literal);
            assert_eq!(unquote(&out).as_deref(), Some(text));
        }
    }

    #[test]
    fn a_literal_that_go_refuses_is_refused() {
        for literal in [
            r#""\q""#,
            r#""\'""#,
            r#""\400""#,
            r#""\ud800""#,
            r#""\x4""#,
            "\"a",
            "`a`b`",
            "x",
            "\"",
        ] {
            assert_eq!(unquote(literal.as_bytes()), None, "{literal}");
        }
    }
}
