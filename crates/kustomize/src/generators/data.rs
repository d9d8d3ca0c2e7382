//! Values of `ConfigMap`s and `Secret`s.

use crate::yaml::edit::{WrongKind, field_or_create, set_field};
use crate::yaml::{Kind, Node, Style, Tag};

/// Sets a value in a map of data, which is created.
pub(crate) fn put_data(
    object: &mut Node,
    field: &str,
    key: &str,
    value: Node,
) -> Result<(), WrongKind> {
    match field_or_create(object, field, Kind::Map)? {
        Some(map) => set_field(map, key, value),
        None => Ok(()),
    }
}

/// Returns the field that bytes belong to and their value: text as it is, other bytes in base64.
///
/// Mirrors `makeConfigMapValueRNode` in `yaml/datamap.go` of kyaml v0.21.2.
pub(crate) fn data_value(bytes: &[u8]) -> (&'static str, Node) {
    match std::str::from_utf8(bytes) {
        Ok(text) => ("data", block(text.to_owned())),
        Err(_) => ("binaryData", block(base64_text(bytes))),
    }
}

/// A string; with line breaks, in a block.
pub(super) fn block(text: String) -> Node {
    let style = if text.contains('\n') { Style::LITERAL } else { Style::PLAIN };
    Node { style, ..Node::tagged(text, Tag::Str) }
}

/// Base64 in lines of 70 characters; one line has no line break behind it.
///
/// Mirrors `encodeBase64` in `yaml/datamap.go` of kyaml v0.21.2.
pub(crate) fn base64_text(bytes: &[u8]) -> String {
    const LINE: usize = 70;
    let text = data_encoding::BASE64.encode(bytes);
    if text.len() < LINE {
        return text;
    }
    let mut lines = String::with_capacity(text.len() + text.len() / LINE + 1);
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(LINE));
        lines.push_str(line);
        lines.push('\n');
        rest = after;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_base_64_stands_in_lines() {
        assert_eq!(base64_text(b"a"), "YQ==");
        assert_eq!(base64_text(&[0; 51]).len(), 68);
        assert_eq!(base64_text(&[0; 54]).lines().map(str::len).collect::<Vec<_>>(), [70, 2]);
        assert!(base64_text(&[0; 54]).ends_with('\n'));
    }
}
