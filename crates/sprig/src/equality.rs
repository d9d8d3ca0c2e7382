//! Go's `reflect.DeepEqual`.

use std::rc::Rc;

use sealift_gotemplate::{Budget, Limit, List, Map, Object, VALUE_DEPTH, Value};

/// Returns whether two values are of one type and equal, as far down as they go.
///
/// # Errors
///
/// When there is too much to compare.
pub(crate) fn equal(a: &Value, b: &Value, budget: &Budget) -> Result<bool, Limit> {
    at_depth(a, b, budget, 0)
}

#[expect(clippy::float_cmp, reason = "that is what the template asks for")]
fn at_depth(a: &Value, b: &Value, budget: &Budget, depth: u32) -> Result<bool, Limit> {
    budget.spend(1)?;
    if depth > VALUE_DEPTH {
        return Err(Limit::ValueDepth(VALUE_DEPTH));
    }
    Ok(match (a, b) {
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Bytes(a), Value::Bytes(b)) | (Value::Str(a), Value::Str(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::Int(a), Value::Int(b)) | (Value::Int64(a), Value::Int64(b)) => a == b,
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::NilOf(a), Value::NilOf(b)) => a.to_string() == b.to_string(),
        (Value::List(x), Value::List(y)) => same_type(a, b) && lists(x, y, budget, depth)?,
        (Value::Map(x), Value::Map(y)) => same_type(a, b) && maps(x, y, budget, depth)?,
        (Value::Object(a), Value::Object(b)) => objects(a, b, budget, depth)?,
        _ => false,
    })
}

fn same_type(a: &Value, b: &Value) -> bool {
    a.kind().to_string() == b.kind().to_string()
}

fn lists(a: &List, b: &List, budget: &Budget, depth: u32) -> Result<bool, Limit> {
    if a.len() != b.len() {
        return Ok(false);
    }
    if std::ptr::eq(a.items(), b.items()) {
        return Ok(true);
    }
    for (a, b) in a.items().iter().zip(b.items()) {
        if !at_depth(a, b, budget, depth + 1)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn maps(a: &Map, b: &Map, budget: &Budget, depth: u32) -> Result<bool, Limit> {
    if a.is(b) {
        return Ok(true);
    }
    let (a, b) = (a.entries(), b.entries());
    if a.iter().len() != b.iter().len() {
        return Ok(false);
    }
    for ((key, a), (other, b)) in a.iter().zip(b.iter()) {
        if key != other || !at_depth(a, b, budget, depth + 1)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn objects(
    a: &Rc<dyn Object>,
    b: &Rc<dyn Object>,
    budget: &Budget,
    depth: u32,
) -> Result<bool, Limit> {
    if Rc::ptr_eq(a, b) {
        return Ok(true);
    }
    let (x, y) = (a.fields(), b.fields());
    if a.type_name() != b.type_name() || a.text() != b.text() || x.len() != y.len() {
        return Ok(false);
    }
    for ((_, x), (_, y)) in x.iter().zip(&y) {
        if !at_depth(x, y, budget, depth + 1)? {
            return Ok(false);
        }
    }
    Ok(!x.is_empty() || a.text().is_some())
}
