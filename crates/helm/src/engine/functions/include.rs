//! Templates inside templates.

use std::ops::Range;

use memchr::memmem;
use sealift_gotemplate::{Context, Error, FunctionError, Functions, Output, Str, Type, Value};

use super::two;
use crate::engine::{SET, quoted};

/// What Go prints for a value that is not there, and Helm takes away again.
const NO_VALUE: &[u8] = b"<no value>";

pub(super) fn insert(functions: &mut Functions) {
    functions.insert("include", two([Type::String, Type::Any], Type::String, include));
    functions.insert("tpl", two([Type::String, Type::Any], Type::String, tpl));
}

fn include(context: &mut Context<'_>, name: &Value, data: &Value) -> Result<Value, FunctionError> {
    let name = text(name);
    if !context.contains(name.as_bytes()) {
        let name = quoted(&name.to_text());
        return Err(format!(
            "template: no template {name} associated with template {}",
            quoted(SET)
        )
        .into());
    }
    Ok(context.execute(name, data)?.into())
}

/// Executes a text as a template that is called what the set is called.
fn tpl(context: &mut Context<'_>, source: &Value, data: &Value) -> Result<Value, FunctionError> {
    let source = text(source);
    let wrapped = |error: Error| {
        let shown = quoted(&source.to_text());
        let prefix = if error.place().column.is_none() {
            format!("cannot parse template {shown}: ")
        } else {
            format!("error during tpl function execution for {shown}: ")
        };
        FunctionError::Wrapped { prefix, error }
    };
    let rendered = context.execute_text(SET, source.clone(), data).map_err(wrapped)?;
    Ok(without_no_value(rendered).into())
}

fn text(value: &Value) -> Str {
    value.as_str().cloned().unwrap_or_else(|| Str::from(""))
}

/// Returns where a text has what stands for values that are not there.
pub(in crate::engine) fn no_values(text: &Str) -> impl Iterator<Item = Range<usize>> + '_ {
    memmem::find_iter(text.as_bytes(), NO_VALUE).map(|at| at..at + NO_VALUE.len())
}

/// Returns a text without what stands for values that are not there.
pub(in crate::engine) fn without_no_value(text: Str) -> Str {
    if no_values(&text).next().is_none() {
        return text;
    }
    let mut output = Output::new();
    let mut from = 0;
    for place in no_values(&text) {
        output.push_str(&text.part(from..place.start));
        from = place.end;
    }
    output.push_str(&text.part(from..text.len()));
    output.into_str()
}
