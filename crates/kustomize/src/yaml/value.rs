//! What nodes mean: the value that go-yaml v3 gives when it writes them and reads that again.

use std::borrow::Cow;

use sealift_goyaml::v3::Plain;

use super::folded::refolded;
use super::json::Json;
use super::node::{Data, Node};
use super::style::Style;
use super::tag::Tag;
use super::time::to_rfc3339;

/// Why nodes have no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// A key stands twice in a mapping.
    #[error("line {line}: mapping key \"{key}\" already defined at line {first}")]
    RepeatedKey {
        /// The key.
        key: String,
        /// Where it stands again, in its file.
        line: u32,
        /// Where it stood first.
        first: u32,
    },
    /// A mapping below the first has a key that is no string.
    #[error("json: unsupported type: map[interface {{}}]interface {{}}: key `{key}`, line {line}")]
    Key {
        /// The key.
        key: String,
        /// Its line in its file, 0 if it has none.
        line: u32,
    },
    /// A number that JSON does not have.
    #[error("json: unsupported value: {0}")]
    NotFinite(String),
    /// A text does not fit its tag.
    #[error("yaml: cannot decode {from} `{text}` as a {to}")]
    Tag {
        /// What it looks like.
        from: String,
        /// The text.
        text: String,
        /// What its tag says.
        to: String,
    },
    /// It is no mapping.
    #[error("yaml: cannot unmarshal {0} into map[string]interface {{}}")]
    NoObject(String),
}

/// Whether what JSON has not is refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// It is, as in what is written.
    Strict,
    /// Infinities stay and every key is a string, as in messages.
    Lossy,
}

/// Returns the value of an object that cannot be written, as far as it has one.
pub(crate) fn to_lossy_value(node: &Node) -> Option<Json<'_>> {
    value(node, false, Mode::Lossy).ok()
}

/// Returns the value of an object.
///
/// Mirrors `MarshalJSON` of `RNode` in kyaml v0.21.2: the nodes are written as YAML, read to Go values and written as JSON.
pub(crate) fn to_value(node: &Node) -> Result<Json<'_>, ValueError> {
    match &node.data {
        Data::Map(entries) => map(entries, node.style.has(Style::FLOW), true, Mode::Strict)
            .map_err(|error| {
                // Go reads all of the document before it makes JSON, which has not all kinds of keys and numbers.
                match error {
                    ValueError::Key { .. } | ValueError::NotFinite(_) => {
                        first_repeated(node).unwrap_or(error)
                    }
                    error => error,
                }
            }),
        _ if node.is_null() => Ok(Json::Map(Vec::new())),
        _ => Err(ValueError::NoObject(node.text().to_owned())),
    }
}

/// Returns the value of any node.
pub(crate) fn to_value_of(node: &Node) -> Result<Json<'_>, ValueError> {
    value(node, false, Mode::Strict)
}

/// Recursion is as deep as the document, which [`limits::DEPTH`](crate::limits::DEPTH) bounds.
fn value(node: &Node, in_flow: bool, mode: Mode) -> Result<Json<'_>, ValueError> {
    let inside = in_flow || node.style.has(Style::FLOW);
    match &node.data {
        Data::Scalar(text) => scalar(node, text, (in_flow, false), mode),
        Data::Seq(items) => Ok(Json::Seq(
            items.iter().map(|item| value(item, inside, mode)).collect::<Result<_, _>>()?,
        )),
        Data::Map(entries) => map(entries, inside, false, mode),
        Data::Alias(_) => Ok(Json::Null),
    }
}

fn map(
    entries: &[(Node, Node)],
    in_flow: bool,
    is_top: bool,
    mode: Mode,
) -> Result<Json<'_>, ValueError> {
    let mut values = Vec::with_capacity(entries.len());
    for (key, entry) in entries {
        let text = key_text(key, in_flow, is_top || mode == Mode::Lossy)?;
        let value = value(entry, in_flow, mode)?;
        values.push((text, value));
    }
    values.sort_by(|(one, _), (other, _)| one.cmp(other));
    if let Some(pair) = values.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(repeated(entries, &pair[0].0));
    }
    Ok(Json::Map(values))
}

/// Finds a key that stands twice in a mapping, from the top.
fn first_repeated(node: &Node) -> Option<ValueError> {
    match &node.data {
        Data::Map(entries) => {
            let mut keys: Vec<&str> = entries.iter().map(|(key, _)| key.text()).collect();
            keys.sort_unstable();
            match keys.windows(2).find(|pair| pair[0] == pair[1]) {
                Some(pair) => Some(repeated(entries, pair[0])),
                None => entries.iter().find_map(|(_, value)| first_repeated(value)),
            }
        }
        Data::Seq(items) => items.iter().find_map(first_repeated),
        Data::Scalar(_) | Data::Alias(_) => None,
    }
}

fn repeated(entries: &[(Node, Node)], key: &str) -> ValueError {
    let mut lines =
        entries.iter().filter(|(known, _)| known.text() == key).map(|(key, _)| key.line);
    let (first, line) = (lines.next().unwrap_or(0), lines.next().unwrap_or(0));
    ValueError::RepeatedKey { key: key.to_owned(), line, first }
}

/// At the top, a number or a boolean is read into the string that it is; below, one such key makes a map that JSON has not.
fn key_text(key: &Node, in_flow: bool, is_top: bool) -> Result<Cow<'_, str>, ValueError> {
    let text = key.text();
    let is_time = !key.style.is_quoted()
        && matches!(key.tag, Tag::Timestamp | Tag::Empty)
        && Plain::of(text) == Plain::Timestamp;
    match scalar(key, text, (in_flow, true), Mode::Lossy)? {
        Json::Str(text) if !is_time => Ok(text),
        Json::Null if is_top => Ok(Cow::Borrowed("")),
        _ if is_top => Ok(Cow::Borrowed(text)),
        _ => Err(ValueError::Key { key: text.to_owned(), line: key.line }),
    }
}

/// Mirrors the scalars of `encoder.node` in `encode.go`, `yaml_emitter_select_scalar_style` in `emitterc.go` and `decoder.scalar`
/// in `decode.go` of go.yaml.in/yaml v3.0.5.
fn scalar<'a>(
    node: &Node,
    text: &'a str,
    (in_flow, is_key): (bool, bool),
    mode: Mode,
) -> Result<Json<'a>, ValueError> {
    let string = || {
        let is_folded = node.style.has(Style::FOLDED) && !in_flow && !is_key;
        Ok(Json::Str(if is_folded { refolded(text) } else { Cow::Borrowed(text) }))
    };
    let is_quoted = node.style.is_quoted();
    let is_explicit = node.style.has(Style::TAGGED);
    match &node.tag {
        Tag::Str | Tag::Other(_) => return string(),
        Tag::Binary => return Ok(binary(text)),
        Tag::Empty | Tag::Merge if is_quoted => return string(),
        Tag::Empty => {}
        tag => {
            if is_explicit || Tag::of_plain(text) != *tag {
                return tagged(text, tag, mode);
            }
            if is_quoted {
                return string();
            }
        }
    }
    let gets_quotes = in_flow && (text.is_empty() || text.contains(':'))
        || is_key && text.is_empty()
        || text.contains('\n');
    if gets_quotes { string() } else { plain(text, mode) }
}

/// The bytes, those that are no UTF-8 replaced as Go's JSON does; what is no base64 stays.
fn binary(text: &str) -> Json<'_> {
    let bytes: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    match data_encoding::BASE64.decode(&bytes) {
        Ok(bytes) => Json::Str(Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())),
        Err(_) => Json::Str(Cow::Borrowed(text)),
    }
}

fn plain(text: &str, mode: Mode) -> Result<Json<'_>, ValueError> {
    Ok(match Plain::of(text) {
        Plain::Null => Json::Null,
        Plain::Bool(value) => Json::Bool(value),
        Plain::Int(value) => Json::Int(value),
        Plain::Uint(value) => Json::Uint(value),
        Plain::Float(value) if mode == Mode::Lossy => Json::Float(value),
        Plain::Float(value) => finite(value)?,
        Plain::Timestamp => Json::Str(Cow::Owned(to_rfc3339(text))),
        Plain::Merge | Plain::Str => Json::Str(Cow::Borrowed(text)),
    })
}

fn finite<'a>(value: f64) -> Result<Json<'a>, ValueError> {
    let name = match value {
        f64::INFINITY => "+Inf",
        f64::NEG_INFINITY => "-Inf",
        value if value.is_nan() => "NaN",
        value => return Ok(Json::Float(value)),
    };
    Err(ValueError::NotFinite(name.to_owned()))
}

/// The tag is written before the text, which must fit it.
#[expect(clippy::cast_precision_loss, reason = "Go converts the same way")]
fn tagged<'a>(text: &'a str, tag: &Tag, mode: Mode) -> Result<Json<'a>, ValueError> {
    let found = Plain::of(text);
    match (tag, found) {
        (Tag::Float, Plain::Int(value)) => Ok(Json::Float(value as f64)),
        (Tag::Merge, _) => Ok(Json::Str(Cow::Borrowed(text))),
        _ if Tag::of_plain(text) == *tag => plain(text, mode),
        _ => Err(ValueError::Tag {
            from: Tag::of_plain(text).name().to_owned(),
            text: text.to_owned(),
            to: tag.name().to_owned(),
        }),
    }
}
