//! Characters as Go classifies them, and text that need not be UTF-8.

mod tables;

/// Returns whether Go prints the character as it is, rather than as an escape: `unicode.IsPrint`.
#[must_use]
pub fn is_print(c: char) -> bool {
    match u32::from(c) {
        code @ 0..0x80 => (0x20..0x7f).contains(&code),
        code => holds(tables::PRINTABLE, code),
    }
}

/// Returns whether the character may stand in a name: letters, digits and `_`.
pub(crate) fn is_word(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || c == '_'
    } else {
        holds(tables::WORD, u32::from(c))
    }
}

fn holds(table: &[(u32, u32)], code: u32) -> bool {
    let after = table.partition_point(|&(first, _)| first <= code);
    after > 0 && code <= table[after - 1].1
}

/// What a place in a text holds, where the text may be any bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// U+FFFD for a byte that begins no character.
    pub(crate) character: char,
    /// Bytes to go on; 1 for a byte that begins no character.
    pub(crate) len: usize,
    /// Whether the bytes are a character.
    pub(crate) valid: bool,
}

/// Reads the first character, as Go's `utf8.DecodeRune` does.
pub(crate) fn decode(bytes: &[u8]) -> Option<Decoded> {
    let first = *bytes.first()?;
    if first < 0x80 {
        return Some(Decoded { character: char::from(first), len: 1, valid: true });
    }
    let len = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 0,
    };
    let character = bytes
        .get(..len)
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
        .and_then(|text| text.chars().next());
    Some(match character {
        Some(character) => Decoded { character, len, valid: true },
        None => Decoded { character: char::REPLACEMENT_CHARACTER, len: 1, valid: false },
    })
}

/// Returns the characters of a text that need not be UTF-8.
pub(crate) fn characters(bytes: &[u8]) -> impl Iterator<Item = Decoded> + '_ {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let decoded = decode(rest)?;
        rest = &rest[decoded.len..];
        Some(decoded)
    })
}

/// Counts characters, as Go's `utf8.RuneCount` does.
pub(crate) fn count(bytes: &[u8]) -> usize {
    if bytes.is_ascii() { bytes.len() } else { characters(bytes).count() }
}

/// Counts line feeds.
pub(crate) fn newlines(bytes: &[u8]) -> usize {
    bytes.split(|&byte| byte == b'\n').count() - 1
}

/// Appends the UTF-8 form of a character.
pub(crate) fn push(bytes: &mut Vec<u8>, character: char) {
    bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_go() {
        for (c, print, word) in [
            ('a', true, true),
            ('_', true, true),
            (' ', true, false),
            ('\u{7f}', false, false),
            ('é', true, true),
            ('\u{a0}', false, false),
            ('\u{ad}', false, false),
            ('\u{345}', true, false), // a mark that Rust calls alphabetic
            ('٣', true, true),
            ('Ⅷ', true, false), // a letter number that Rust calls alphabetic
            ('😀', true, false),
        ] {
            assert_eq!((is_print(c), is_word(c)), (print, word), "{c:?}");
        }
    }

    #[test]
    fn a_broken_character_is_read_one_byte_at_a_time() {
        let lens: Vec<_> =
            characters(b"a\xe2\x82\xc3\xa9\xed\xa0\x80").map(|d| (d.len, d.valid)).collect();
        let bad = (1, false);
        assert_eq!(lens, [(1, true), bad, bad, (2, true), bad, bad, bad]);
    }
}
