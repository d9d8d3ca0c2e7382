//! Lists.

use sealift_gotemplate::{Budget, Context, List, Type, Value};

use crate::cast;
use crate::equality;
use crate::table::{Give, Items, Result, Table};
use crate::values::{elements, kind_name};

/// Go's `[][]interface {}`.
struct Chunks(Vec<Vec<Value>>);

impl Give for Chunks {
    fn kind() -> Type {
        Type::list(Type::list(Type::Any))
    }

    fn give(self) -> Value {
        let chunks = self.0.into_iter().map(|chunk| List::new(chunk).into()).collect();
        List::typed(Type::list(Type::Any), chunks).into()
    }
}

pub(super) fn insert(table: &mut Table<'_>) {
    for name in ["list", "tuple"] {
        table.many(name, |_, values: Vec<Value>| Ok(some(values)));
    }
    insert_ends(table);
    insert_parts(table);
    insert_members(table);
}

fn some(values: Vec<Value>) -> Items {
    Items(Some(values))
}

/// Returns the elements of a list, or sprig's error of which `wrong` is the beginning.
fn list(context: &Context<'_>, value: &Value, wrong: &str) -> Result<Vec<Value>> {
    if matches!(value, Value::Nil) {
        return Err("runtime error: invalid memory address or nil pointer dereference".into());
    }
    let len = value.as_list().map_or(0, List::len);
    context.budget().check_elements(len)?;
    context.spend(len as u64)?;
    elements(value).ok_or_else(|| format!("{wrong} {}", kind_name(value)).into())
}

fn insert_ends(table: &mut Table<'_>) {
    for name in ["append", "push", "mustAppend", "mustPush"] {
        table.two(name, |context, value: Value, item: Value| {
            let mut items = list(context, &value, "Cannot push on type")?;
            items.push(item);
            Ok(some(items))
        });
    }
    for name in ["prepend", "mustPrepend"] {
        table.two(name, |context, value: Value, item: Value| {
            let mut items = list(context, &value, "Cannot prepend on type")?;
            items.insert(0, item);
            Ok(some(items))
        });
    }
    for name in ["first", "mustFirst"] {
        table.one(name, |context, value: Value| {
            let items = list(context, &value, "Cannot find first on type")?;
            Ok(items.first().cloned().unwrap_or(Value::Nil))
        });
    }
    for name in ["last", "mustLast"] {
        table.one(name, |context, value: Value| {
            let items = list(context, &value, "Cannot find last on type")?;
            Ok(items.last().cloned().unwrap_or(Value::Nil))
        });
    }
}

fn insert_parts(table: &mut Table<'_>) {
    for name in ["rest", "mustRest"] {
        table.one(name, |context, value: Value| {
            let items = list(context, &value, "Cannot find rest on type")?;
            Ok(Items((!items.is_empty()).then(|| items[1..].to_vec())))
        });
    }
    for name in ["initial", "mustInitial"] {
        table.one(name, |context, value: Value| {
            let mut items = list(context, &value, "Cannot find initial on type")?;
            Ok(Items(items.pop().map(|_| items)))
        });
    }
    for name in ["reverse", "mustReverse"] {
        table.one(name, |context, value: Value| {
            let mut items = list(context, &value, "Cannot find reverse on type")?;
            items.reverse();
            Ok(some(items))
        });
    }
    for name in ["slice", "mustSlice"] {
        table.one_many(name, slice);
    }
    for name in ["chunk", "mustChunk"] {
        table.two(name, chunk);
    }
    table.many("concat", concat);
}

fn insert_members(table: &mut Table<'_>) {
    for name in ["compact", "mustCompact"] {
        table.one(name, |context, value: Value| {
            let items = list(context, &value, "Cannot compact on type")?;
            Ok(some(items.into_iter().filter(Value::is_true).collect()))
        });
    }
    for name in ["uniq", "mustUniq"] {
        table.one(name, |context, value: Value| {
            let items = list(context, &value, "Cannot find uniq on type")?;
            Ok(some(unique(items, context.budget())?))
        });
    }
    for name in ["without", "mustWithout"] {
        table.one_many(name, |context, value: Value, omitted: Vec<Value>| {
            let items = list(context, &value, "Cannot find without on type")?;
            let mut kept = Vec::new();
            for item in items {
                if !contains(&omitted, &item, context.budget())? {
                    kept.push(item);
                }
            }
            Ok(some(kept))
        });
    }
    for name in ["has", "mustHas"] {
        table.two(name, |context, item: Value, value: Value| match value {
            Value::Nil => Ok(false),
            value => {
                let items = list(context, &value, "Cannot find has on type")?;
                contains(&items, &item, context.budget())
            }
        });
    }
}

fn unique(items: Vec<Value>, budget: &Budget) -> Result<Vec<Value>> {
    let mut kept = Vec::new();
    for item in items {
        if !contains(&kept, &item, budget)? {
            kept.push(item);
        }
    }
    Ok(kept)
}

fn contains(items: &[Value], item: &Value, budget: &Budget) -> Result<bool> {
    for other in items {
        if equality::equal(item, other, budget)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn slice(context: &mut Context<'_>, value: Value, indices: Vec<Value>) -> Result<Value> {
    let items = list(context, &value, "list should be type of slice or array but")?;
    if items.is_empty() {
        return Ok(Value::Nil);
    }
    let start = indices.first().map_or(0, cast::whole);
    let end = indices.get(1).map(cast::whole);
    let end = end.map_or(Ok(items.len()), usize::try_from);
    let part = match (usize::try_from(start), end) {
        (Ok(start), Ok(end)) => items.get(start..end),
        _ => None,
    };
    let Some(part) = part else {
        return Err("reflect.Value.Slice: slice index out of bounds".into());
    };
    Ok(match &value {
        Value::Bytes(text) => {
            let start = usize::try_from(start).unwrap_or(0);
            Value::Bytes(text.part(start..start + part.len()))
        }
        value => match value.kind() {
            Type::Named(named) => List::named(named, part.to_vec()).into(),
            Type::List(elem) => List::typed(Type::clone(&elem), part.to_vec()).into(),
            _ => List::new(part.to_vec()).into(),
        },
    })
}

fn chunk(context: &mut Context<'_>, size: i64, value: Value) -> Result<Chunks> {
    let items = list(context, &value, "Cannot chunk type")?;
    let size = match usize::try_from(size) {
        Ok(size) if size > 0 => size,
        _ => return chunk_backwards(items, size),
    };
    Ok(Chunks(items.chunks(size).map(<[Value]>::to_vec).collect()))
}

/// What Go's arithmetic gives for a size that is not positive: at most one element.
fn chunk_backwards(items: Vec<Value>, size: i64) -> Result<Chunks> {
    let distance = usize::try_from(size.unsigned_abs()).unwrap_or(usize::MAX);
    match items.len() {
        0 => {}
        1 if size < -1 => return Ok(Chunks(vec![items])),
        len if size < 0 && len - 1 <= distance && len > 1 => return Ok(Chunks(Vec::new())),
        _ => {}
    }
    Err("runtime error: makeslice: len out of range".into())
}

fn concat(context: &mut Context<'_>, lists: Vec<Value>) -> Result<Value> {
    let mut all = Vec::new();
    for value in &lists {
        all.extend(list_to_join(context, value)?);
        context.budget().check_elements(all.len())?;
    }
    if all.is_empty() {
        return Ok(Value::zero(&Type::list(Type::Any)));
    }
    Ok(List::new(all).into())
}

fn list_to_join(context: &Context<'_>, value: &Value) -> Result<Vec<Value>> {
    if elements(value).is_some() || matches!(value, Value::Nil) {
        return list(context, value, "");
    }
    Err(format!("Cannot concat type {} as list", kind_name(value)).into())
}
