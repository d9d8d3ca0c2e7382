//! Values as Go's `encoding/json` has them.

use std::borrow::Cow;
use std::fmt::Write as _;

use sealift_goyaml::{Emit, View};

/// A value without places and styles; entries of an object are sorted by key, each key once.
#[expect(missing_docs, reason = "the names of JSON")]
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Json<'a> {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    Str(Cow<'a, str>),
    Seq(Vec<Self>),
    Map(Vec<(Cow<'a, str>, Self)>),
}

impl Json<'_> {
    /// The value of a key, if this is an object that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => {
                entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Returns the value with nothing borrowed.
    pub(crate) fn into_owned(self) -> Json<'static> {
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(value),
            Self::Int(value) => Json::Int(value),
            Self::Uint(value) => Json::Uint(value),
            Self::Float(value) => Json::Float(value),
            Self::Str(text) => Json::Str(Cow::Owned(text.into_owned())),
            Self::Seq(items) => Json::Seq(items.into_iter().map(Json::into_owned).collect()),
            Self::Map(entries) => Json::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| (Cow::Owned(key.into_owned()), value.into_owned()))
                    .collect(),
            ),
        }
    }
}

impl<'a> Emit<'a> for &'a Json<'_> {
    fn view(self) -> View<'a, Self> {
        match self {
            Json::Null => View::Null,
            Json::Bool(value) => View::Bool(*value),
            Json::Int(value) => View::Int(*value),
            Json::Uint(value) => View::Uint(*value),
            Json::Float(value) => View::Float(*value),
            Json::Str(text) => View::Str(Cow::Borrowed(text.as_bytes())),
            Json::Seq(items) => View::Seq(items.iter().collect()),
            Json::Map(entries) => View::Map(
                entries.iter().map(|(key, value)| (Cow::Borrowed(key.as_bytes()), value)).collect(),
            ),
        }
    }
}

/// Writes what `json.Marshal` of Go writes.
pub(crate) fn to_json_text(value: &Json<'_>) -> String {
    let mut json = String::new();
    write(value, &mut json, None);
    json
}

/// Writes what `json.MarshalIndent` of Go writes with two blanks.
pub(crate) fn to_pretty_json_text(value: &Json<'_>) -> String {
    let mut json = String::new();
    write(value, &mut json, Some(0));
    json
}

fn write(value: &Json<'_>, json: &mut String, indent: Option<usize>) {
    match value {
        Json::Null => json.push_str("null"),
        Json::Bool(value) => json.push_str(if *value { "true" } else { "false" }),
        Json::Int(value) => push(json, value),
        Json::Uint(value) => push(json, value),
        Json::Float(value) => json.push_str(&float(*value)),
        Json::Str(text) => write_string(text, json),
        Json::Seq(items) => {
            let parts = items.iter().map(|item| (None, item));
            write_parts(parts, ('[', ']'), json, indent);
        }
        Json::Map(entries) => {
            let parts = entries.iter().map(|(key, value)| (Some(key.as_ref()), value));
            write_parts(parts, ('{', '}'), json, indent);
        }
    }
}

fn write_parts<'v>(
    parts: impl ExactSizeIterator<Item = (Option<&'v str>, &'v Json<'v>)>,
    (open, close): (char, char),
    json: &mut String,
    indent: Option<usize>,
) {
    json.push(open);
    let inner = indent.map(|indent| indent + 1);
    let is_empty = parts.len() == 0;
    for (index, (key, value)) in parts.enumerate() {
        if index > 0 {
            json.push(',');
        }
        new_line(json, inner);
        if let Some(key) = key {
            write_string(key, json);
            json.push_str(if indent.is_some() { ": " } else { ":" });
        }
        write(value, json, inner);
    }
    if !is_empty {
        new_line(json, indent);
    }
    json.push(close);
}

fn new_line(json: &mut String, indent: Option<usize>) {
    if let Some(indent) = indent {
        json.push('\n');
        json.extend(std::iter::repeat_n("  ", indent));
    }
}

/// A float as Go's JSON has it.
fn float(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{value:e}");
        return match text.split_once('e') {
            Some((mantissa, power)) if !power.starts_with('-') => format!("{mantissa}e+{power}"),
            _ => text,
        };
    }
    format!("{value}")
}

fn push(json: &mut String, value: impl std::fmt::Display) {
    write!(json, "{value}").expect("writing to a string cannot fail");
}

/// Writes a string in quotes, with what Go escapes.
pub(crate) fn write_string(text: &str, json: &mut String) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                push(json, format_args!("\\u{:04x}", u32::from(character)));
            }
            _ => json.push(character),
        }
    }
    json.push('"');
}

/// Writes a value as `%#v` of Go writes what its decoder made.
pub(crate) fn go_syntax(value: &Json<'_>) -> String {
    match value {
        Json::Null => "interface {}(nil)".to_owned(),
        Json::Str(text) => format!("{text:?}"),
        Json::Seq(items) => {
            let items: Vec<_> = items.iter().map(go_syntax).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        Json::Map(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|(key, value)| format!("{key:?}:{}", go_syntax(value)))
                .collect();
            format!("map[string]interface {{}}{{{}}}", entries.join(", "))
        }
        other => to_json_text(other),
    }
}
