//! The type of `.Values`, with its methods.
//!
//! Mirrors `pkg/chart/common/values.go` of Helm 4.2.4.

use std::rc::Rc;

use sealift_gotemplate::{
    Context, Function, FunctionError, Map, Named, Signature, Str, Type, Value,
};
use sealift_goyaml::Limits;

use crate::engine::quoted;
use crate::engine::tree::Tree;
use crate::profile::Rules;

/// Returns the type, such as `common.Values`.
pub(super) fn named(rules: &Rules) -> Rc<Named> {
    Named::new(&format!("{}.Values", rules.values_package), Type::dict(), |value, name| {
        method(value, name)
    })
}

fn method(value: &Value, name: &str) -> Option<Function> {
    let Type::Named(named) = value.kind() else { return None };
    let own = value.as_map().cloned();
    let map = own.clone().unwrap_or_else(|| Map::named(Rc::clone(&named)));
    let signature = |params: &[Type], result| Signature::new(params.to_vec(), result);
    let text = |arguments: &[Value]| arguments.first().and_then(Value::as_str).cloned();
    Some(match name {
        "AsMap" => Function::new(signature(&[], Type::dict()), move |_, _| {
            Ok(if map.is_empty() { Map::new() } else { map.unnamed() }.into())
        }),
        "Encode" => {
            let writer = Type::Object("io.Writer".into());
            Function::new(signature(&[writer], Type::Any), |_, _| Ok(Value::Nil))
        }
        "PathValue" => Function::new(signature(&[Type::String], Type::Any), move |_, arguments| {
            let path = text(arguments).unwrap_or_else(|| Str::from(""));
            Ok(path_value(&map, &path.to_text())?)
        }),
        "Table" => {
            let result = Type::Named(named);
            Function::new(signature(&[Type::String], result), move |_, arguments| {
                let path = text(arguments).unwrap_or_else(|| Str::from(""));
                Ok(table(&map, &path.to_text())?.into())
            })
        }
        "YAML" => Function::new(signature(&[], Type::String), move |context, _| {
            let value = own.clone().map_or(Value::Nil, Value::Map);
            yaml(&value, context)
        }),
        _ => return None,
    })
}

fn yaml(value: &Value, context: &Context<'_>) -> Result<Value, FunctionError> {
    let tree = Tree::of(value, context.budget())?;
    let limits =
        Limits { input_bytes: context.budget().limits().string_bytes, ..Limits::default() };
    let text = sealift_goyaml::to_yaml(&tree, &limits).map_err(|error| error.to_string())?;
    Ok(text.into())
}

/// Returns a map inside others, by the path of its keys, as one of the same type.
///
/// # Errors
///
/// Helm's text, when there is no map at the end of the path.
pub(in crate::engine) fn table(values: &Map, path: &str) -> Result<Map, String> {
    let Type::Named(named) = Value::Map(values.clone()).kind() else {
        return Err(format!("{} is not a table", quoted(path)));
    };
    path.split('.').try_fold(values.clone(), |table, key| match table.get(key) {
        Some(Value::Map(inner)) if matches!(inner.elem(), Type::Any) => {
            Ok(inner.as_named(Rc::clone(&named)))
        }
        _ => Err(format!("{} is not a table", quoted(key))),
    })
}

/// Returns what is no map at the end of a path of keys.
fn path_value(values: &Map, path: &str) -> Result<Value, String> {
    if path.is_empty() {
        return Err("YAML path cannot be empty".to_owned());
    }
    let (tables, key) =
        path.rsplit_once('.').map_or((None, path), |(tables, key)| (Some(tables), key));
    let no_value = || format!("{} is not a value", quoted(key));
    let table = match tables {
        Some(path) => table(values, path).map_err(|_| no_value())?,
        None => values.clone(),
    };
    match table.get(key) {
        Some(Value::Map(map)) if matches!(Value::Map(map.clone()).kind(), Type::Map(_)) => {
            Err(no_value())
        }
        Some(value) => Ok(value),
        None => Err(no_value()),
    }
}
