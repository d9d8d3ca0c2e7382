//! `$(NAME)` replaced by values.

use std::collections::BTreeMap;

use sealift_goyaml::v3::float_text;

use super::field::{FieldError, apply_path};
use crate::config::FieldSpec;
use crate::limits::Copied;
use crate::yaml::{Data, Node, Style, Tag};

/// The value of a variable.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum VarValue {
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// A list or a map, which is not put in.
    Collection,
}

/// The values of all variables.
pub(crate) type VarValues = BTreeMap<String, VarValue>;

/// Replaces variables in a field: a text, the texts of a list, or the values of a map.
///
/// Mirrors `filters/refvar` of kustomize api v0.21.2.
pub(crate) fn replace(
    object: &mut Node,
    spec: &FieldSpec,
    parts: &[String],
    (values, copied): (&VarValues, &Copied),
) -> Result<(), FieldError> {
    let set = |node: &mut Node| {
        copied.add(grown(node.text(), values))?;
        set(node, values);
        Ok(())
    };
    apply_path(&spec.path, parts, None, object, &mut |field| {
        if field.is_null() {
            return Ok(());
        }
        match &mut field.data {
            Data::Map(entries) => entries.iter_mut().try_for_each(|(key, value)| {
                if !key.is_string() {
                    let (text, tag) = (key.text(), key.tag.name());
                    return Err(FieldError::Other(format!(
                        "invalid map key: value='{text}', tag='{tag}'"
                    )));
                }
                set(value)
            }),
            Data::Seq(items) => items.iter_mut().try_for_each(|item| {
                if !item.is_string() {
                    let text = item.text();
                    return Err(FieldError::Other(format!(
                        "invalid value type expect a string, found {text:?}"
                    )));
                }
                set(item)
            }),
            Data::Scalar(_) | Data::Alias(_) => set(field),
        }
    })
}

/// The bytes that variables put into a text; nothing for one without any.
fn grown(text: &str, values: &VarValues) -> usize {
    let names = text.split("$(").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
    let size = |name: &str| match values.get(name) {
        Some(VarValue::Text(text)) => text.len(),
        _ => 0,
    };
    names.map(size).sum()
}

fn set(node: &mut Node, values: &VarValues) {
    if !node.is_string() {
        return;
    }
    let (text, tag) = match expand(node.text(), values) {
        Expanded::Whole(VarValue::Int(value)) => (value.to_string(), Tag::Int),
        Expanded::Whole(VarValue::Bool(value)) => (value.to_string(), Tag::Bool),
        Expanded::Whole(VarValue::Float(value)) => (format!("{value}"), Tag::Float),
        Expanded::Whole(VarValue::Text(text)) => (text.clone(), Tag::Str),
        Expanded::Whole(VarValue::Collection) => return,
        Expanded::Text(text) => (text, Tag::Str),
    };
    *node = Node { line: node.line, style: Style::PLAIN, ..Node::tagged(text, tag) };
}

enum Expanded<'v> {
    /// The text was one variable and nothing else, so that its type stays.
    Whole(&'v VarValue),
    Text(String),
}

/// Mirrors `DoReplacements` in `filters/refvar/expand.go` of kustomize api v0.21.2: `$$` is `$`, what is not known stays.
fn expand<'v>(text: &str, values: &'v VarValues) -> Expanded<'v> {
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$').filter(|at| at + 1 < rest.len()) {
        result.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let name = behind.strip_prefix('(').and_then(|inner| inner.split_once(')'));
        if let Some((name, after)) = name {
            match values.get(name).filter(|value| **value != VarValue::Collection) {
                Some(value) if text.len() == name.len() + 3 => return Expanded::Whole(value),
                Some(value) => result.push_str(&to_text(value)),
                None => result.extend(["$(", name, ")"]),
            }
            rest = after;
            continue;
        }
        let next = behind.chars().next().unwrap_or_default();
        if next != '$' {
            result.push('$');
        }
        result.push(next);
        rest = &behind[next.len_utf8()..];
    }
    result.push_str(rest);
    Expanded::Text(result)
}

/// As a text, whatever it is.
pub(crate) fn expanded_text(text: &str, values: &VarValues) -> String {
    match expand(text, values) {
        Expanded::Whole(value) => to_text(value),
        Expanded::Text(text) => text,
    }
}

fn to_text(value: &VarValue) -> String {
    match value {
        VarValue::Text(text) => text.clone(),
        VarValue::Int(value) => value.to_string(),
        VarValue::Float(value) => float_text(*value),
        VarValue::Bool(value) => value.to_string(),
        VarValue::Collection => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_replaced_and_dollars_kept() {
        let values = VarValues::from([
            ("A".to_owned(), VarValue::Text("x".to_owned())),
            ("N".to_owned(), VarValue::Int(5)),
        ]);
        let text = |text| match expand(text, &values) {
            Expanded::Text(text) => text,
            Expanded::Whole(value) => format!("{value:?}"),
        };
        assert_eq!(text("$(A)-$(N)"), "x-5");
        assert_eq!(text("$(N)"), "Int(5)");
        assert_eq!(text("$$(A) $(B) $x $"), "$(A) $(B) $x $");
        assert_eq!(text("$(A"), "$(A");
    }
}
