//! What values do wrong, and what is said of it.

use std::fmt;

use sealift_gotemplate::{Str, Value};

use crate::values::printed;

/// Something that is wrong with a value, with what is wrong below it.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) kind: Kind,
    /// Where the value is, as a JSON pointer.
    pub(super) place: String,
    /// What is wrong, in the validator's words.
    pub(super) text: String,
    pub(super) causes: Vec<Self>,
}

/// What a fault is to those around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Several faults of one value.
    Group,
    /// What a reference leads to fails.
    Reference,
    /// A keyword fails.
    Keyword,
}

impl Fault {
    /// Returns the fault with what caused it.
    pub(super) fn because(mut self, causes: Vec<Self>) -> Self {
        self.causes = causes;
        self
    }

    /// A fault that nobody will read.
    pub(super) fn quiet() -> Self {
        let (place, text) = (String::new(), String::new());
        Self { kind: Kind::Keyword, place, text, causes: Vec::new() }
    }

    /// Returns the faults of a group, or this one.
    pub(super) fn flattened(self) -> Vec<Self> {
        if self.kind == Kind::Group { self.causes } else { vec![self] }
    }

    fn write(&self, f: &mut impl fmt::Write, indent: usize) -> fmt::Result {
        let is_passed_over = self.kind == Kind::Reference && self.causes.len() == 1;
        if !is_passed_over {
            let (indent, place) = ("  ".repeat(indent), quoted(&self.place));
            write!(f, "\n{indent}- at {place}: {}", self.text)?;
        }
        let indent = if is_passed_over { indent } else { indent + 1 };
        self.causes.iter().try_for_each(|cause| cause.write(f, indent))
    }
}

/// Returns faults as text: a line break, two spaces for each level, and `- at '/x': …` for each.
///
/// Mirrors `ValidationError.display` in `output.go` of santhosh-tekuri/jsonschema 6.0.2.
pub(super) fn listed(faults: &[Fault]) -> String {
    let mut text = String::new();
    for fault in faults {
        // Writing to a string does not fail.
        let _written = fault.write(&mut text, 0);
    }
    text
}

/// Returns a text in single quotes, escaped as Go's `%q` does.
pub(super) fn quoted(text: &str) -> String {
    quoted_str(&text.into())
}

pub(super) fn quoted_str(text: &Str) -> String {
    // A backslash at the end goes with the quote behind it, as in Go.
    let quoted = printed("%q", &Value::Str(text.clone())).replace("\\\"", "\"");
    let quoted = quoted.replace('\'', "\\'");
    format!("'{}'", quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default())
}

/// Returns texts in quotes, with commas between them.
pub(super) fn joined<'t>(texts: impl IntoIterator<Item = &'t Str>) -> String {
    texts.into_iter().map(quoted_str).collect::<Vec<_>>().join(", ")
}

/// Returns a value that is no list and no map.
pub(super) fn displayed(value: &Value) -> String {
    match value {
        Value::Str(text) => quoted_str(text),
        Value::Bytes(number) => number.to_string(),
        Value::List(_) | Value::Map(_) => "value".to_owned(),
        other => printed("%v", other),
    }
}
