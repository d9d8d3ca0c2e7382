//! Functions that end the rendering.

use sealift_gotemplate::{FunctionError, Functions, Type, Value};

use super::{one, two};
use crate::engine::error::marked;

pub(super) fn insert(functions: &mut Functions) {
    functions.insert("fail", one(Type::String, Type::String, |_, message| Err(said(message))));
    let required = two([Type::String, Type::Any], Type::Any, |_, message, value| match value {
        Value::Nil => Err(said(message)),
        Value::Str(text) if text.is_empty() => Err(said(message)),
        value => Ok(value.clone()),
    });
    functions.insert("required", required);
}

fn said(message: &Value) -> FunctionError {
    marked(&message.as_str().map(|text| text.to_text().into_owned()).unwrap_or_default()).into()
}
