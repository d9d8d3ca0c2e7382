//! `.Files`.
//!
//! Mirrors `pkg/engine/files.go` of Helm 4.2.4.

use std::rc::Rc;

use sealift_gotemplate::{
    Context, Function, FunctionError, List, Map, Named, Signature, Str, Type, Value,
};
use sealift_sprig::base64;

use super::Objects;
use crate::chart::File;
use crate::engine::functions::to_yaml;
use crate::engine::glob::Glob;
use crate::engine::scope::base_name;
use crate::profile::Rules;

/// Returns the type `engine.files`.
pub(super) fn named(rules: &Rules) -> Rc<Named> {
    let fails = rules.fails_at_lines_of_nothing;
    Named::new("engine.files", Type::map(Type::Bytes), move |value, name| {
        let Type::Named(named) = value.kind() else { return None };
        let map = value.as_map().cloned().unwrap_or_else(|| Map::named(Rc::clone(&named)));
        method(map, named, name, fails)
    })
}

impl Objects {
    /// Returns an `engine.files`.
    pub(in crate::engine) fn files(&self, files: &[File]) -> Value {
        let map = Map::named(Rc::clone(&self.files));
        for file in files {
            map.insert(&*file.name, Value::Bytes(file.data.clone()));
        }
        map.into()
    }
}

fn method(files: Map, named: Rc<Named>, name: &str, fails_at_no_lines: bool) -> Option<Function> {
    let by_name = |result| Signature::new([Type::String], result);
    let alone = || Signature::new([], Type::String);
    Some(match name {
        "AsConfig" => Function::new(alone(), move |context, _| flat(&files, context, Str::clone)),
        "AsSecrets" => Function::new(alone(), move |context, _| {
            flat(&files, context, |data| data.derive(base64(data.as_bytes())))
        }),
        "Get" => Function::new(by_name(Type::String), move |_, arguments| {
            Ok(get(&files, arguments).unwrap_or_else(|| Str::from("")).into())
        }),
        "GetBytes" => Function::new(by_name(Type::Bytes), move |_, arguments| {
            Ok(Value::Bytes(get(&files, arguments).unwrap_or_else(|| Str::from(""))))
        }),
        "Glob" => {
            Function::new(by_name(Type::Named(Rc::clone(&named))), move |context, arguments| {
                matching(&files, &named, context, arguments)
            })
        }
        "Lines" => Function::new(by_name(Type::list(Type::String)), move |_, arguments| {
            lines(&files, arguments, fails_at_no_lines)
        }),
        _ => return None,
    })
}

fn get(files: &Map, arguments: &[Value]) -> Option<Str> {
    match files.get(arguments.first()?.as_str()?.as_bytes())? {
        Value::Bytes(data) => Some(data),
        _ => None,
    }
}

/// Returns the files as YAML, by the last part of their names.
///
/// Of files with the same one, the last by its whole name stays; in Go, chance decides.
fn flat(
    files: &Map,
    context: &Context<'_>,
    text: impl Fn(&Str) -> Str,
) -> Result<Value, FunctionError> {
    let map = Map::typed(Type::String);
    for (name, data) in files.entries().iter() {
        if let Value::Bytes(data) = data {
            let name = name.to_text();
            let base = base_name(name.trim_end_matches('/'));
            map.insert(if base.is_empty() { "." } else { base }, text(data));
        }
    }
    to_yaml(&map.into(), context)
}

fn matching(
    files: &Map,
    named: &Rc<Named>,
    context: &Context<'_>,
    arguments: &[Value],
) -> Result<Value, FunctionError> {
    let pattern = arguments.first().and_then(Value::as_str).cloned().unwrap_or_else(|| "".into());
    let glob = Glob::new(&pattern.to_text());
    let found = Map::named(Rc::clone(named));
    for (name, data) in files.entries().iter() {
        context.spend(1)?;
        if glob.matches(&name.to_text(), context.budget())? {
            found.insert(name.clone(), data.clone());
        }
    }
    Ok(found.into())
}

fn lines(files: &Map, arguments: &[Value], fails: bool) -> Result<Value, FunctionError> {
    let strings = |texts: Vec<Value>| List::typed(Type::String, texts).into();
    let Some(data) = get(files, arguments) else { return Ok(strings(Vec::new())) };
    let bytes = data.as_bytes();
    if bytes.is_empty() {
        return if fails {
            Err("runtime error: index out of range [-1]".into())
        } else {
            Ok(strings(Vec::new()))
        };
    }
    let end = bytes.len() - usize::from(bytes.ends_with(b"\n"));
    let mut lines = Vec::new();
    let mut start = 0;
    for newline in (0..end).filter(|&at| bytes[at] == b'\n').chain([end]) {
        lines.push(data.part(start..newline).into());
        start = newline + 1;
    }
    Ok(strings(lines))
}
