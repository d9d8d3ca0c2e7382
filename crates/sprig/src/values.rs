//! What Go's `reflect` and `fmt` tell about values.

use sealift_gotemplate::{Budget, Limit, Str, Type, Value, sprint, sprintf};

/// Returns the text of a value: sprig's `strval`.
pub(crate) fn text(value: &Value, budget: &Budget) -> Result<Str, Limit> {
    match value {
        Value::Str(text) | Value::Bytes(text) => Ok(text.clone()),
        value => sprint(std::slice::from_ref(value), budget.limits().string_bytes),
    }
}

/// Returns the text in quotes: `%q`.
pub(crate) fn quoted(text: &Str, budget: &Budget) -> Result<Str, Limit> {
    let most = budget.limits().string_bytes;
    sprintf(&Str::from("%q"), &[Value::Str(text.clone())], most)
}

/// Returns the name of the type: `%T`.
pub(crate) fn type_name(value: &Value) -> String {
    match value {
        Value::Nil => "<nil>".to_owned(),
        value => value.kind().to_string(),
    }
}

/// Returns the name of the kind: `reflect.ValueOf(v).Kind()`.
pub(crate) fn kind_name(value: &Value) -> String {
    match value {
        Value::Nil => "invalid".to_owned(),
        value => kind_of(&value.kind()),
    }
}

fn kind_of(kind: &Type) -> String {
    match kind {
        Type::Bytes | Type::List(_) => "slice".to_owned(),
        Type::Map(_) => "map".to_owned(),
        Type::Func(_) => "func".to_owned(),
        Type::Object(name) if name.starts_with('*') => "ptr".to_owned(),
        Type::Object(_) | Type::Reflect => "struct".to_owned(),
        Type::Any => "interface".to_owned(),
        Type::Named(named) => kind_of(named.underlying()),
        other => other.to_string(),
    }
}

/// Returns the elements of a slice; `None` for what is no slice.
pub(crate) fn elements(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::List(list) => Some(list.items().to_vec()),
        Value::Bytes(text) => Some(text.as_bytes().iter().map(|&byte| byte_value(byte)).collect()),
        Value::NilOf(kind) => (kind_of(kind) == "slice").then(Vec::new),
        _ => None,
    }
}

fn byte_value(byte: u8) -> Value {
    sealift_gotemplate::Number::Uint8(byte).into()
}
