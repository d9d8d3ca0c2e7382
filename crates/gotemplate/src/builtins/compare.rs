//! `eq`, `lt` and their kin.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::format::shown;
use crate::value::{Numeric, Type, Value};

/// What Go compares values by: only those of the same kind can be compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    Complex,
    Float,
    Other,
    Str,
    Whole,
}

fn kind(value: &Value) -> Kind {
    match (value, value.numeric()) {
        (Value::Bool(_), _) => Kind::Bool,
        (Value::Str(_), _) => Kind::Str,
        (_, Some(Numeric::Complex(..))) => Kind::Complex,
        (_, Some(Numeric::Float(_))) => Kind::Float,
        (_, Some(Numeric::Int(_) | Numeric::Uint(_))) => Kind::Whole,
        _ => Kind::Other,
    }
}

/// Returns whether the first value equals any of the others.
pub(super) fn equal_to_any(values: &[Value]) -> Result<bool, String> {
    let Some((first, others)) = values.split_first().filter(|(_, others)| !others.is_empty())
    else {
        return Err("missing argument for comparison".to_owned());
    };
    for other in others {
        if equal(first, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn equal(a: &Value, b: &Value) -> Result<bool, String> {
    match (kind(a), kind(b)) {
        (Kind::Other, Kind::Other) => equal_by_identity(a, b),
        (this, that) if this == that => Ok(match (a, b) {
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Str(a), Value::Str(b)) => a == b,
            _ => equal_numbers(a.numeric(), b.numeric()),
        }),
        _ if matches!(a, Value::Nil) || matches!(b, Value::Nil) => Ok(false),
        _ => Err(incompatible(a, b)),
    }
}

#[expect(clippy::float_cmp, reason = "that is what the template asks for")]
fn equal_numbers(a: Option<Numeric>, b: Option<Numeric>) -> bool {
    match (a, b) {
        (Some(Numeric::Int(a)), Some(Numeric::Uint(b)))
        | (Some(Numeric::Uint(b)), Some(Numeric::Int(a))) => u64::try_from(a) == Ok(b),
        (Some(Numeric::Float(a)), Some(Numeric::Float(b))) => a == b,
        (a, b) => a == b,
    }
}

/// Compares values that are neither numbers nor texts nor truths.
fn equal_by_identity(a: &Value, b: &Value) -> Result<bool, String> {
    let can_be_compared = a.is_nil() && matches!(a, Value::Nil)
        || matches!(b, Value::Nil)
        || same_shape(&a.kind(), &b.kind());
    if !can_be_compared {
        let (this, that) = (shown(a, 's'), shown(b, 'v'));
        return Err(format!("non-comparable types {this}: {}, {}: {that}", a.kind(), b.kind()));
    }
    if a.is_nil() || b.is_nil() {
        return Ok(a.is_nil() && b.is_nil());
    }
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => Ok(Rc::ptr_eq(a, b)),
        _ => Err(format!("non-comparable type {}: {}", shown(b, 's'), b.kind())),
    }
}

/// Returns whether both are lists, maps, functions, or values of the host.
fn same_shape(a: &Type, b: &Type) -> bool {
    let shape = |kind: &Type| match kind.underlying() {
        Type::Bytes | Type::List(_) => 0,
        Type::Map(_) => 1,
        Type::Func(_) => 2,
        Type::Object(name) if name.starts_with('*') => 3,
        _ => 4,
    };
    shape(a) == shape(b)
}

/// Returns whether the first of two values is less than the second.
pub(super) fn less(values: &[Value]) -> Result<bool, String> {
    Ok(compare(values)? == Some(Ordering::Less))
}

/// Returns whether the first of two values is not more than the second.
pub(super) fn less_or_equal(values: &[Value]) -> Result<bool, String> {
    Ok(matches!(compare(values)?, Some(Ordering::Less | Ordering::Equal)))
}

/// Compares two values; `None` when one is not a number.
fn compare(values: &[Value]) -> Result<Option<Ordering>, String> {
    let [a, b] = values else { return Err("missing argument for comparison".to_owned()) };
    if kind(a) == Kind::Other || kind(b) == Kind::Other {
        return Err("invalid type for comparison".to_owned());
    }
    if kind(a) != kind(b) {
        return Err(incompatible(a, b));
    }
    match (a, b) {
        (Value::Str(a), Value::Str(b)) => return Ok(Some(a.cmp(b))),
        (Value::Bool(_), _) => return Err("invalid type for comparison".to_owned()),
        _ => {}
    }
    match (a.numeric(), b.numeric()) {
        (Some(Numeric::Float(a)), Some(Numeric::Float(b))) => Ok(a.partial_cmp(&b)),
        (Some(Numeric::Int(a)), Some(Numeric::Int(b))) => Ok(Some(a.cmp(&b))),
        (Some(Numeric::Uint(a)), Some(Numeric::Uint(b))) => Ok(Some(a.cmp(&b))),
        (Some(Numeric::Int(a)), Some(Numeric::Uint(b))) => {
            Ok(Some(u64::try_from(a).map_or(Ordering::Less, |a| a.cmp(&b))))
        }
        (Some(Numeric::Uint(a)), Some(Numeric::Int(b))) => {
            Ok(Some(u64::try_from(b).map_or(Ordering::Greater, |b| a.cmp(&b))))
        }
        _ => Err("invalid type for comparison".to_owned()),
    }
}

fn incompatible(a: &Value, b: &Value) -> String {
    format!("incompatible types for comparison: {} and {}", a.kind(), b.kind())
}
