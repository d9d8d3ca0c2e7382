//! What happens to strings and keys on their way through JSON.
//!
//! `yaml.Marshal` has `encoding/json` write the value and go-yaml read that. The
//! JSON holds a few characters as they are that YAML takes for something else.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::order::{Letters, sort_by_key};
use crate::base64;
use crate::error::{Error, ErrorKind};
use crate::json::write_string;
use crate::limits::Limits;
use crate::node::Node;

type Entry<'a, V> = (Cow<'a, [u8]>, V);

/// Returns the string that go-yaml reads.
///
/// # Errors
///
/// For a character that JSON allows and YAML does not.
pub(super) fn string(bytes: Cow<'_, [u8]>) -> Result<Cow<'_, str>, ErrorKind> {
    let text = to_text(bytes);
    if !has_character_to_read(&text) {
        return Ok(text);
    }
    let mut json = String::new();
    write_string(&text, &mut json);
    read(&json, |node| node.as_str().map(str::to_owned)).map(Cow::Owned)
}

/// Returns the entries with the keys that go-yaml reads, sorted as it does.
///
/// # Errors
///
/// As [`string`]; and for a key whose JSON has over 1,024 characters or a NEL. (Go
/// fails over a value, too, that does not stay since its key comes again.)
pub(super) fn entries<V>(
    mut entries: Vec<Entry<'_, V>>,
) -> Result<Vec<(Cow<'_, str>, V)>, ErrorKind> {
    // So that the same keys give the same text, whatever order go-yaml has for
    // them; and of two that are read as the same, the last one stays.
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut is_same = true;
    let mut read = Vec::with_capacity(entries.len());
    for (bytes, value) in entries {
        is_same &= std::str::from_utf8(&bytes).is_ok();
        read.push((key(bytes)?, value));
    }
    if !is_same {
        let unique: BTreeMap<_, _> = read.into_iter().collect();
        read = unique.into_iter().collect();
    }
    Ok(sort_by_key(read, |(key, _)| key, Letters::Last))
}

fn key(bytes: Cow<'_, [u8]>) -> Result<Cow<'_, str>, ErrorKind> {
    /// So many bytes make less than 1,024 characters of JSON, whatever they are.
    const ALWAYS_SHORT: usize = 150;
    let text = to_text(bytes);
    if text.len() <= ALWAYS_SHORT && !has_character_to_read(&text) {
        return Ok(text);
    }
    let mut json = "{".to_owned();
    write_string(&text, &mut json);
    json.push_str(":0}");
    read(&json, |node| node.entries().first()?.0.as_str().map(str::to_owned)).map(Cow::Owned)
}

/// As Go's JSON encoder has it, each byte that is no UTF-8 is a U+FFFD.
fn to_text(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    match bytes {
        Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(base64::to_text(bytes.to_vec())),
        },
        Cow::Owned(bytes) => Cow::Owned(base64::to_text(bytes)),
    }
}

/// Whether JSON has a character as it is that YAML does not take as it is.
fn has_character_to_read(text: &str) -> bool {
    let is_first_byte = |byte| matches!(byte, 0x7F | 0xC2 | 0xEF);
    text.bytes().any(is_first_byte)
        && text
            .chars()
            .any(|character| matches!(character, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'))
}

fn read(json: &str, string: impl FnOnce(&Node<'_>) -> Option<String>) -> Result<String, ErrorKind> {
    let limits = Limits { input_bytes: usize::MAX, ..Limits::default() };
    let node = crate::first(json, &limits).map_err(|Error { kind, .. }| kind)?;
    Ok(node.and_then(|node| string(&node)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(text: &[u8]) -> Result<String, ErrorKind> {
        string(text.into()).map(Cow::into_owned)
    }

    #[test]
    fn a_next_line_character_is_folded_as_a_line_break() {
        assert_eq!(passed("a \u{85} b".as_bytes()).as_deref(), Ok("a b"));
        assert_eq!(passed("a\u{85}\u{85}b".as_bytes()).as_deref(), Ok("a\nb"));
        assert_eq!(
            passed("\u{a0}é\u{feff}\n\t\0".as_bytes()).as_deref(),
            Ok("\u{a0}é\u{feff}\n\t\0")
        );
    }

    #[test]
    fn characters_that_yaml_forbids_and_json_does_not_escape_are_refused() {
        for character in ['\u{7f}', '\u{80}', '\u{fffe}'] {
            let text = format!("a{character}");
            assert_eq!(passed(text.as_bytes()), Err(ErrorKind::Character(character)));
        }
    }

    #[test]
    fn of_keys_that_become_the_same_the_last_stays() {
        let map: Vec<(Cow<'_, [u8]>, _)> =
            vec![(b"\xFF"[..].into(), 1), (b"\xFE"[..].into(), 2), (b"a"[..].into(), 3)];
        assert_eq!(entries(map), Ok(vec![("\u{fffd}".into(), 1), ("a".into(), 3)]));
    }

    #[test]
    fn a_key_too_long_for_a_simple_key_is_refused() {
        let keys =
            |key: String| entries(vec![(key.into_bytes().into(), ())]).map(|keys| keys.len());
        assert_eq!(keys("k".repeat(1022)), Ok(1));
        assert!(keys("k".repeat(1030)).is_err());
        assert!(keys("\u{1}".repeat(180)).is_err());
        assert!(keys("a\u{85}b".to_owned()).is_err());
    }
}
