//! Text in YAML, in a shell, in Markdown: never by hand elsewhere.

use std::fmt::Write as _;

/// Returns a YAML scalar: double-quoted, everything but printable ASCII escaped.
pub(crate) fn yaml(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            ' '..='~' => out.push(character),
            _ => write!(out, "\\U{:08X}", u32::from(character)).expect("a string takes everything"),
        }
    }
    out + "\""
}

/// Returns one word for a POSIX shell.
pub(crate) fn shell(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:@".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Returns text as code in a line of Markdown: printable characters on one line, and no backtick that would end it.
pub(crate) fn code(text: &str) -> String {
    let shown = |character: char| if character == '`' { '\'' } else { character };
    let text: String = text.chars().filter(|character| is_visible(*character)).map(shown).collect();
    format!("`{}`", text.trim())
}

/// Neither a control character nor one that turns or hides what follows.
fn is_visible(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sealift_goyaml::{Limits, first};

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_read_back_from_yaml(text in ".*") {
            let written = format!("key: {}\n", yaml(&text));
            let node = first(&written, &Limits::default()).expect("YAML").expect("a document");
            prop_assert_eq!(node.get("key").and_then(|value| value.as_str()), Some(text.as_str()));
        }

        #[test]
        fn any_text_is_one_word_of_a_shell(text in "[^\0]{0,12}") {
            let script = format!("printf %s {}", shell(&text));
            let output = std::process::Command::new("sh").arg("-c").arg(&script).output().expect("sh runs");
            prop_assert_eq!(output.stdout, text.as_bytes());
        }
    }

    #[test]
    fn code_stays_on_its_line_and_in_its_quotes() {
        assert_eq!(code("a`b\n# c\u{202e}"), "`a'b# c`");
    }
}
