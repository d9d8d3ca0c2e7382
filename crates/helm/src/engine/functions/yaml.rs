//! YAML, by sigs.k8s.io/yaml.

use sealift_gotemplate::{Context, FunctionError, Functions, Limit, List, Map, Str, Type, Value};
use sealift_goyaml::{EmitError, Limits};

use super::json::{as_list, as_map, or_said};
use super::one;
use crate::engine::tree::Tree;
use crate::profile::Rules;
use crate::{utf8, values};

pub(super) fn insert(functions: &mut Functions, rules: &Rules) {
    functions
        .insert("toYaml", one(Type::Any, Type::String, |context, value| to_yaml(value, context)));
    if rules.has_must_to {
        let must = one(Type::Any, Type::String, |context, value| must_to_yaml(value, context));
        functions.insert("mustToYaml", must);
    }
    let pretty = one(Type::Any, Type::String, |context, value| {
        let written = Tree::plain(value, context.budget()).and_then(|tree| {
            written(&tree, |tree, limits| sealift_goyaml::to_yaml_v3(tree, limits), context)
        });
        or_nothing(written)
    });
    functions.insert("toYamlPretty", pretty);
    functions.insert(
        "fromYaml",
        one(Type::String, Type::dict(), |context, text| {
            let read = read(text, context, as_map, || Map::new().into());
            or_said(read, |message| Map::from_iter([("Error", message)]).into())
        }),
    );
    let list = Type::list(Type::Any);
    functions.insert(
        "fromYamlArray",
        one(Type::String, list, |context, text| {
            let read = read(text, context, as_list, || List::new(Vec::new()).into());
            or_said(read, |message| List::new(vec![message.into()]).into())
        }),
    );
}

/// Returns a value as YAML; nothing for one that has none.
///
/// # Errors
///
/// A limit.
pub(in crate::engine) fn to_yaml(
    value: &Value,
    context: &Context<'_>,
) -> Result<Value, FunctionError> {
    or_nothing(must_to_yaml(value, context))
}

fn must_to_yaml(value: &Value, context: &Context<'_>) -> Result<Value, FunctionError> {
    let tree = Tree::of(value, context.budget())?;
    written(&tree, |tree, limits| sealift_goyaml::to_yaml(tree, limits), context)
}

/// Returns nothing in place of an error, unless that is a limit other than that of depth,
/// which is how a value is found to contain itself.
fn or_nothing(written: Result<Value, FunctionError>) -> Result<Value, FunctionError> {
    match written {
        Err(FunctionError::Message(_) | FunctionError::Limit(Limit::ValueDepth(_))) => {
            Ok("".into())
        }
        other => other,
    }
}

/// Returns what is written of a value, without the line end at its end.
fn written(
    tree: &Tree,
    write: impl FnOnce(&Tree, &Limits) -> Result<String, EmitError>,
    context: &Context<'_>,
) -> Result<Value, FunctionError> {
    let most = context.budget().limits().string_bytes;
    match write(tree, &Limits { input_bytes: most, ..Limits::default() }) {
        Ok(mut text) => {
            if text.ends_with('\n') {
                text.pop();
            }
            Ok(text.into())
        }
        Err(EmitError::OutputBytes { .. }) => Err(Limit::StringBytes(most).into()),
        Err(error) => Err(error.to_string().into()),
    }
}

/// Returns the first document of a text as a value of the wanted kind; nothing for null,
/// which sigs.k8s.io/yaml does not let through to the value.
fn read(
    text: &Value,
    context: &Context<'_>,
    wanted: fn(Value) -> Result<Value, FunctionError>,
    nothing: fn() -> Value,
) -> Result<Value, FunctionError> {
    let text = text.as_str().cloned().unwrap_or_else(|| Str::from(""));
    let budget = context.budget();
    budget.spend(text.len() as u64 / 16)?;
    let converting = |what: String| format!("error converting YAML to JSON: {what}");
    let source = utf8::text(text.as_bytes())
        .map_err(|found| converting(format!("yaml: {}", found.problem)))?;
    let failed = |error: sealift_goyaml::Error| converting(error.go_text());
    let value = match sealift_goyaml::first(source, &Limits::default()).map_err(failed)? {
        Some(node) => values::value(&node).map_err(failed)?,
        None => Value::Nil,
    };
    if matches!(value, Value::Nil) {
        return Ok(nothing());
    }
    wanted(value).map_err(|error| match error {
        FunctionError::Message(message) => {
            format!("error unmarshaling JSON: while decoding JSON: {message}").into()
        }
        other => other,
    })
}
