//! The head of an object: as much of it as Helm reads.

use sealift_goyaml::{Limits, Node, Value, first};

use super::hook;
use crate::profile::Rules;

/// What Helm reads of an object: `SimpleHead` in `pkg/release/v1/util/manifest.go` of Helm 4.2.4.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// `kind`.
    pub(super) kind: String,
    /// The annotation that makes a hook.
    pub(super) hook: Option<String>,
}

/// Why a document has no head that Helm could read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeadError {
    /// It is no YAML.
    #[error("error converting YAML to JSON: {}", .0.go_text())]
    Yaml(sealift_goyaml::Error),
    /// It is not UTF-8.
    #[error("error converting YAML to JSON: yaml: invalid UTF-8")]
    Utf8,
    /// A part of it has another type.
    #[error(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} into Go {place}"
    )]
    Type {
        /// What JSON calls the type that is there.
        found: &'static str,
        /// Where, and what type must be there.
        place: String,
    },
}

/// The Go type of what is below `metadata`.
const METADATA: &str = r#"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#;

impl Head {
    pub(super) fn read(text: &[u8], rules: &Rules) -> Result<Self, HeadError> {
        let text = std::str::from_utf8(text).map_err(|_| HeadError::Utf8)?;
        let limits = Limits::default();
        let Some(document) = first(text, &limits).map_err(HeadError::Yaml)? else {
            return Ok(Self::default());
        };
        match document.value() {
            Value::Null => Ok(Self::default()),
            Value::Map(entries) => Self::of(entries),
            _ => {
                let package = rules.manifests_package;
                Err(wrong(&document, &format!("value of type {package}.SimpleHead")))
            }
        }
    }

    /// Fields are found whatever their case, and read in the order of their names, as JSON in between has them.
    fn of(entries: &[(Node<'_>, Node<'_>)]) -> Result<Self, HeadError> {
        let mut head = Self::default();
        for (key, node) in sorted(entries) {
            if key.eq_ignore_ascii_case("apiVersion") {
                text(node, "struct field SimpleHead.apiVersion of type string")?;
            } else if key.eq_ignore_ascii_case("kind") {
                let kind = text(node, "struct field SimpleHead.kind of type string")?;
                head.kind = kind.unwrap_or(head.kind);
            } else if key.eq_ignore_ascii_case("metadata") {
                head.metadata(node)?;
            }
        }
        Ok(head)
    }

    fn metadata(&mut self, node: &Node<'_>) -> Result<(), HeadError> {
        let entries = match node.value() {
            Value::Null => return Ok(()),
            Value::Map(entries) => entries,
            _ => {
                let place = format!("struct field SimpleHead.metadata of type {METADATA}");
                return Err(wrong(node, &place));
            }
        };
        for (key, node) in sorted(entries) {
            if key.eq_ignore_ascii_case("annotations") {
                self.annotations(node)?;
            } else if key.eq_ignore_ascii_case("name") {
                text(node, "struct field .metadata.name of type string")?;
            }
        }
        Ok(())
    }

    fn annotations(&mut self, node: &Node<'_>) -> Result<(), HeadError> {
        let entries = match node.value() {
            Value::Null => return Ok(()),
            Value::Map(entries) => entries,
            _ => {
                let place = "struct field .metadata.annotations of type map[string]string";
                return Err(wrong(node, place));
            }
        };
        for (key, node) in sorted(entries) {
            let value = text(node, "struct field .metadata.annotations of type string")?;
            if key == hook::ANNOTATION {
                self.hook = Some(value.unwrap_or_default());
            }
        }
        Ok(())
    }
}

fn sorted<'n, 't>(entries: &'n [(Node<'t>, Node<'t>)]) -> Vec<(&'n str, &'n Node<'t>)> {
    let mut sorted: Vec<_> =
        entries.iter().filter_map(|(key, node)| Some((key.as_str()?, node))).collect();
    sorted.sort_by_key(|(key, _)| *key);
    sorted
}

/// Returns a scalar as the text that sigs.k8s.io/yaml makes of it for a field of strings; `None` for null.
fn text(node: &Node<'_>, place: &str) -> Result<Option<String>, HeadError> {
    Ok(match node.value() {
        Value::Null => None,
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Int(number) => Some(number.to_string()),
        Value::Uint(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Str(text) => Some(text.to_owned()),
        Value::Map(_) | Value::Seq(_) => return Err(wrong(node, place)),
    })
}

fn wrong(node: &Node<'_>, place: &str) -> HeadError {
    let found = match node.value() {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::Uint(_) | Value::Float(_) => "number",
        Value::Str(_) => "string",
        Value::Seq(_) => "array",
        Value::Map(_) => "object",
    };
    HeadError::Type { found, place: place.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    fn read(text: &str) -> Result<Head, String> {
        Head::read(text.as_bytes(), Profile::Helm4_2_4.rules()).map_err(|error| error.to_string())
    }

    #[test]
    fn scalars_are_texts_and_keys_have_any_case() {
        let head = read("KIND: 5\nMetadata:\n  annotations: {helm.sh/hook: true, b: 1.5}\n");
        assert_eq!(
            head.expect("a head"),
            Head { kind: "5".to_owned(), hook: Some("true".to_owned()) }
        );
        assert_eq!(read("# nothing\n"), Ok(Head::default()));
    }

    #[test]
    fn mistakes_are_told_in_the_words_of_go() {
        let prefix = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal";
        let cases = [
            ("a", "string into Go value of type util.SimpleHead"),
            ("[1]", "array into Go value of type util.SimpleHead"),
            (
                "metadata: {annotations: [a]}",
                "array into Go struct field .metadata.annotations of type map[string]string",
            ),
            (
                "metadata: {annotations: {a: [1]}}",
                "array into Go struct field .metadata.annotations of type string",
            ),
            (
                "metadata: {name: {a: 1}, annotations: {b: 2}}",
                "object into Go struct field .metadata.name of type string",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), Err(format!("{prefix} {expected}")), "{text}");
        }
        assert_eq!(
            read("a: 1\n b: 2"),
            Err("error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context".to_owned())
        );
    }
}
