//! JSON patches, RFC 6902 as kustomize has it.

use std::borrow::Cow;

use crate::kustomization::{Mode, decode};
use crate::limits::{self, Copied, Exceeded};
use crate::yaml::Json;

/// Why a text is no patch, or why a patch does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonPatchError {
    /// It is no list of operations.
    #[error("a JSON patch is a list of operations: {0}")]
    Decode(String),
    /// An operation lacks a field.
    #[error("{operation} operation failed to decode {field}")]
    Field {
        /// The operation.
        operation: String,
        /// The field.
        field: &'static str,
    },
    /// An operation is not known.
    #[error("Unexpected kind: {0}")]
    Kind(String),
    /// The path of an operation leads to nothing.
    #[error("{operation} operation does not apply: doc is missing path: {path:?}")]
    MissingPath {
        /// The operation.
        operation: &'static str,
        /// The path.
        path: String,
    },
    /// A key or an index is not there.
    #[error("error in {operation} for path: '{path}': {reason}: {key}")]
    Key {
        /// The operation.
        operation: &'static str,
        /// The path.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
        /// The key or the index.
        key: String,
    },
    /// The patch makes too much, or something too deep.
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// A test failed.
    #[error("testing value {0} failed: test failed")]
    Test(String),
}

/// A list of operations.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct JsonPatch {
    operations: Vec<Json<'static>>,
}

impl JsonPatch {
    /// Reads a patch: JSON if it begins with `[`, else the first document of YAML.
    pub(crate) fn parse(text: &str) -> Result<Self, JsonPatchError> {
        let fail = |error: String| JsonPatchError::Decode(error);
        let value: Json<'static> = if text.starts_with('[') {
            let value: serde_json::Value =
                serde_json::from_str(text).map_err(|error| fail(error.to_string()))?;
            from_serde(value)
        } else {
            decode(text, Mode::Lenient).map_err(|error| fail(error.to_string()))?
        };
        let operations = match value {
            Json::Null => Vec::new(),
            Json::Seq(operations) => operations,
            other => return Err(fail(format!("found {}", crate::yaml::to_json_text(&other)))),
        };
        match operations.iter().find(|operation| !matches!(operation, Json::Map(_) | Json::Null)) {
            Some(other) => Err(fail(format!("found {}", crate::yaml::to_json_text(other)))),
            None => Ok(Self { operations }),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// Applies all operations.
    ///
    /// Mirrors `patch.go` of gopkg.in/evanphx/json-patch.v4 v4.13.0: `replace` sets a key that is missing, indices may be
    /// negative.
    pub(crate) fn apply(
        &self,
        document: &mut Json<'static>,
        copied: &Copied,
    ) -> Result<(), JsonPatchError> {
        let apply = |operation| Operation(operation).apply(document, copied);
        self.operations.iter().try_for_each(apply)
    }
}

/// Recursion is as deep as `serde_json` allows.
fn from_serde(value: serde_json::Value) -> Json<'static> {
    match value {
        serde_json::Value::Null => Json::Null,
        serde_json::Value::Bool(value) => Json::Bool(value),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(value), _) => Json::Int(value),
            (None, Some(value)) => Json::Uint(value),
            (None, None) => Json::Float(number.as_f64().unwrap_or(0.0)),
        },
        serde_json::Value::String(text) => Json::Str(Cow::Owned(text)),
        serde_json::Value::Array(items) => Json::Seq(items.into_iter().map(from_serde).collect()),
        serde_json::Value::Object(entries) => {
            let mut entries: Vec<_> = entries
                .into_iter()
                .map(|(key, value)| (Cow::Owned(key), from_serde(value)))
                .collect();
            entries.sort_by(|(one, _), (other, _): &(Cow<'_, str>, _)| one.cmp(other));
            Json::Map(entries)
        }
    }
}

struct Operation<'o>(&'o Json<'static>);

impl Operation<'_> {
    fn text(&self, field: &'static str) -> Option<&str> {
        match self.0.get(field) {
            Some(Json::Str(text)) => Some(text),
            _ => None,
        }
    }

    fn required(&self, field: &'static str) -> Result<&str, JsonPatchError> {
        let operation = || self.text("op").unwrap_or("unknown").to_owned();
        self.text(field).ok_or_else(|| JsonPatchError::Field { operation: operation(), field })
    }

    /// The value that is put at a path.
    fn value(&self, path: &str, copied: &Copied) -> Result<Json<'static>, Exceeded> {
        let value = self.0.get("value").unwrap_or(&Json::Null);
        count(value, path, copied)?;
        Ok(value.clone())
    }

    fn apply(&self, document: &mut Json<'static>, copied: &Copied) -> Result<(), JsonPatchError> {
        match self.text("op").unwrap_or("unknown") {
            "add" => {
                let path = self.required("path")?;
                add(document, "add", path, self.value(path, copied)?)
            }
            "remove" => remove(document, "remove", self.required("path")?),
            "replace" => {
                let path = self.required("path")?;
                replace(document, path, self.value(path, copied)?)
            }
            "move" => {
                let from = self.required("from")?;
                let value = get(document, "move", from)?.cloned().unwrap_or(Json::Null);
                remove(document, "move", from)?;
                let path = self.required("path")?;
                count(&value, path, copied)?;
                add(document, "move", path, value)
            }
            "test" => self.test(document),
            "copy" => {
                let value = get(document, "copy", self.required("from")?)?;
                let path = self.required("path")?;
                count(value.unwrap_or(&Json::Null), path, copied)?;
                let value = value.cloned().unwrap_or(Json::Null);
                add(document, "copy", path, value)
            }
            other => Err(JsonPatchError::Kind(other.to_owned())),
        }
    }

    fn test(&self, document: &mut Json<'static>) -> Result<(), JsonPatchError> {
        let path = self.required("path")?;
        let found = if path.is_empty() {
            Some(document.clone())
        } else {
            get(document, "test", path)?.filter(|found| **found != Json::Null).cloned()
        };
        let is_same = match (&found, self.0.get("value")) {
            (None, wanted) => wanted.is_none_or(|wanted| *wanted == Json::Null),
            (Some(_), None) => false,
            (Some(found), Some(wanted)) => equal(found, wanted),
        };
        if is_same { Ok(()) } else { Err(JsonPatchError::Test(path.to_owned())) }
    }
}

/// Counts a value before it is put at a path.
fn count(value: &Json<'_>, path: &str, copied: &Copied) -> Result<(), Exceeded> {
    copied.add(size(value, path.matches('/').count())?)
}

/// About the bytes of a value; recursion is bounded by [`limits::DEPTH`].
fn size(value: &Json<'_>, depth: usize) -> Result<usize, Exceeded> {
    limits::depth(depth)?;
    let inside = match value {
        Json::Str(text) => text.len(),
        Json::Seq(items) => {
            items.iter().try_fold(0, |sum, item| Ok(sum + size(item, depth + 1)?))?
        }
        Json::Map(entries) => entries
            .iter()
            .try_fold(0, |sum, (key, value)| Ok(sum + key.len() + size(value, depth + 1)?))?,
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::Uint(_) | Json::Float(_) => 0,
    };
    Ok(Copied::NODE + inside)
}

/// Numbers are the same when they are written the same.
fn equal(one: &Json<'_>, other: &Json<'_>) -> bool {
    crate::yaml::to_json_text(one) == crate::yaml::to_json_text(other)
}

type Value = Json<'static>;

/// Finds what holds the end of a path, and the key there.
fn container<'d>(
    document: &'d mut Value,
    operation: &'static str,
    path: &str,
) -> Result<(&'d mut Value, String), JsonPatchError> {
    let missing = || JsonPatchError::MissingPath { operation, path: path.to_owned() };
    let mut parts = path.split('/').skip(1).map(unescape).peekable();
    if parts.peek().is_none() {
        return Err(missing());
    }
    let mut here = document;
    loop {
        let part = parts.next().unwrap_or_default();
        if parts.peek().is_none() {
            return match here {
                Json::Map(_) | Json::Seq(_) => Ok((here, part)),
                _ => Err(missing()),
            };
        }
        here = match here {
            Json::Map(entries) => entries
                .iter_mut()
                .find(|(key, _)| *key == part)
                .map(|(_, value)| value)
                .ok_or_else(missing)?,
            Json::Seq(items) => {
                let at = index(&part, items.len()).ok_or_else(missing)?;
                items.get_mut(at).ok_or_else(missing)?
            }
            _ => return Err(missing()),
        };
    }
}

fn unescape(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

/// Reads an index, which counts from the end if it is negative.
fn index(part: &str, length: usize) -> Option<usize> {
    let number: i64 = part.parse().ok()?;
    if number >= 0 {
        return usize::try_from(number).ok();
    }
    length.checked_sub(usize::try_from(number.unsigned_abs()).ok()?)
}

fn wrong_key(
    operation: &'static str,
    path: &str,
    key: &str,
    reason: &'static str,
) -> JsonPatchError {
    JsonPatchError::Key { operation, path: path.to_owned(), reason, key: key.to_owned() }
}

const INVALID_INDEX: &str = "Unable to access invalid index";

fn get<'d>(
    document: &'d mut Value,
    operation: &'static str,
    path: &str,
) -> Result<Option<&'d Value>, JsonPatchError> {
    let (container, key) = container(document, operation, path)?;
    match container {
        Json::Seq(items) => {
            let found = index(&key, items.len()).and_then(|at| items.get(at));
            found.map(Some).ok_or_else(|| wrong_key(operation, path, &key, INVALID_INDEX))
        }
        other => Ok(other.get(&key)),
    }
}

fn set(entries: &mut Vec<(Cow<'static, str>, Value)>, key: String, value: Value) {
    match entries.binary_search_by(|(known, _)| known.as_ref().cmp(&key)) {
        Ok(at) => entries[at].1 = value,
        Err(at) => entries.insert(at, (Cow::Owned(key), value)),
    }
}

fn add(
    document: &mut Value,
    operation: &'static str,
    path: &str,
    value: Value,
) -> Result<(), JsonPatchError> {
    let (container, key) = container(document, operation, path)?;
    match container {
        Json::Map(entries) => set(entries, key, value),
        Json::Seq(items) if key == "-" => items.push(value),
        Json::Seq(items) => {
            let at = index(&key, items.len() + 1).filter(|at| *at <= items.len());
            let at = at.ok_or_else(|| wrong_key(operation, path, &key, INVALID_INDEX))?;
            items.insert(at, value);
        }
        _ => {}
    }
    Ok(())
}

fn remove(document: &mut Value, operation: &'static str, path: &str) -> Result<(), JsonPatchError> {
    let (container, key) = container(document, operation, path)?;
    match container {
        Json::Map(entries) => {
            let at = entries.iter().position(|(known, _)| *known == key);
            let reason = "Unable to remove nonexistent key";
            let at = at.ok_or_else(|| wrong_key(operation, path, &key, reason))?;
            entries.remove(at);
        }
        Json::Seq(items) => {
            let at = index(&key, items.len()).filter(|at| *at < items.len());
            let at = at.ok_or_else(|| wrong_key(operation, path, &key, INVALID_INDEX))?;
            items.remove(at);
        }
        _ => {}
    }
    Ok(())
}

fn replace(document: &mut Value, path: &str, value: Value) -> Result<(), JsonPatchError> {
    if path.is_empty() {
        return match value {
            Json::Map(_) | Json::Seq(_) => {
                *document = value;
                Ok(())
            }
            _ => Err(wrong_key("replace", path, "", "value must be object or array")),
        };
    }
    let (container, key) = container(document, "replace", path)?;
    match container {
        Json::Map(entries) => set(entries, key, value),
        Json::Seq(items) => {
            let at = index(&key, items.len()).filter(|at| *at < items.len());
            let at = at.ok_or_else(|| wrong_key("replace", path, &key, "doc is missing key"))?;
            items[at] = value;
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patched(document: &str, patch: &str) -> Result<String, String> {
        let mut document: Json<'static> = decode(document, Mode::Lenient).unwrap();
        let patch = JsonPatch::parse(patch).map_err(|error| error.to_string())?;
        patch.apply(&mut document, &Copied::default()).map_err(|error| error.to_string())?;
        Ok(crate::yaml::to_json_text(&document))
    }

    #[test]
    fn operations_are_those_of_the_library_that_kustomize_uses() {
        for (document, patch, want) in [
            ("{a: 1}", "[{op: replace, path: /b, value: 2}]\n", "{\"a\":1,\"b\":2}"),
            ("{a: [1, 2]}", "- {op: add, path: /a/-, value: 3}", "{\"a\":[1,2,3]}"),
            ("{a: [1, 2]}", "- {op: add, path: /a/-1, value: 3}", "{\"a\":[1,2,3]}"),
            ("{a: [1, 2]}", "- {op: remove, path: /a/-1}", "{\"a\":[1]}"),
            ("{a/b: 1}", "- {op: move, from: /a~1b, path: /c}", "{\"c\":1}"),
            ("{a: 1}", "- {op: copy, from: /a, path: /b}", "{\"a\":1,\"b\":1}"),
            ("{a: 1}", "- {op: test, path: /b, value: null}", "{\"a\":1}"),
        ] {
            let patch =
                patch.strip_prefix('[').map_or(patch.to_owned(), |rest| format!(" [{rest}"));
            assert_eq!(patched(document, &patch).as_deref(), Ok(want), "{patch}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = patched("{a: 1}", "- {op: remove, path: /b}").unwrap_err();
        assert_eq!(error, "error in remove for path: '/b': Unable to remove nonexistent key: b");
        let error = patched("{a: 1}", "- {op: add, path: /b/c, value: 1}").unwrap_err();
        assert_eq!(error, "add operation does not apply: doc is missing path: \"/b/c\"");
        assert!(patched("{a: 1}", "[{op: add}]").is_err(), "no JSON");
    }
}
