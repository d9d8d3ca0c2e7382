//! Copies that share nothing, as github.com/mitchellh/copystructure makes them.

use sealift_gotemplate::{Budget, Limit, List, Map, Type, VALUE_DEPTH, Value};

/// Returns a copy with lists and maps of its own.
///
/// # Errors
///
/// When the value is too deep, as one that contains itself is, or the copy too large.
pub(crate) fn deep(value: &Value, budget: &Budget) -> Result<Value, Limit> {
    let mut elements = 0;
    at_depth(value, budget, 0, &mut elements)
}

fn at_depth(
    value: &Value,
    budget: &Budget,
    depth: u32,
    elements: &mut usize,
) -> Result<Value, Limit> {
    if depth > VALUE_DEPTH {
        return Err(Limit::ValueDepth(VALUE_DEPTH));
    }
    budget.spend(1)?;
    *elements += 1;
    budget.check_elements(*elements)?;
    match value {
        Value::List(list) => {
            let mut items = Vec::with_capacity(list.items().len());
            for item in list.items() {
                items.push(at_depth(item, budget, depth + 1, elements)?);
            }
            Ok(match value.kind() {
                Type::Named(named) => List::named(named, items).into(),
                _ => List::typed(list.elem().clone(), items).into(),
            })
        }
        Value::Map(map) => {
            let copy = match value.kind() {
                Type::Named(named) => Map::named(named),
                _ => Map::typed(map.elem().clone()),
            };
            for (key, item) in &*map.entries_unread() {
                copy.insert(key.clone(), at_depth(item, budget, depth + 1, elements)?);
            }
            copy.follow(map);
            Ok(copy.into())
        }
        other => Ok(other.clone()),
    }
}
