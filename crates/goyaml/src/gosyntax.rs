//! Values as `%#v` of Go writes them, for messages.

use std::fmt::Write as _;

use crate::float::general;
use crate::node::{Node, Value};

/// Bytes after which no more is written: a message is for people.
const MAX_BYTES: usize = 1 << 10;

/// Returns what `%#v` prints for the value that go-yaml makes of a node, cut after 1 KiB.
///
/// Mirrors `printValue` in `fmt/print.go` of Go 1.26. Keys are strings already.
pub(crate) fn write(node: &Node<'_>) -> String {
    let mut out = String::new();
    write_value(node, &mut out);
    out
}

/// Returns the same for an argument of its own, of which `fmt` sees the `nil`.
pub(crate) fn argument(node: &Node<'_>) -> String {
    if node.is_null() { "<nil>".to_owned() } else { write(node) }
}

/// Recursion is as deep as the node, which [`Limits::depth`](crate::Limits::depth) bounds.
fn write_value(node: &Node<'_>, out: &mut String) {
    if out.len() > MAX_BYTES {
        return;
    }
    match node.value() {
        Value::Null => out.push_str("interface {}(nil)"),
        Value::Bool(value) => write_display(value, out),
        Value::Int(value) => write_display(value, out),
        Value::Uint(value) => write_display(format_args!("{value:#x}"), out),
        Value::Float(value) => out.push_str(&general(value)),
        Value::Str(value) => write_quoted(value, out),
        Value::Seq(items) => {
            out.push_str("[]interface {}{");
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write_value(item, out);
            }
            out.push('}');
        }
        Value::Map(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| key.as_str());
            out.push_str("map[interface {}]interface {}{");
            for (index, (key, value)) in entries.into_iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write_value(key, out);
                out.push(':');
                write_value(value, out);
            }
            out.push('}');
        }
    }
}

/// Mirrors `strconv.Quote`, except that all that is no control character counts as printable.
fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars().take(MAX_BYTES) {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            '\0'..='\u{1f}' | '\u{7f}' => {
                write_display(format_args!("\\x{:02x}", u32::from(character)), out);
            }
            _ if character.is_control() => {
                write_display(format_args!("\\u{:04x}", u32::from(character)), out);
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

fn write_display(value: impl std::fmt::Display, out: &mut String) {
    write!(out, "{value}").expect("writing to a string cannot fail");
}
