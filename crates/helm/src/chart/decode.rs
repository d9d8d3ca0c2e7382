//! YAML to Go's structures.

use std::collections::BTreeMap;

use sealift_gotemplate::{Value, sprint};
use sealift_goyaml::{self as goyaml, Limits, Node};

use crate::utf8::{self, NotUtf8};
use crate::values;

/// Why a file is not what it should be, as `yaml.Unmarshal` of sigs.k8s.io/yaml tells it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct DecodeError {
    /// The line of the file, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// What is wrong there.
    pub kind: DecodeErrorKind,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// A value is of another type than its field.
    #[error(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} into Go {target}"
    )]
    Mismatch {
        /// What Go's JSON calls the value.
        found: &'static str,
        /// The field and its type, as Go writes them.
        target: String,
    },
    /// An entry that Helm would take and fall over later.
    #[error("dependencies must not contain empty or null nodes")]
    Null,
    /// A time that is none.
    #[error("error unmarshaling JSON: while decoding JSON: {0}")]
    Time(String),
    /// Not UTF-8.
    #[error("error converting YAML to JSON: yaml: {0}")]
    Utf8(&'static str),
    /// Not YAML.
    #[error("error converting YAML to JSON: {}", .0.go_text())]
    Yaml(goyaml::Error),
}

/// A structure of Go with its fields.
pub(super) trait Structure {
    /// Its name, such as `Metadata`.
    const NAME: &'static str;
    /// The names of its fields in JSON.
    const FIELDS: &'static [&'static str];

    /// Decodes one field.
    fn field(&mut self, name: &'static str, node: &Node<'_>, decoder: &mut Decoder);
}

/// Decodes as Go's JSON does: into what is there already, and on after a mismatch, of which the first is told.
pub(super) struct Decoder {
    /// The package of the structures, as Go prints it.
    package: &'static str,
    structures: Vec<&'static str>,
    path: Vec<&'static str>,
    error: Option<DecodeError>,
}

/// Decodes a file into a structure; a file that says nothing, or `null`, changes nothing.
pub(super) fn decode<S: Structure>(
    bytes: &[u8],
    package: &'static str,
    into: &mut S,
) -> Result<(), DecodeError> {
    if let Some(node) = node(bytes)? {
        decode_node(&node, package, into)?;
    }
    Ok(())
}

pub(super) fn decode_node<S: Structure>(
    node: &Node<'_>,
    package: &'static str,
    into: &mut S,
) -> Result<(), DecodeError> {
    let mut decoder = Decoder { package, structures: Vec::new(), path: Vec::new(), error: None };
    decoder.structure(node, into);
    decoder.error.map_or(Ok(()), Err)
}

/// Reads a file; `None` where it says nothing or `null`.
pub(super) fn node(bytes: &[u8]) -> Result<Option<Node<'_>>, DecodeError> {
    let text = utf8::text(bytes).map_err(|NotUtf8 { line, column, problem }| DecodeError {
        line,
        column,
        kind: DecodeErrorKind::Utf8(problem),
    })?;
    let node = goyaml::first(text, &Limits::default()).map_err(no_yaml)?;
    Ok(node.filter(|node| !node.is_null()))
}

fn no_yaml(error: goyaml::Error) -> DecodeError {
    DecodeError { line: error.line, column: error.column, kind: DecodeErrorKind::Yaml(error) }
}

impl Decoder {
    fn structure<S: Structure>(&mut self, node: &Node<'_>, into: &mut S) {
        let goyaml::Value::Map(entries) = node.value() else {
            return self.mismatch(node, &format!("{}.{}", self.package, S::NAME));
        };
        self.structures.push(S::NAME);
        let mut entries: Vec<_> = entries.iter().collect();
        entries.sort_by_key(|(key, _)| key.as_str());
        for (key, value) in entries {
            match field::<S>(key.as_str().unwrap_or_default()) {
                Some(name) => {
                    self.path.push(name);
                    into.field(name, value, self);
                    self.path.pop();
                }
                // Unknown, but Go makes JSON of it first.
                None => drop(self.any(value)),
            }
        }
        self.structures.pop();
    }

    /// A string; numbers and truths become one.
    pub(super) fn string(&mut self, node: &Node<'_>, into: &mut String) {
        *into = match node.value() {
            goyaml::Value::Null => return,
            goyaml::Value::Str(text) => text.to_owned(),
            goyaml::Value::Bool(truth) => truth.to_string(),
            goyaml::Value::Int(number) => number.to_string(),
            goyaml::Value::Uint(number) => number.to_string(),
            goyaml::Value::Float(number) => float(number),
            goyaml::Value::Seq(_) | goyaml::Value::Map(_) => return self.mismatch(node, "string"),
        };
    }

    pub(super) fn truth(&mut self, node: &Node<'_>, into: &mut bool) {
        match node.value() {
            goyaml::Value::Null => {}
            goyaml::Value::Bool(truth) => *into = truth,
            _ => self.mismatch(node, "bool"),
        }
    }

    pub(super) fn strings(&mut self, node: &Node<'_>, into: &mut Vec<String>) {
        self.list(node, "[]string", into, Self::string);
    }

    /// Any values.
    pub(super) fn anything(&mut self, node: &Node<'_>, into: &mut Vec<Value>) {
        match node.value() {
            goyaml::Value::Null => into.clear(),
            goyaml::Value::Seq(items) => *into = items.iter().map(|item| self.any(item)).collect(),
            _ => self.mismatch(node, "[]interface {}"),
        }
    }

    /// Pointers to structures: an entry that is null is `None`.
    pub(super) fn structures<S: Structure + Default>(
        &mut self,
        node: &Node<'_>,
        into: &mut Vec<Option<S>>,
    ) {
        let kind = format!("[]*{}.{}", self.package, S::NAME);
        self.list(node, &kind, into, |decoder, node, into| {
            if node.is_null() {
                *into = None;
            } else {
                decoder.structure(node, into.get_or_insert_default());
            }
        });
    }

    pub(super) fn map(&mut self, node: &Node<'_>, into: &mut BTreeMap<String, String>) {
        match node.value() {
            goyaml::Value::Null => into.clear(),
            goyaml::Value::Map(entries) => {
                for (key, node) in entries {
                    let mut value = String::new();
                    self.string(node, &mut value);
                    into.insert(key.as_str().unwrap_or_default().to_owned(), value);
                }
            }
            _ => self.mismatch(node, "map[string]string"),
        }
    }

    /// A time, as it was written.
    pub(super) fn time(&mut self, node: &Node<'_>, into: &mut String) {
        let problem = match node.value() {
            goyaml::Value::Null => return,
            goyaml::Value::Str(text) => match sealift_sprig::check_rfc3339(text) {
                Ok(()) => return text.clone_into(into),
                Err(problem) => problem,
            },
            _ => "Time.UnmarshalJSON: input is not a JSON string".to_owned(),
        };
        self.fail(node, DecodeErrorKind::Time(problem));
    }

    /// A list; each entry is decoded into the one that was there before.
    fn list<T: Default>(
        &mut self,
        node: &Node<'_>,
        kind: &str,
        into: &mut Vec<T>,
        mut entry: impl FnMut(&mut Self, &Node<'_>, &mut T),
    ) {
        match node.value() {
            goyaml::Value::Null => into.clear(),
            goyaml::Value::Seq(items) => {
                into.resize_with(items.len(), T::default);
                for (item, into) in items.iter().zip(into) {
                    entry(self, item, into);
                }
            }
            _ => self.mismatch(node, kind),
        }
    }

    fn any(&mut self, node: &Node<'_>) -> Value {
        values::value(node).unwrap_or_else(|error| {
            let DecodeError { kind, .. } = no_yaml(error);
            self.fail(node, kind);
            Value::Nil
        })
    }

    fn mismatch(&mut self, node: &Node<'_>, kind: &str) {
        // What JSON cannot hold is found before.
        drop(self.any(node));
        let found = match node.value() {
            goyaml::Value::Bool(_) => "bool",
            goyaml::Value::Map(_) => "object",
            goyaml::Value::Null => "null",
            goyaml::Value::Seq(_) => "array",
            goyaml::Value::Str(_) => "string",
            goyaml::Value::Int(_) | goyaml::Value::Uint(_) | goyaml::Value::Float(_) => "number",
        };
        let target = match self.structures.last() {
            Some(structure) => {
                format!("struct field {structure}.{} of type {kind}", self.path.join("."))
            }
            None => format!("value of type {kind}"),
        };
        self.fail(node, DecodeErrorKind::Mismatch { found, target });
    }

    /// What JSON cannot hold is an error before all others.
    fn fail(&mut self, node: &Node<'_>, kind: DecodeErrorKind) {
        let is_yaml = |kind: &DecodeErrorKind| matches!(kind, DecodeErrorKind::Yaml(_));
        if self.error.as_ref().is_none_or(|first| is_yaml(&kind) && !is_yaml(&first.kind)) {
            self.error = Some(DecodeError { line: node.line(), column: node.column(), kind });
        }
    }

    /// Says that an entry is null, where nobody would look for it.
    pub(super) fn null(&mut self, node: &Node<'_>) {
        self.fail(node, DecodeErrorKind::Null);
    }
}

/// The field of a key: the one that is written so, or else one that differs in case.
fn field<S: Structure>(key: &str) -> Option<&'static str> {
    let fields = || S::FIELDS.iter().copied();
    fields()
        .find(|name| *name == key)
        .or_else(|| fields().find(|name| folded(name).eq(folded(key))))
}

/// Letters as Go's JSON compares them: `ſ` and the Kelvin sign fold to ASCII.
fn folded(name: &str) -> impl Iterator<Item = char> {
    name.chars().map(|character| match character {
        'ſ' => 's',
        '\u{212a}' => 'k',
        other => other.to_ascii_lowercase(),
    })
}

/// `strconv.FormatFloat(number, 'g', -1, 64)`.
fn float(number: f64) -> String {
    const MOST: usize = 64;
    match number {
        f64::INFINITY => "+Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        _ => sprint(&[Value::Float(number)], MOST)
            .map_or_else(|_| number.to_string(), |text| text.to_text().into_owned()),
    }
}
