//! JSON read so that no two readers can disagree about it.
//!
//! Go's `encoding/json` takes the last of repeated keys and ignores case when it looks for a field, folding `ſ` to `s` and the
//! Kelvin sign to `k`; other readers take the first, or keep case. A document that uses any of that is refused.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::limits::JSON_DEPTH;
use crate::manifest_error::ManifestError;

/// A JSON value without repeated keys.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool,
    /// `None` where the number is negative, broken or out of range.
    Number(Option<u64>),
    Text(String),
    List(Vec<Self>),
    Object(Object),
}

pub(crate) type Object = BTreeMap<String, Json>;

/// Parses a document of at most [`JSON_DEPTH`] levels. The caller has bounded its length.
pub(crate) fn parse(bytes: &[u8]) -> Result<Json, ManifestError> {
    let problem = Cell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Level { depth: 0, problem: &problem }.deserialize(&mut reader);
    let value = value.and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| {
        let place = ManifestError::NotJson { line: error.line(), column: error.column() };
        problem.take().unwrap_or(place)
    })
}

/// Refuses keys that only readers without case would take for one of `known`.
pub(crate) fn refuse_folded(object: &Object, known: &[&'static str]) -> Result<(), ManifestError> {
    for key in object.keys() {
        if let Some(known) = known.iter().find(|known| *known != key && same_folded(key, known)) {
            return Err(ManifestError::FoldedKey { key: shown(key), known });
        }
    }
    Ok(())
}

/// Cuts outside text for a message.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(100).collect()
}

/// Whether Go's `foldName` makes both the same, where `known` is ASCII.
fn same_folded(key: &str, known: &str) -> bool {
    let fold = |c: char| match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        c => c.to_ascii_lowercase(),
    };
    key.chars().map(fold).eq(known.chars().map(fold))
}

/// Reads one value; an error that `serde` cannot carry is left in `problem`.
struct Level<'a> {
    depth: usize,
    problem: &'a Cell<Option<ManifestError>>,
}

impl Level<'_> {
    fn below<E: serde::de::Error>(&self) -> Result<Self, E> {
        if self.depth < JSON_DEPTH {
            return Ok(Self { depth: self.depth + 1, problem: self.problem });
        }
        self.problem.set(Some(ManifestError::TooDeep { limit: JSON_DEPTH }));
        Err(E::custom("too deep"))
    }
}

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Bool)
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(Some(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(u64::try_from(value).ok()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number(None))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = access.next_element_seed(self.below()?)? {
            list.push(value);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut object = Object::new();
        while let Some(key) = access.next_key::<String>()? {
            let value = access.next_value_seed(self.below()?)?;
            if object.contains_key(&key) {
                self.problem.set(Some(ManifestError::RepeatedKey { key: shown(&key) }));
                return Err(serde::de::Error::custom("repeated key"));
            }
            object.insert(key, value);
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize) -> Vec<u8> {
        let mut text = "[".repeat(levels);
        text.push_str(&"]".repeat(levels));
        text.into_bytes()
    }

    #[test]
    fn depth_is_refused_one_level_past_the_limit() {
        // The outermost list is read at depth 0 and its elements at depth 1.
        assert!(parse(&nested(JSON_DEPTH)).is_ok());
        let deep = parse(&nested(JSON_DEPTH + 1));
        assert!(matches!(deep, Err(ManifestError::TooDeep { .. })), "{deep:?}");
        assert!(parse(&nested(100_000)).is_err());
    }

    #[test]
    fn a_repeated_key_is_refused_at_any_level_and_however_it_is_escaped() {
        let repeated = parse(br#"{"a":{"b":1,"\u0062":2}}"#);
        assert!(
            matches!(repeated, Err(ManifestError::RepeatedKey { ref key }) if key == "b"),
            "{repeated:?}"
        );
    }

    #[test]
    fn folding_knows_the_long_s_and_the_kelvin_sign() {
        assert!(same_folded("layer\u{17f}", "layers"));
        assert!(same_folded("\u{212a}EY", "key"));
        assert!(!same_folded("layer", "layers"));
    }

    #[test]
    fn text_after_the_document_is_refused() {
        assert!(matches!(parse(b"{} {}"), Err(ManifestError::NotJson { line: 1, column: 4 })));
    }
}
