//! JSON. Writing it is Sprig's: what Helm puts in its place does the same.

use sealift_gotemplate::{Context, FunctionError, Functions, List, Map, Str, Type, Value};
use sealift_sprig::json;

use super::one;

pub(super) fn insert(functions: &mut Functions) {
    functions.insert(
        "fromJson",
        one(Type::String, Type::dict(), |context, text| {
            let read = read(text, context).and_then(as_map);
            or_said(read, |message| Map::from_iter([("Error", message)]).into())
        }),
    );
    let list = Type::list(Type::Any);
    functions.insert(
        "fromJsonArray",
        one(Type::String, list, |context, text| {
            let read = read(text, context).and_then(as_list);
            or_said(read, |message| List::new(vec![message.into()]).into())
        }),
    );
}

fn read(text: &Value, context: &Context<'_>) -> Result<Value, FunctionError> {
    json::read(text.as_str().unwrap_or(&Str::from("")), context.budget())
}

/// Returns a value as `map[string]interface {}`: `nil` for null.
///
/// # Errors
///
/// With the text of Go's `encoding/json`, when it is something else.
pub(super) fn as_map(value: Value) -> Result<Value, FunctionError> {
    match value {
        Value::Nil => Ok(Value::zero(&Type::dict())),
        Value::Map(_) => Ok(value),
        other => Err(mismatch(&other, &Type::dict())),
    }
}

/// Returns a value as `[]interface {}`: `nil` for null.
///
/// # Errors
///
/// With the text of Go's `encoding/json`, when it is something else.
pub(super) fn as_list(value: Value) -> Result<Value, FunctionError> {
    match value {
        Value::Nil => Ok(Value::zero(&Type::list(Type::Any))),
        Value::List(_) => Ok(value),
        other => Err(mismatch(&other, &Type::list(Type::Any))),
    }
}

fn mismatch(value: &Value, wanted: &Type) -> FunctionError {
    let found = match value {
        Value::Bool(_) => "bool",
        Value::List(_) => "array",
        Value::Map(_) => "object",
        Value::Str(_) => "string",
        _ => "number",
    };
    format!("json: cannot unmarshal {found} into Go value of type {wanted}").into()
}

/// Returns what was read, or what templates get in place of it: the error as a value.
///
/// # Errors
///
/// A limit.
pub(super) fn or_said(
    read: Result<Value, FunctionError>,
    said: impl FnOnce(String) -> Value,
) -> Result<Value, FunctionError> {
    match read {
        Err(FunctionError::Message(message)) => Ok(said(message)),
        other => other,
    }
}
