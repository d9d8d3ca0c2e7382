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
            refuse_nothing(value)?;
            or_said(write::write(value, context.budget()), Value::from)
        }),
    );
    if rules.has_must_to {
        functions.insert("mustToToml", one(Type::Any, Type::String, must_to_toml));
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

fn must_to_toml(context: &mut Context<'_>, value: &Value) -> Result<Value, FunctionError> {
    refuse_nothing(value)?;
    write::write(value, context.budget())
}

/// Returns what Go's `reflect` says of `nil`, over which the Go package stumbles.
fn refuse_nothing(value: &Value) -> Result<(), FunctionError> {
    match value {
        Value::Nil => Err("reflect: call of reflect.Value.Type on zero Value".into()),
        _ => Ok(()),
    }
}
