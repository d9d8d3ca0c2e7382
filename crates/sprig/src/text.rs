//! Text as Go's `strings` and `unicode` see it: any bytes, one character per byte that is
//! not UTF-8.

use std::sync::LazyLock;

use sealift_goregex::Regex;
use sealift_gotemplate::Str;

/// A character, and the bytes that it took.
#[derive(Clone, Copy)]
pub(crate) struct Rune {
    /// U+FFFD when the byte is none.
    pub(crate) character: char,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Returns the character that begins at a byte.
#[inline]
pub(crate) fn rune_at(bytes: &[u8], start: usize) -> Option<Rune> {
    let first = *bytes.get(start)?;
    if first.is_ascii() {
        return Some(Rune { character: char::from(first), start, end: start + 1 });
    }
    let width = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    let written = bytes.get(start..start + width).and_then(|part| std::str::from_utf8(part).ok());
    Some(match written.and_then(|part| part.chars().next()) {
        Some(character) => Rune { character, start, end: start + width },
        None => Rune { character: char::REPLACEMENT_CHARACTER, start, end: start + 1 },
    })
}

/// Returns the characters.
pub(crate) fn runes(bytes: &[u8]) -> impl Iterator<Item = Rune> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rune = rune_at(bytes, start)?;
        start = rune.end;
        Some(rune)
    })
}

/// Returns the text with each character replaced; a byte that is none becomes U+FFFD.
pub(crate) fn map(text: &Str, mut change: impl FnMut(char) -> char) -> Str {
    let mut out = String::with_capacity(text.len());
    out.extend(runes(text.as_bytes()).map(|rune| change(rune.character)));
    if out.as_bytes() == text.as_bytes() { text.clone() } else { text.derive(out) }
}

/// Returns where a part first is.
pub(crate) fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    if part.is_empty() {
        return Some(0);
    }
    let first = part[0];
    let mut from = 0;
    while let Some(found) = bytes[from..].iter().position(|&byte| byte == first) {
        if bytes[from + found..].starts_with(part) {
            return Some(from + found);
        }
        from += found + 1;
    }
    None
}

/// Returns the parts between separators, at most `limit` of them, all if it is negative:
/// Go's `SplitN`.
pub(crate) fn split(text: &Str, separator: &[u8], limit: i64) -> Vec<Str> {
    let bytes = text.as_bytes();
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    let mut start = 0;
    while parts.len().saturating_add(1) < limit {
        let (end, next) = if separator.is_empty() {
            match rune_at(bytes, start) {
                Some(rune) if rune.end < bytes.len() => (rune.end, rune.end),
                _ => break,
            }
        } else {
            match find(&bytes[start..], separator) {
                Some(found) => (start + found, start + found + separator.len()),
                None => break,
            }
        };
        parts.push(text.part(start..end));
        start = next;
    }
    if limit > 0 && !(separator.is_empty() && bytes.is_empty()) {
        parts.push(text.part(start..bytes.len()));
    }
    parts
}

/// Returns the text without the characters at both ends that `is_cut` accepts.
pub(crate) fn trim(text: &Str, is_cut: impl Fn(char) -> bool) -> Str {
    let bytes = text.as_bytes();
    let kept = |rune: &Rune| !is_cut(rune.character);
    let start = runes(bytes).find(kept).map_or(bytes.len(), |rune| rune.start);
    let mut end = bytes.len();
    while end > start {
        let rune = last_rune(bytes, end);
        if kept(&rune) {
            break;
        }
        end = rune.start;
    }
    if start == 0 && end == bytes.len() { text.clone() } else { text.part(start..end) }
}

/// Returns the character that ends before a byte, which is not the first.
fn last_rune(bytes: &[u8], end: usize) -> Rune {
    let starts = (end.saturating_sub(4)..end).filter_map(|start| rune_at(bytes, start));
    let whole = starts.into_iter().find(|rune| rune.end == end);
    whole.unwrap_or(Rune {
        character: char::REPLACEMENT_CHARACTER,
        start: end.saturating_sub(1),
        end,
    })
}

/// Characters that Rust's Unicode has as pairs of cases and Go's does not yet.
fn is_younger(c: char) -> bool {
    matches!(u32::from(c), 0x1c89 | 0x1c8a | 0x019b | 0x0264 | 0xa7cb..=0xa7dc | 0x10d50..=0x10d85
        | 0x16ea0..=0x16ed3)
        && !matches!(u32::from(c), 0xa7d0 | 0xa7d1 | 0xa7d6..=0xa7d9)
}

fn single(mut mapped: impl ExactSizeIterator<Item = char>) -> Option<char> {
    if mapped.len() == 1 { mapped.next() } else { None }
}

/// Go's `unicode.ToUpper`: one character for one.
pub(crate) fn to_upper(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_uppercase();
    }
    if is_younger(c) {
        return c;
    }
    let moved = |by: u32| char::from_u32(u32::from(c) + by).unwrap_or(c);
    match u32::from(c) {
        0x1f80..=0x1f87 | 0x1f90..=0x1f97 | 0x1fa0..=0x1fa7 => moved(8),
        0x1fb3 | 0x1fc3 | 0x1ff3 => moved(9),
        _ => single(c.to_uppercase()).unwrap_or(c),
    }
}

/// Go's `unicode.ToLower`: one character for one.
pub(crate) fn to_lower(c: char) -> char {
    match c {
        'İ' => 'i',
        c if c.is_ascii() => c.to_ascii_lowercase(),
        c if is_younger(c) => c,
        c => single(c.to_lowercase()).unwrap_or(c),
    }
}

/// Go's `unicode.ToTitle`: one character for one.
pub(crate) fn to_title(c: char) -> char {
    match c {
        'Ǆ'..='ǆ' => 'ǅ',
        'Ǉ'..='ǉ' => 'ǈ',
        'Ǌ'..='ǌ' => 'ǋ',
        'Ǳ'..='ǳ' => 'ǲ',
        'ა'..='ჿ' => c,
        c => to_upper(c),
    }
}

/// A category of Go's character tables.
#[derive(Clone, Copy)]
pub(crate) enum Category {
    Letter,
    Lower,
    Number,
    Punctuation,
    Title,
    Upper,
}

static CATEGORIES: LazyLock<[Option<Regex>; 6]> = LazyLock::new(|| {
    let class = |class: &str| Regex::new(&format!("^{class}$")).ok();
    [r"\pL", r"\p{Ll}", r"\pN", r"\pP", r"\p{Lt}", r"\p{Lu}"].map(class)
});

/// Returns whether a character has a category, as `unicode.IsLetter` and its kin say.
pub(crate) fn is(category: Category, c: char) -> bool {
    if c.is_ascii() {
        return match category {
            Category::Letter => c.is_ascii_alphabetic(),
            Category::Lower => c.is_ascii_lowercase(),
            Category::Number => c.is_ascii_digit(),
            Category::Punctuation => c.is_ascii_punctuation() && !"$+<=>^`|~".contains(c),
            Category::Title => false,
            Category::Upper => c.is_ascii_uppercase(),
        };
    }
    let class = CATEGORIES[category as usize].as_ref();
    class.is_some_and(|class| class.is_match(c.encode_utf8(&mut [0; 4]).as_bytes()))
}
