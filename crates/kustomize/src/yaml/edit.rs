//! Fields set, created and cleared.

use sealift_goyaml::v3::is_ambiguous;

use super::node::{Data, Kind, Node};
use super::style::Style;
use super::text::to_text;

/// A node is not what an edit needs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("wrong node kind: expected {expected} but got {found}: node contents:\n{contents}")]
pub struct WrongKind {
    /// The kind that is needed, as go-yaml names it.
    pub expected: &'static str,
    /// The kind that is there.
    pub found: &'static str,
    /// What is there, as YAML.
    pub contents: String,
}

/// Refuses a node of another kind that is no null. `ErrorIfInvalid` of kyaml.
pub(crate) fn check_kind(node: &Node, kind: Kind) -> Result<(), WrongKind> {
    if node.is_null() || node.kind() == kind {
        return Ok(());
    }
    let (expected, found) = (kind.name(), node.kind().name());
    Err(WrongKind { expected, found, contents: to_text(node) })
}

/// Puts a scalar in the place of another, whose style stays. `FieldSetter` of kyaml without a name.
pub(crate) fn set_scalar(node: &mut Node, value: Node) -> Result<(), WrongKind> {
    check_kind(node, Kind::Scalar)?;
    if value.is_null() {
        return Ok(());
    }
    let line = node.line;
    *node = Node { style: node.style, line, ..value };
    Ok(())
}

/// Sets a field of a mapping; a null clears it. `FieldSetter` of kyaml with a name.
///
/// The style of a value that is replaced stays. A string that YAML 1.1 would take for something else gets quotes.
pub(crate) fn set_field(map: &mut Node, name: &str, value: Node) -> Result<(), WrongKind> {
    if value.is_null() {
        return clear(map, name).map(|_| ());
    }
    put_field(map, name, value)
}

/// As [`set_field`], but a null is set.
pub(crate) fn put_field(map: &mut Node, name: &str, mut value: Node) -> Result<(), WrongKind> {
    check_kind(map, Kind::Map)?;
    if map.is_null() {
        return Ok(());
    }
    if value.is_string() && value.style == Style::PLAIN && is_non_string_in_1_1(value.text()) {
        value.style = Style::DOUBLE_QUOTED;
    }
    if let Some(field) = map.get_mut(name) {
        let line = if value.line == 0 { field.line } else { value.line };
        *field = Node { style: field.style, line, ..value };
        return Ok(());
    }
    append(map, Node::scalar(name), value);
    Ok(())
}

/// Appends an entry to a mapping.
pub(crate) fn append(map: &mut Node, key: Node, value: Node) {
    if let Data::Map(entries) = &mut map.data {
        entries.push((key, value));
    }
}

/// Removes the first field of a name and returns it.
pub(crate) fn clear(map: &mut Node, name: &str) -> Result<Option<Node>, WrongKind> {
    check_kind(map, Kind::Map)?;
    let Data::Map(entries) = &mut map.data else { return Ok(None) };
    let at = entries.iter().position(|(key, _)| key.text() == name);
    Ok(at.map(|at| entries.remove(at).1))
}

/// Returns a field, created with a kind if it is not there; `None` where the mapping is null.
pub(crate) fn field_or_create<'n>(
    map: &'n mut Node,
    name: &str,
    kind: Kind,
) -> Result<Option<&'n mut Node>, WrongKind> {
    check_kind(map, Kind::Map)?;
    if map.get(name).is_none() {
        append(map, Node::scalar(name), Node::of_kind(kind));
    }
    Ok(map.get_mut(name))
}

/// Whether a reader of YAML 1.1 takes a text for something else than a string. `IsValueNonString` of kyaml.
pub(crate) fn is_non_string_in_1_1(text: &str) -> bool {
    if text.is_empty() || text.contains('\n') {
        return false;
    }
    let is_word =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'_' | b'+' | b'-');
    if text.bytes().all(is_word) && !text.starts_with('-') {
        return is_ambiguous(text);
    }
    let limits = sealift_goyaml::Limits::default();
    match sealift_goyaml::first(text, &limits) {
        Err(_) => false,
        Ok(None) => true,
        Ok(Some(node)) => !matches!(node.value(), sealift_goyaml::Value::Str(_)),
    }
}
