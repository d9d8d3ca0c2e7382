//! Values in place of others.

use sealift_gotemplate::{FunctionError, Str, Value};

use crate::table::Table;

pub(super) fn insert(table: &mut Table<'_>) {
    table.one_many("default", |_, other: Value, given: Vec<Value>| {
        Ok(given.into_iter().next().filter(Value::is_true).unwrap_or(other))
    });
    table.one("empty", |_, value: Value| Ok(!value.is_true()));
    table.many("coalesce", |_, values: Vec<Value>| {
        Ok(values.into_iter().find(Value::is_true).unwrap_or(Value::Nil))
    });
    table.many("all", |_, values: Vec<Value>| Ok(values.iter().all(Value::is_true)));
    table.many("any", |_, values: Vec<Value>| Ok(values.iter().any(Value::is_true)));
    table.three("ternary", |_, yes: Value, no: Value, is_yes: bool| {
        Ok(if is_yes { yes } else { no })
    });
    table.one("fail", |_, message: Str| {
        Err::<Str, _>(FunctionError::from(message.to_text().into_owned()))
    });
}
