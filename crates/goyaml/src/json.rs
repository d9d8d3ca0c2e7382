//! JSON, as Go's `encoding/json` writes it.

use std::fmt::Write as _;

use crate::error::Error;
use crate::float;
use crate::node::{Node, Value};

/// Writes what `YAMLToJSON` of sigs.k8s.io/yaml returns: keys sorted, no
/// blanks, `<`, `>`, `&`, U+2028 and U+2029 escaped. (The bytes differ where a
/// `!!binary` is no UTF-8: Go escapes the replacements.)
///
/// # Errors
///
/// [`ErrorKind::NotFinite`](crate::ErrorKind::NotFinite) for an infinity or a NaN.
pub fn to_json(node: &Node<'_>) -> Result<String, Error> {
    let mut json = String::new();
    write_value(node, &mut json)?;
    Ok(json)
}

/// Recursion is as deep as the document, which [`Limits::depth`](crate::Limits::depth) bounds.
fn write_value(node: &Node<'_>, json: &mut String) -> Result<(), Error> {
    match node.value() {
        Value::Null => json.push_str("null"),
        Value::Bool(value) => json.push_str(if value { "true" } else { "false" }),
        Value::Int(value) => write_display(value, json),
        Value::Uint(value) => write_display(value, json),
        Value::Float(value) => {
            let text = float::to_json(value);
            let at_node = |kind| Error::new(node.line(), node.column(), kind);
            json.push_str(&text.map_err(at_node)?);
        }
        Value::Str(value) => write_string(value, json),
        Value::Seq(items) => {
            json.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    json.push(',');
                }
                write_value(item, json)?;
            }
            json.push(']');
        }
        Value::Map(entries) => write_object(entries, json)?,
    }
    Ok(())
}

fn write_object(entries: &[(Node<'_>, Node<'_>)], json: &mut String) -> Result<(), Error> {
    let mut sorted: Vec<_> =
        entries.iter().map(|(key, value)| (key.as_str().unwrap_or(""), value)).collect();
    sorted.sort_by_key(|(key, _)| *key);
    json.push('{');
    for (index, (key, value)) in sorted.into_iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        write_string(key, json);
        json.push(':');
        write_value(value, json)?;
    }
    json.push('}');
    Ok(())
}

fn write_display(value: impl std::fmt::Display, json: &mut String) {
    write!(json, "{value}").expect("writing to a string cannot fail");
}

/// Writes a string in quotes, with what Go escapes.
pub(crate) fn write_string(text: &str, json: &mut String) {
    json.push('"');
    let mut written = 0;
    for (at, character) in text.char_indices() {
        let escape = match character {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => "",
            _ => continue,
        };
        json.push_str(&text[written..at]);
        written = at + character.len_utf8();
        if escape.is_empty() {
            write_display(format_args!("\\u{:04x}", u32::from(character)), json);
        } else {
            json.push_str(escape);
        }
    }
    json.push_str(&text[written..]);
    json.push('"');
}
