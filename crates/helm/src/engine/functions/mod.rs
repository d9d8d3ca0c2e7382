//! The functions that Helm adds to Sprig's, a file for each family.
//!
//! Mirrors `pkg/engine/funcs.go` and the functions of `pkg/engine/engine.go` of Helm
//! 4.2.4 and 3.21.4.

mod cluster;
mod demand;
mod include;
mod json;
mod toml;
mod yaml;

use sealift_gotemplate::{Context, Function, FunctionError, Functions, Signature, Type, Value};

use crate::profile::Rules;
pub(super) use include::{no_values, without_no_value};
pub(super) use yaml::to_yaml;

/// Adds them, in place of Sprig's of the same name.
pub(super) fn insert(functions: &mut Functions, rules: &Rules) {
    cluster::insert(functions);
    demand::insert(functions);
    include::insert(functions);
    json::insert(functions);
    toml::insert(functions, rules);
    yaml::insert(functions, rules);
}

/// A function of one argument.
fn one<F>(param: Type, result: Type, body: F) -> Function
where
    F: Fn(&mut Context<'_>, &Value) -> Result<Value, FunctionError> + 'static,
{
    Function::new(Signature::new([param], result), move |context, arguments| {
        body(context, arguments.first().unwrap_or(&Value::Nil))
    })
}

/// A function of two arguments.
fn two<F>(params: [Type; 2], result: Type, body: F) -> Function
where
    F: Fn(&mut Context<'_>, &Value, &Value) -> Result<Value, FunctionError> + 'static,
{
    Function::new(Signature::new(params, result), move |context, arguments| match arguments {
        [first, second] => body(context, first, second),
        _ => Err("the arguments are not what the signature says".into()),
    })
}
