//! The gate through which foreign text reaches a message.

use std::fmt::Write as _;

use url::Url;

use crate::limits::SHOWN_CHARACTERS;

/// Makes a text from outside fit for a message: one line, nothing invisible, at most 300 characters.
pub(crate) fn shown(text: &str) -> String {
    shorten(text.trim(), SHOWN_CHARACTERS)
}

/// As [`shown`], for bytes of any encoding.
pub(crate) fn shown_bytes(bytes: &[u8], characters: usize) -> String {
    shorten(String::from_utf8_lossy(bytes).trim(), characters)
}

fn shorten(text: &str, characters: usize) -> String {
    let mut out = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == characters {
            out.push('…');
            break;
        }
        push(&mut out, character);
    }
    out
}

fn push(out: &mut String, character: char) {
    match character {
        '\n' | '\r' | '\t' => out.push(' '),
        c if is_active(c) => write!(out, "\\u{{{:x}}}", u32::from(c))
            .expect("a string takes all that is written to it"),
        c => out.push(c),
    }
}

/// Returns whether a character acts on a terminal or on the reader's eye: C0, DEL, C1, bidi, zero-width.
fn is_active(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Shows a URL without userinfo, query and fragment.
pub(crate) fn shown_url(url: &Url) -> String {
    shown(&format!("{}://{}{}", url.scheme(), authority(url), url.path()))
}

/// Returns host and port of a URL, the port only where it is not the scheme's own.
pub(crate) fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn active_characters_are_spelled_out() {
        let table = [
            ("plain", "plain"),
            ("a\nb\tc", "a b c"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("evil\u{202e}gpj", "evil\\u{202e}gpj"),
            ("zero\u{200b}width\u{feff}", "zero\\u{200b}width\\u{feff}"),
            ("\u{7f}", "\\u{7f}"),
        ];
        for (text, want) in table {
            assert_eq!(shown(text), want);
        }
    }

    #[test]
    fn a_text_is_cut_after_300_characters() {
        assert_eq!(shown(&"ä".repeat(300)).chars().count(), 300);
        assert_eq!(shown(&"ä".repeat(301)), format!("{}…", "ä".repeat(300)));
    }

    #[test]
    fn a_url_is_shown_without_userinfo_query_and_fragment() {
        let url = Url::parse("https://user:canary@cdn.example:444/a/b?X-Signature=canary#canary")
            .unwrap();
        assert_eq!(shown_url(&url), "https://cdn.example:444/a/b");
    }
}
