//! A text that is searched, which may not be UTF-8.

use std::borrow::Cow;
use std::ops::Range;

const REPLACEMENT: &[u8] = "\u{FFFD}".as_bytes();

/// A text in which each byte that is not UTF-8 is U+FFFD, as Go reads it, with the way
/// back to the positions in the original.
pub(crate) struct Text<'t> {
    original: &'t [u8],
    valid: Cow<'t, [u8]>,
    /// Where in `valid` a replacement starts.
    replaced: Vec<usize>,
}

impl<'t> Text<'t> {
    pub(crate) fn new(original: &'t [u8]) -> Self {
        if std::str::from_utf8(original).is_ok() {
            return Self { original, valid: Cow::Borrowed(original), replaced: Vec::new() };
        }
        let (mut valid, mut replaced) = (Vec::with_capacity(original.len() + 64), Vec::new());
        for chunk in original.utf8_chunks() {
            valid.extend_from_slice(chunk.valid().as_bytes());
            for _ in chunk.invalid() {
                replaced.push(valid.len());
                valid.extend_from_slice(REPLACEMENT);
            }
        }
        Self { original, valid: Cow::Owned(valid), replaced }
    }

    /// The text to search.
    pub(crate) fn valid(&self) -> &[u8] {
        &self.valid
    }

    /// The length of the character at a position of the text to search; at its end, 0.
    pub(crate) fn width(&self, at: usize) -> usize {
        match self.valid.get(at) {
            None => 0,
            Some(0x00..=0x7F) => 1,
            Some(0x80..=0xDF) => 2,
            Some(0xE0..=0xEF) => 3,
            Some(0xF0..) => 4,
        }
    }

    /// The range of the original for a range of the text to search.
    pub(crate) fn original_range(&self, range: &Range<usize>) -> Range<usize> {
        self.original_position(range.start)..self.original_position(range.end)
    }

    /// The part of the original for a range of the text to search.
    pub(crate) fn slice(&self, range: &Range<usize>) -> &'t [u8] {
        &self.original[self.original_range(range)]
    }

    fn original_position(&self, at: usize) -> usize {
        let longer_by = REPLACEMENT.len() - 1;
        at - longer_by * self.replaced.partition_point(|&replaced| replaced < at)
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn positions_lead_back_to_the_original() {
        let text = Text::new(b"a\xFF\xE4\xB8z");
        assert_eq!(text.valid(), "a\u{FFFD}\u{FFFD}\u{FFFD}z".as_bytes());
        assert_eq!(text.slice(&(1..4)), b"\xFF");
        assert_eq!(text.slice(&(4..10)), b"\xE4\xB8");
        assert_eq!(text.original_range(&(10..11)), 4..5);
    }

    #[test]
    fn valid_text_is_not_copied() {
        let text = Text::new("wörld".as_bytes());
        assert!(matches!(text.valid, std::borrow::Cow::Borrowed(_)));
        assert_eq!([text.width(0), text.width(1), text.width(6)], [1, 2, 0]);
    }
}
