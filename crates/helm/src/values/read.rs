//! YAML to values.

use sealift_gotemplate::{List, Map, Str, Value};
use sealift_goyaml::{self as goyaml, Limits, Node};

use crate::profile::Profile;
use crate::utf8::{self, NotUtf8};
use crate::values::documents::{self, Document};

/// Why a text is no values.
///
/// Mirrors the errors of `LoadValues` in `pkg/chart/v2/loader/load.go` of Helm 4.2.4, and of
/// `yaml.Unmarshal` for 3.21.4, which has no `cannot unmarshal yaml document`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{prefix}{kind}")]
pub struct ReadError {
    /// The line of the text, from 1. Helm counts from the start of a document.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// What is wrong there.
    pub kind: ReadErrorKind,
    pub(super) prefix: &'static str,
}

/// What is wrong with a text that should be values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// It is a list or a scalar.
    #[error(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} into Go value of type map[string]interface {{}}"
    )]
    NoMap {
        /// What Go's JSON calls it.
        found: &'static str,
    },
    /// Something stands behind a `---`.
    #[error("error reading yaml document: invalid Yaml document separator: {text}")]
    Separator {
        /// What stands there.
        text: String,
    },
    /// Not UTF-8.
    #[error("error converting YAML to JSON: yaml: {problem}")]
    Utf8 {
        /// go-yaml's words.
        problem: &'static str,
    },
    /// Not YAML.
    #[error("error converting YAML to JSON: {}", .0.go_text())]
    Yaml(goyaml::Error),
}

/// Reads values: all documents merged, of which later ones win, or the first, as the release has it.
///
/// Numbers are `float64`, whatever they look like. No document, or `null`, is a map without entries.
///
/// # Errors
///
/// When the text is not YAML, or a document is neither a map nor null.
pub fn values(bytes: &[u8], profile: Profile) -> Result<Map, ReadError> {
    let merges = profile.rules().values_of_all_documents;
    let prefix = if merges { "cannot unmarshal yaml document: " } else { "" };
    let text = utf8::text(bytes).map_err(|NotUtf8 { line, column, problem }| ReadError {
        line,
        column,
        kind: ReadErrorKind::Utf8 { problem },
        prefix,
    })?;
    if !merges {
        return map(&Document { text: text.into(), first_line: 1 }, prefix);
    }
    let mut values = None;
    for document in documents::split(text) {
        let map = map(&document?, prefix)?;
        values = Some(values.map_or_else(|| map.clone(), |values| merged(&values, &map)));
    }
    Ok(values.unwrap_or_default())
}

/// Returns both maps as one: what is in both is the second's, except that maps are merged.
///
/// Mirrors `MergeMaps` in `pkg/chart/v2/loader/load.go` of Helm 4.2.4. Recursion is as deep as the second map.
#[must_use]
pub fn merged(first: &Map, second: &Map) -> Map {
    let out = Map::new();
    for (key, value) in &*first.entries() {
        out.insert(key.clone(), value.clone());
    }
    for (key, value) in &*second.entries() {
        let value = match (value, out.get(key.as_bytes())) {
            (Value::Map(second), Some(Value::Map(first))) => Value::Map(merged(&first, second)),
            _ => value.clone(),
        };
        out.insert(key.clone(), value);
    }
    out
}

fn map(document: &Document<'_>, prefix: &'static str) -> Result<Map, ReadError> {
    let at = |line: u32, column, kind| ReadError {
        line: line.saturating_add(document.first_line - 1),
        column,
        kind,
        prefix,
    };
    let failed = |error: goyaml::Error| at(error.line, error.column, ReadErrorKind::Yaml(error));
    let Some(node) = goyaml::first(&document.text, &Limits::default()).map_err(failed)? else {
        return Ok(Map::new());
    };
    let found = match value(&node).map_err(failed)? {
        Value::Map(map) => return Ok(map),
        Value::Nil => return Ok(Map::new()),
        Value::Bool(_) => "bool",
        Value::Float(_) => "number",
        Value::List(_) => "array",
        _ => "string",
    };
    Err(at(node.line(), node.column(), ReadErrorKind::NoMap { found }))
}

/// Returns the value of a node as `yaml.Unmarshal` of sigs.k8s.io/yaml gives it: numbers are `float64`.
///
/// Recursion is as deep as the document, which [`Limits::depth`] bounds.
///
/// # Errors
///
/// [`goyaml::ErrorKind::NotFinite`] for an infinity or a NaN, which JSON does not have.
pub fn value(node: &Node<'_>) -> Result<Value, goyaml::Error> {
    Ok(match node.value() {
        goyaml::Value::Null => Value::Nil,
        goyaml::Value::Bool(truth) => Value::Bool(truth),
        goyaml::Value::Int(number) => Value::Float(float(number)),
        goyaml::Value::Uint(number) => Value::Float(float(number)),
        goyaml::Value::Float(number) => Value::Float(finite(node, number)?),
        goyaml::Value::Str(text) => Value::Str(Str::from(text)),
        goyaml::Value::Seq(items) => {
            Value::List(List::new(items.iter().map(value).collect::<Result<_, _>>()?))
        }
        goyaml::Value::Map(entries) => {
            let map = Map::new();
            for (key, node) in entries {
                map.insert(key.as_str().unwrap_or_default(), value(node)?);
            }
            Value::Map(map)
        }
    })
}

#[expect(clippy::cast_precision_loss, reason = "Go's JSON rounds to the nearest, too")]
fn float(number: impl Into<i128>) -> f64 {
    number.into() as f64
}

fn finite(node: &Node<'_>, number: f64) -> Result<f64, goyaml::Error> {
    let name = match number {
        f64::INFINITY => "+Inf",
        f64::NEG_INFINITY => "-Inf",
        _ if number.is_nan() => "NaN",
        _ => return Ok(number),
    };
    let kind = goyaml::ErrorKind::NotFinite(name);
    Err(goyaml::Error::new(node.line(), node.column(), kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(values: &Map, key: &str) -> f64 {
        match values.get(key) {
            Some(Value::Float(number)) => number,
            other => panic!("{key} is {other:?}"),
        }
    }

    #[test]
    fn numbers_are_floats_and_nulls_stay() {
        let text = "a: 1\nb: 0x10\nc: 9007199254740993\nd: 18446744073709551615\ne: ~\nf: 1e3\n";
        let values = values(text.as_bytes(), Profile::default()).expect("values");
        let numbers = ["a", "b", "c", "d", "f"].map(|key| number(&values, key));
        let wanted = [1.0, 16.0, 9_007_199_254_740_992.0, 18_446_744_073_709_551_616.0, 1000.0];
        assert_eq!(numbers.map(f64::to_bits), wanted.map(f64::to_bits));
        assert!(matches!(values.get("e"), Some(Value::Nil)));
    }

    #[test]
    fn one_release_merges_all_documents_and_another_reads_the_first() {
        let text = b"a: {k: 1, l: 1}\nb: 1\n---\na: {l: 2}\nb:\n";
        let new = values(text, Profile::Helm4_2_4).expect("values");
        let a = new.get("a").and_then(|a| a.as_map().cloned()).expect("a map");
        assert_eq!((number(&a, "k"), number(&a, "l")), (1.0, 2.0));
        assert!(matches!(new.get("b"), Some(Value::Nil)));
        let old = values(text, Profile::Helm3_21_4).expect("values");
        assert!((number(&old, "b") - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn no_document_and_null_are_no_values() {
        for text in ["", "# nothing\n", "null\n", "---\n", "---\n---\n"] {
            for profile in Profile::ALL {
                assert!(values(text.as_bytes(), profile).expect(text).is_empty(), "{text:?}");
            }
        }
    }
}
