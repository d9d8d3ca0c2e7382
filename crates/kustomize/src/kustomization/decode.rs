//! From YAML to typed values, with the rules of Go's `encoding/json`.

use std::collections::BTreeMap;

use sealift_goyaml::{Error as YamlError, Limits, Node, Value};

use super::nearest::nearest;
use crate::yaml::{Json, is_limit};

/// Why a document is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// It is not YAML.
    #[error("{}", .0.go_text())]
    Yaml(#[from] YamlError),
    /// A field has a value of another type.
    #[error("line {line}: `{field}` must be of type {wanted}, not {found}")]
    Type {
        /// The type and the path of the field, such as `Image.images.newName`.
        field: String,
        /// What it must be, as Go names it.
        wanted: String,
        /// What it is, as JSON names it.
        found: &'static str,
        /// Where it stands.
        line: u32,
    },
    /// There is no such field.
    #[error("line {line}: unknown field {field:?}{}", .nearest.map(|name| format!(", did you mean {name:?}?")).unwrap_or_default())]
    UnknownField {
        /// The field.
        field: String,
        /// The field that there is and that is spelled most like it.
        nearest: Option<&'static str>,
        /// Where it stands.
        line: u32,
    },
}

impl DecodeError {
    /// Whether the text is refused for what it would cost.
    pub(crate) fn is_limit(&self) -> bool {
        matches!(self, Self::Yaml(error) if is_limit(error))
    }
}

/// How a document is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// A kustomization: no unknown field, and a number is no string.
    Kustomization,
    /// A configuration of transformers: no unknown field, no key twice.
    Strict,
    /// Anything that sigs.k8s.io/yaml reads: unknown fields are passed over, and a number is a string where one is needed.
    Lenient,
}

/// A type that can be read.
pub(crate) trait Decode: Default {
    /// The name that Go has for the type.
    fn go_type() -> String;

    /// Reads a value into this one; what is wrong is told to the decoder.
    fn decode(&mut self, node: &Node<'_>, decoder: &mut Decoder);
}

/// Remembers the first thing that is wrong, as Go does.
pub(crate) struct Decoder {
    mode: Mode,
    error: Option<DecodeError>,
    structure: &'static str,
    path: Vec<&'static str>,
}

/// Reads the first document of a text.
pub(crate) fn decode<T: Decode>(text: &str, mode: Mode) -> Result<T, DecodeError> {
    let limits = Limits::default();
    let read =
        if mode == Mode::Strict { sealift_goyaml::first_strict } else { sealift_goyaml::first };
    let mut value = T::default();
    if let Some(node) = read(text, &limits)? {
        decode_node(&mut value, &node, mode)?;
    }
    Ok(value)
}

/// Reads a node.
pub(crate) fn decode_node<T: Decode>(
    value: &mut T,
    node: &Node<'_>,
    mode: Mode,
) -> Result<(), DecodeError> {
    let mut decoder = Decoder { mode, error: None, structure: "", path: Vec::new() };
    value.decode(node, &mut decoder);
    decoder.error.map_or(Ok(()), Err)
}

impl Decoder {
    fn fail(&mut self, error: DecodeError) {
        self.error.get_or_insert(error);
    }

    fn wrong_type(&mut self, node: &Node<'_>, wanted: String) {
        let found = json_type(node);
        let mut path: Vec<&str> = vec![self.structure];
        path.extend(&self.path);
        let field = path.join(".");
        self.fail(DecodeError::Type { field, wanted, found, line: node.line() });
    }

    /// Reads an object field by field, in the order of the keys, as Go meets them in the JSON between.
    ///
    /// A name that differs in case only is taken for the field.
    pub(crate) fn object(
        &mut self,
        node: &Node<'_>,
        (structure, go_type): (&'static str, String),
        fields: &[&'static str],
        mut field: impl FnMut(&mut Self, &'static str, &Node<'_>),
    ) {
        let entries = match node.value() {
            Value::Null => return,
            Value::Map(entries) => entries,
            _ => return self.wrong_type(node, go_type),
        };
        let mut sorted: Vec<_> = entries.iter().collect();
        sorted.sort_by_key(|(key, _)| key.as_str());
        let outer = std::mem::replace(&mut self.structure, structure);
        for (key, value) in sorted {
            let name = key.as_str().unwrap_or_default();
            let exact = fields.iter().find(|field| **field == name);
            match exact.or_else(|| fields.iter().find(|field| field.eq_ignore_ascii_case(name))) {
                Some(known) => {
                    self.path.push(known);
                    field(self, known, value);
                    self.path.pop();
                }
                None if self.mode == Mode::Lenient => {}
                None => self.fail(DecodeError::UnknownField {
                    field: name.to_owned(),
                    nearest: nearest(name, fields),
                    line: key.line(),
                }),
            }
        }
        self.structure = outer;
    }
}

fn json_type(node: &Node<'_>) -> &'static str {
    match node.value() {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::Uint(_) | Value::Float(_) => "number",
        Value::Str(_) => "string",
        Value::Seq(_) => "array",
        Value::Map(_) => "object",
    }
}

impl Decode for String {
    fn go_type() -> String {
        "string".to_owned()
    }

    fn decode(&mut self, node: &Node<'_>, decoder: &mut Decoder) {
        let text = match node.value() {
            Value::Null => return,
            Value::Str(text) => text.to_owned(),
            Value::Bool(value) if decoder.mode != Mode::Kustomization => value.to_string(),
            Value::Int(value) if decoder.mode != Mode::Kustomization => value.to_string(),
            Value::Uint(value) if decoder.mode != Mode::Kustomization => value.to_string(),
            Value::Float(value) if decoder.mode != Mode::Kustomization => {
                sealift_goyaml::v3::float_text(value)
            }
            _ => return decoder.wrong_type(node, Self::go_type()),
        };
        *self = text;
    }
}

impl Decode for bool {
    fn go_type() -> String {
        "bool".to_owned()
    }

    fn decode(&mut self, node: &Node<'_>, decoder: &mut Decoder) {
        match node.value() {
            Value::Null => {}
            Value::Bool(value) => *self = value,
            _ => decoder.wrong_type(node, Self::go_type()),
        }
    }
}

impl Decode for i64 {
    fn go_type() -> String {
        "int64".to_owned()
    }

    fn decode(&mut self, node: &Node<'_>, decoder: &mut Decoder) {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
        match node.value() {
            Value::Null => {}
            Value::Int(value) => *self = value,
            Value::Float(value) if value.fract() == 0.0 && value.abs() < 1e15 => {
                *self = value as Self;
            }
            _ => decoder.wrong_type(node, Self::go_type()),
        }
    }
}

impl<T: Decode> Decode for Option<T> {
    fn go_type() -> String {
        T::go_type()
    }

    fn decode(&mut self, node: &Node<'_>, decoder: &mut Decoder) {
        if node.is_null() {
            *self = None;
        } else {
            self.get_or_insert_default().decode(node, decoder);
        }
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn go_type() -> String {
        format!("[]{}", T::go_type())
    }

    fn decode(&mut self, node: &Node<'_>, decoder: &mut Decoder) {
        match node.value() {
            Value::Null => self.clear(),
            Value::Seq(items) => {
                self.clear();
                for item in items {
                    let mut value = T::default();
                    value.decode(item, decoder);
                    self.push(value);
                }
            }
            _ => decoder.wrong_type(node, Self::go_type()),
        }
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn go_type() -> String {
        format!("map[string]{}", T::go_type())
    }

    fn decode(&mut self, node: &Node<'_>, decoder: &mut Decoder) {
        match node.value() {
            Value::Null => self.clear(),
            Value::Map(entries) => {
                for (key, value) in entries {
                    let mut read = T::default();
                    read.decode(value, decoder);
                    self.insert(key.as_str().unwrap_or_default().to_owned(), read);
                }
            }
            _ => decoder.wrong_type(node, Self::go_type()),
        }
    }
}

impl Decode for Json<'static> {
    fn go_type() -> String {
        "interface {}".to_owned()
    }

    fn decode(&mut self, node: &Node<'_>, _: &mut Decoder) {
        *self = to_json(node);
    }
}

/// Recursion is as deep as the document, which its reader bounds.
fn to_json(node: &Node<'_>) -> Json<'static> {
    match node.value() {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(value),
        Value::Int(value) => Json::Int(value),
        Value::Uint(value) => Json::Uint(value),
        Value::Float(value) => Json::Float(value),
        Value::Str(text) => Json::Str(text.to_owned().into()),
        Value::Seq(items) => Json::Seq(items.iter().map(to_json).collect()),
        Value::Map(entries) => {
            let text = |key: &Node<'_>| key.as_str().unwrap_or_default().to_owned().into();
            let mut entries: Vec<_> =
                entries.iter().map(|(key, value)| (text(key), to_json(value))).collect();
            entries.sort_by(|(one, _), (other, _): &(std::borrow::Cow<'_, str>, _)| one.cmp(other));
            Json::Map(entries)
        }
    }
}

/// Makes a structure one that can be read: the type, the name that Go has for it, and each field with its name.
macro_rules! decode_fields {
    ($type:ty, $go:literal, { $($name:literal => $($field:ident).+),* $(,)? }) => {
        impl $crate::kustomization::decode::Decode for $type {
            fn go_type() -> String {
                concat!("types.", $go).to_owned()
            }

            fn decode(
                &mut self,
                node: &sealift_goyaml::Node<'_>,
                decoder: &mut $crate::kustomization::decode::Decoder,
            ) {
                let name = ($go, Self::go_type());
                decoder.object(node, name, &[$($name),*], |decoder, field, value| match field {
                    $($name => {
                        $crate::kustomization::decode::Decode::decode(
                            &mut self.$($field).+, value, decoder,
                        );
                    })*
                    _ => {}
                });
            }
        }
    };
}
pub(crate) use decode_fields;
