//! Which characters may stand in a text, and which end a line.

/// Returns the place of the first character that YAML does not allow.
///
/// Allowed, after libyaml's reader: tab, LF, CR, NEL, U+0020–U+007E and
/// everything from U+00A0 but U+FFFE and U+FFFF.
pub(crate) fn first_forbidden(text: &str) -> Option<usize> {
    const BLOCK: usize = 64;
    let bytes = text.as_bytes();
    let mut start = 0;
    while start < bytes.len() {
        let end = (start + BLOCK).min(bytes.len());
        let suspicious = bytes[start..end].iter().fold(false, |any, &byte| any | suspect(byte));
        if suspicious && let Some(offset) = (start..end).find(|&at| forbidden_at(bytes, at)) {
            return Some(offset);
        }
        start = end;
    }
    None
}

/// Whether a forbidden character may begin with this byte.
#[expect(clippy::needless_bitwise_bool, reason = "without branches it is done 16 bytes at a time")]
fn suspect(byte: u8) -> bool {
    (byte < 0x20) & (byte != b'\t') & (byte != b'\n') & (byte != b'\r')
        | (byte == 0x7F)
        | (byte == 0xC2)
        | (byte == 0xEF)
}

fn forbidden_at(bytes: &[u8], at: usize) -> bool {
    let next = |distance| bytes.get(at + distance).copied().unwrap_or(0);
    match bytes[at] {
        b'\t' | b'\n' | b'\r' => false,
        0..=0x1F | 0x7F => true,
        0xC2 => (0x80..=0x9F).contains(&next(1)) && next(1) != 0x85,
        0xEF => next(1) == 0xBF && next(2) >= 0xBE,
        _ => false,
    }
}

/// What a byte may mean to the scanner of plain scalars.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Nothing: most characters.
    Other,
    /// Space or tab.
    Blank,
    /// LF, CR, or the first byte of a character that may be NEL, LS or PS.
    Break,
    /// `:`.
    Colon,
    /// `,`, `[`, `]`, `{`, `}`.
    Flow,
    /// `?`.
    Question,
}

/// The class of each byte.
pub(crate) const CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut table = [Class::Other; 256];
    table[b' ' as usize] = Class::Blank;
    table[b'\t' as usize] = Class::Blank;
    table[b'\n' as usize] = Class::Break;
    table[b'\r' as usize] = Class::Break;
    table[0xC2] = Class::Break;
    table[0xE2] = Class::Break;
    table[b':' as usize] = Class::Colon;
    table[b'?' as usize] = Class::Question;
    let flow = b",[]{}";
    let mut index = 0;
    while index < flow.len() {
        table[flow[index] as usize] = Class::Flow;
        index += 1;
    }
    table
}

/// Returns the length in bytes of the line break at `at`, or 0.
pub(crate) fn break_length(bytes: &[u8], at: usize) -> usize {
    let next = |distance| bytes.get(at + distance).copied().unwrap_or(0);
    match next(0) {
        b'\r' if next(1) == b'\n' => 2,
        b'\n' | b'\r' => 1,
        0xC2 if next(1) == 0x85 => 2,
        0xE2 if next(1) == 0x80 && matches!(next(2), 0xA8 | 0xA9) => 3,
        _ => 0,
    }
}

/// What the line break at `at` reads as: `\n`, but LS and PS are kept.
pub(crate) fn break_text(bytes: &[u8], at: usize) -> &'static str {
    match (bytes.get(at), bytes.get(at + 2)) {
        (Some(0xE2), Some(0xA8)) => "\u{2028}",
        (Some(0xE2), _) => "\u{2029}",
        (Some(_), _) => "\n",
        (None, _) => "",
    }
}

/// Whether a byte may stand in an anchor, a directive name or a tag handle.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_noncharacters_are_forbidden() {
        for character in
            ['\0', '\u{1}', '\u{1b}', '\u{7f}', '\u{80}', '\u{9f}', '\u{fffe}', '\u{ffff}']
        {
            let text = format!("{}{character}b", "a".repeat(70));
            assert_eq!(first_forbidden(&text), Some(70), "{character:?}");
        }
    }

    #[test]
    fn tabs_breaks_and_all_other_characters_are_allowed() {
        let text =
            "\t\n\r ~\u{85}\u{a0}é\u{2028}\u{d7ff}\u{e000}\u{feff}\u{fffd}\u{10000}\u{10ffff}";
        assert_eq!(first_forbidden(text), None);
    }
}
