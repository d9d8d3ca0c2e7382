//! Schemas in comments, refused where they are not exactly what they should be.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::yaml::Json;

/// Reads the schema that a text begins with; `None` where it is none or says nothing.
///
/// Mirrors `UnmarshalNextJSON` of `Schema` in `pkg/validation/spec` of kube-openapi, and the comparison of kyaml v0.21.2
/// with an empty schema. A JSON deeper than `serde_json` reads is none.
pub(super) fn read(text: &str) -> Option<Json<'static>> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Unique>();
    let Unique(schema) = values.next()?.ok()?;
    (is_schema(&schema) && says_something(&schema)).then_some(schema)
}

/// Whether Go takes a text for a URL.
pub(super) fn is_url(text: &str) -> bool {
    let is_hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'%' => is_hex(bytes.get(at + 1)) && is_hex(bytes.get(at + 2)),
        byte => !byte.is_ascii_control(),
    })
}

/// Recursion is as deep as `serde_json` allows.
fn is_schema(value: &Json<'_>) -> bool {
    match value {
        Json::Map(entries) => entries.iter().all(|(name, value)| is_part(name, value)),
        value => *value == Json::Null,
    }
}

fn is_part(name: &str, value: &Json<'_>) -> bool {
    match (name, value) {
        ("$ref" | "$schema", Json::Str(text)) => is_url(text),
        ("items", Json::Map(_)) => is_schema(value),
        ("items", Json::Seq(items)) => items.iter().all(is_schema),
        ("items", _) | ("type", Json::Str(_)) | (_, Json::Null) => true,
        ("not", _) => is_schema(value),
        ("allOf" | "oneOf" | "anyOf", _) => all_items(value, is_schema),
        ("properties" | "patternProperties" | "definitions", _) => all_values(value, is_schema),
        ("additionalProperties" | "additionalItems", _) => {
            matches!(value, Json::Bool(_)) || is_schema(value)
        }
        ("dependencies", _) => all_values(value, is_dependency),
        ("externalDocs", _) => all_entries(value, |name, value| {
            !matches!(name, "description" | "url") || is_text(value)
        }),
        ("type" | "required", _) => all_items(value, is_text),
        ("enum", _) => all_items(value, |_| true),
        (name, value) => is_plain(name, value),
    }
}

fn is_plain(name: &str, value: &Json<'_>) -> bool {
    match name {
        "id" | "description" | "format" | "title" | "pattern" | "discriminator" => is_text(value),
        "nullable" | "exclusiveMaximum" | "exclusiveMinimum" | "uniqueItems" | "readOnly" => {
            matches!(value, Json::Bool(_))
        }
        "maximum" | "minimum" | "multipleOf" => {
            matches!(value, Json::Int(_) | Json::Uint(_) | Json::Float(_))
        }
        "maxLength" | "minLength" | "maxItems" | "minItems" | "maxProperties" | "minProperties" => {
            matches!(value, Json::Int(_))
        }
        _ => true,
    }
}

fn is_text(value: &Json<'_>) -> bool {
    matches!(value, Json::Str(_) | Json::Null)
}

fn is_dependency(value: &Json<'_>) -> bool {
    match value {
        Json::Map(_) => is_schema(value),
        Json::Seq(_) => all_items(value, is_text),
        _ => true,
    }
}

fn all_items(value: &Json<'_>, is_fit: impl Fn(&Json<'_>) -> bool) -> bool {
    matches!(value, Json::Seq(items) if items.iter().all(is_fit))
}

fn all_values(value: &Json<'_>, is_fit: impl Fn(&Json<'_>) -> bool) -> bool {
    all_entries(value, |_, value| is_fit(value))
}

fn all_entries(value: &Json<'_>, is_fit: impl Fn(&str, &Json<'_>) -> bool) -> bool {
    matches!(value, Json::Map(entries) if entries.iter().all(|(name, value)| is_fit(name, value)))
}

/// Whether it differs from a schema without anything.
fn says_something(schema: &Json<'_>) -> bool {
    let Json::Map(entries) = schema else { return false };
    entries.iter().any(|(name, value)| match name.as_ref() {
        "$ref" => matches!(value, Json::Str(_)),
        "$schema" => matches!(value, Json::Str(text) if !text.is_empty()),
        "id" | "description" | "format" | "title" | "pattern" | "discriminator" => {
            matches!(value, Json::Str(text) if !text.is_empty())
        }
        "nullable" | "exclusiveMaximum" | "exclusiveMinimum" | "uniqueItems" | "readOnly" => {
            *value == Json::Bool(true)
        }
        name => *value != Json::Null || !is_known(name),
    })
}

/// The parts of a schema that may be absent.
fn is_known(name: &str) -> bool {
    const NAMES: [&str; 28] = [
        "additionalItems",
        "additionalProperties",
        "allOf",
        "anyOf",
        "default",
        "definitions",
        "dependencies",
        "enum",
        "example",
        "externalDocs",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "not",
        "oneOf",
        "patternProperties",
        "properties",
        "required",
        "type",
        "$ref",
        "$schema",
    ];
    NAMES.contains(&name)
}

/// A value in which no key comes twice.
struct Unique(Json<'static>);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(UniqueVisitor).map(Self)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Json<'static>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Json::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(value).map_or(Json::Uint(value), Json::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Json::Float(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Json::Str(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Unique(item)) = from.next_element()? {
            items.push(item);
        }
        Ok(Json::Seq(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
        let mut entries = std::collections::BTreeMap::new();
        while let Some((key, Unique(value))) = from.next_entry::<String, Unique>()? {
            if entries.insert(key, value).is_some() {
                return Err(A::Error::custom("a key comes twice"));
            }
        }
        Ok(Json::Map(entries.into_iter().map(|(key, value)| (Cow::Owned(key), value)).collect()))
    }
}
