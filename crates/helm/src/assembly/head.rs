//! The head of an object: as much of it as Helm reads.

use sealift_gotemplate::sprint;
use sealift_goyaml::{Limits, Node, Value, first, to_json};

use super::hook;
use crate::profile::Rules;
use crate::utf8;

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
    Yaml(Box<sealift_goyaml::Error>),
    /// It is not UTF-8.
    #[error("error converting YAML to JSON: yaml: {0}")]
    Utf8(&'static str),
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
        let text = utf8::text(text).map_err(|found| HeadError::Utf8(found.problem))?;
        let limits = Limits::default();
        let Some(document) = first(text, &limits).map_err(|error| HeadError::Yaml(error.into()))?
        else {
            return Ok(Self::default());
        };
        check_numbers(&document, Target::Head)?;
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
            if is_field(key, "apiVersion") {
                text(node, "struct field SimpleHead.apiVersion of type string")?;
            } else if is_field(key, "kind") {
                let kind = text(node, "struct field SimpleHead.kind of type string")?;
                head.kind = kind.unwrap_or(head.kind);
            } else if is_field(key, "metadata") {
                head.metadata(node)?;
            }
        }
        Ok(head)
    }

    fn metadata(&mut self, node: &Node<'_>) -> Result<(), HeadError> {
        let place = || format!("struct field SimpleHead.metadata of type {METADATA}");
        let Some(entries) = self.map(node, place)? else { return Ok(()) };
        for (key, node) in entries {
            if is_field(key, "annotations") {
                self.annotations(node)?;
            } else if is_field(key, "name") {
                text(node, "struct field .metadata.name of type string")?;
            }
        }
        Ok(())
    }

    fn annotations(&mut self, node: &Node<'_>) -> Result<(), HeadError> {
        let place = || "struct field .metadata.annotations of type map[string]string".to_owned();
        let Some(entries) = self.map(node, place)? else { return Ok(()) };
        for (key, node) in entries {
            let value = text(node, "struct field .metadata.annotations of type string")?;
            if key == hook::ANNOTATION {
                self.hook = Some(value.unwrap_or_default());
            }
        }
        Ok(())
    }

    /// Returns the sorted entries of a map; of null none, which also takes back what an earlier spelling of the key said.
    fn map<'n, 't>(
        &mut self,
        node: &'n Node<'t>,
        place: impl FnOnce() -> String,
    ) -> Result<Option<Vec<(&'n str, &'n Node<'t>)>>, HeadError> {
        match node.value() {
            Value::Null => {
                self.hook = None;
                Ok(None)
            }
            Value::Map(entries) => Ok(Some(sorted(entries))),
            _ => Err(wrong(node, &place())),
        }
    }
}

/// Whether Go's JSON takes a key for a field: upper and lower case are one.
fn is_field(key: &str, name: &str) -> bool {
    let folded = |c: char| match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        c => c.to_ascii_lowercase(),
    };
    key.chars().map(folded).eq(name.chars().map(folded))
}

/// What a part of a document is read into.
#[derive(Clone, Copy)]
enum Target {
    Annotations,
    Anything,
    Head,
    Metadata,
    Text,
}

impl Target {
    fn below(self, key: &str) -> Self {
        match self {
            Self::Annotations => Self::Text,
            Self::Head if is_field(key, "apiVersion") || is_field(key, "kind") => Self::Text,
            Self::Head if is_field(key, "metadata") => Self::Metadata,
            Self::Metadata if is_field(key, "name") => Self::Text,
            Self::Metadata if is_field(key, "annotations") => Self::Annotations,
            _ => Self::Anything,
        }
    }
}

/// Looks for numbers that JSON does not have, other than those that become texts before.
///
/// Recursion is as deep as the document, which [`Limits::depth`] bounds.
fn check_numbers(node: &Node<'_>, target: Target) -> Result<(), HeadError> {
    match node.value() {
        Value::Float(number) if !number.is_finite() && !matches!(target, Target::Text) => {
            to_json(node).map(drop).map_err(|error| HeadError::Yaml(error.into()))
        }
        Value::Seq(items) => {
            items.iter().try_for_each(|item| check_numbers(item, Target::Anything))
        }
        Value::Map(entries) => entries.iter().try_for_each(|(key, node)| {
            check_numbers(node, target.below(key.as_str().unwrap_or_default()))
        }),
        _ => Ok(()),
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
        Value::Float(number) => {
            let text = sprint(&[number.into()], usize::MAX);
            text.ok().map(|text| text.to_text().into_owned())
        }
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
        for (written, kind) in [("1e3", "1000"), ("1e21", "1e+21"), (".inf", "+Inf")] {
            let head = read(&format!("\u{212a}ind: {written}\n")).expect("a head");
            assert_eq!(head.kind, kind, "{written}");
        }
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
