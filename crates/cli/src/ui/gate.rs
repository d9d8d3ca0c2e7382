//! The print gate: outside text reaches a terminal, a log or a file only with its control characters made visible.
//!
//! Names, messages and paths come from charts, registries and manifests; an escape sequence in one of them could rewrite what is on the
//! screen (Helm CVE-2021-21303, kubectl CVE-2021-25743).

use std::borrow::Cow;
use std::fmt::Write as _;

/// Makes every active character visible, line breaks too: for text within a line.
pub(crate) fn inline(text: &str) -> Cow<'_, str> {
    escape(text, is_active)
}

/// Makes every active character but line breaks visible: for text of our own making, of several lines.
pub(crate) fn block(text: &str) -> Cow<'_, str> {
    escape(text, |c| c != '\n' && is_active(c))
}

/// As [`block`], with the escapes of JSON, which keep the value.
pub(crate) fn json(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c != '\n' && is_active(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if c != '\n' && is_active(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}").expect("a String takes all");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn escape(text: &str, active: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&active) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if active(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// C0, DEL, C1, line separators, zero-width and bidirectional controls, tags.
fn is_active(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_line_breaks_and_bidi_controls_become_visible() {
        assert_eq!(
            inline("a\u{1b}[2Jb\r\nc\u{202e}d\u{9b}e\u{200b}"),
            "a\\u{1b}[2Jb\\u{d}\\u{a}c\\u{202e}d\\u{9b}e\\u{200b}"
        );
    }

    #[test]
    fn a_block_keeps_its_line_breaks_only() {
        assert_eq!(block("a\nb\rc"), "a\nb\\u{d}c");
    }

    #[test]
    fn json_keeps_the_value() {
        let text = json("\"x\u{202e}\u{e0001}\"").into_owned();
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), "x\u{202e}\u{e0001}");
        assert!(!text.chars().any(is_active));
    }
}
