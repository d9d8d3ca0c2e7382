//! TOML, as github.com/BurntSushi/toml v1.6.0 writes and reads it.

mod read;
mod write;

use sealift_gotemplate::{Context, FunctionError, Functions, Map, Str, Type, Value};

use super::json::or_said;
use super::one;
use crate::profile::Rules;

pub(super) fn insert(functions: &mut Functions, rules: &Rules) {
    functions.insert(
        "toToml",
        one(Type::Any, Type::String, |context, value| {
            or_said(written(context, value), Value::from)
        }),
    );
    if rules.has_must_to {
        functions.insert("mustToToml", one(Type::Any, Type::String, written));
    }
    functions.insert(
        "fromToml",
        one(Type::String, Type::dict(), |context, text| {
            let text = text.as_str().cloned().unwrap_or_else(|| Str::from(""));
            let read = read::read(&text, context.budget());
            or_said(read, |message| Map::from_iter([("Error", message)]).into())
        }),
    );
}

fn written(context: &mut Context<'_>, value: &Value) -> Result<Value, FunctionError> {
    write::write(value, context.budget())
}
