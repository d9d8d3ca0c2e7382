//! `index`, `slice` and `len`.

use crate::execute::slot::Slot;
use crate::value::{Numeric, Type, Value};

/// Looks up elements of elements.
pub(super) fn index(slots: Vec<Slot>) -> Result<Slot, String> {
    let mut slots = slots.into_iter();
    let mut item = slots.next().unwrap_or(Slot::NONE).unboxed();
    if item.is_none() {
        return Err("index of untyped nil".to_owned());
    }
    for index in slots {
        item = element(&item, index.value)?;
    }
    Ok(item)
}

fn element(item: &Slot, index: Value) -> Result<Slot, String> {
    match &item.value {
        Value::Nil => Err("index of nil pointer".to_owned()),
        Value::List(list) => {
            let place = place(&index, list.len())?;
            let found = list.items().get(place).ok_or("reflect: slice index out of range")?;
            Ok(Slot::of(list.elem(), found.clone()))
        }
        Value::Bytes(text) => {
            let place = place(&index, text.len())?;
            let byte = text.as_bytes().get(place).ok_or("reflect: slice index out of range")?;
            Ok(Slot::plain(Value::byte(*byte)))
        }
        Value::Str(text) => {
            let place = place(&index, text.len())?;
            let byte = text.as_bytes().get(place).ok_or("reflect: string index out of range")?;
            Ok(Slot::plain(Value::byte(*byte)))
        }
        Value::Map(map) => match prepare(index, &Type::String)? {
            Value::Str(key) => {
                let found = map.get(key.as_bytes());
                Ok(found
                    .map_or_else(|| Slot::zero(map.elem()), |found| Slot::of(map.elem(), found)))
            }
            _ => Ok(Slot::zero(map.elem())),
        },
        Value::NilOf(kind) => element_of_nil(kind, index),
        other => Err(format!("can't index item of type {}", pointee(other))),
    }
}

fn element_of_nil(kind: &Type, index: Value) -> Result<Slot, String> {
    match kind.underlying() {
        Type::Bytes | Type::List(_) => {
            place(&index, 0)?;
            Err("reflect: slice index out of range".to_owned())
        }
        Type::Map(elem) => prepare(index, &Type::String).map(|_| Slot::zero(elem)),
        Type::Object(_) => Err("index of nil pointer".to_owned()),
        _ => Err(format!("can't index item of type {kind}")),
    }
}

/// Returns the type of a value, or what it points to.
fn pointee(value: &Value) -> String {
    value.kind().to_string().trim_start_matches('*').to_owned()
}

/// Returns an index, which may be the length, too.
fn place(index: &Value, len: usize) -> Result<usize, String> {
    let (place, shown) = match (index, index.numeric()) {
        (_, Some(Numeric::Int(number))) => (usize::try_from(number).ok(), number),
        (_, Some(Numeric::Uint(number))) => (usize::try_from(number).ok(), number.cast_signed()),
        (Value::Nil, _) => return Err("cannot index slice/array with nil".to_owned()),
        _ => return Err(format!("cannot index slice/array with type {}", index.kind())),
    };
    place.filter(|&place| place <= len).ok_or_else(|| format!("index out of range: {shown}"))
}

/// Returns a value as one of a type, for an argument that no signature checks.
pub(crate) fn prepare(value: Value, kind: &Type) -> Result<Value, String> {
    if matches!(value, Value::Nil) {
        if !kind.can_be_nil() {
            return Err(format!("value is nil; should be of type {kind}"));
        }
        return Ok(Value::zero(kind));
    }
    if value.kind().is_assignable_to(kind) {
        return Ok(value);
    }
    let is_whole = |kind: &Type| {
        matches!(Value::zero(kind).numeric(), Some(Numeric::Int(_) | Numeric::Uint(_)))
    };
    match value.numeric() {
        Some(Numeric::Int(number)) if is_whole(kind) => Ok(Value::whole(kind, number)),
        Some(Numeric::Uint(number)) if is_whole(kind) => {
            Ok(Value::whole(kind, number.cast_signed()))
        }
        _ => Err(format!("value has type {}; should be {kind}", value.kind())),
    }
}

/// Cuts a part out of a list or string.
pub(super) fn slice(slots: Vec<Slot>) -> Result<Value, String> {
    let mut slots = slots.into_iter();
    let item = slots.next().unwrap_or(Slot::NONE).value;
    if matches!(item, Value::Nil) {
        return Err("slice of untyped nil".to_owned());
    }
    let count = slots.len();
    if count > 3 {
        return Err(format!("too many slice indexes: {count}"));
    }
    let (len, capacity) = match &item {
        Value::Str(_) if count == 3 => return Err("cannot 3-index slice a string".to_owned()),
        Value::Bytes(text) | Value::Str(text) => (text.len(), text.len()),
        Value::List(list) => (list.len(), list.capacity()),
        Value::NilOf(kind) if matches!(kind.underlying(), Type::Bytes | Type::List(_)) => (0, 0),
        Value::NilOf(kind) if matches!(kind.underlying(), Type::Object(_)) => {
            return Err("slice of nil pointer".to_owned());
        }
        other => return Err(format!("can't slice item of type {}", pointee(other))),
    };
    let mut places = [0, len, capacity];
    for (at, slot) in slots.enumerate() {
        if slot.is_boxed {
            // Go looks into the interface for `index`, but not here.
            return Err("cannot index slice/array with type interface {}".to_owned());
        }
        places[at] = place(&slot.value, capacity)?;
    }
    let [start, end, most] = places;
    if start > end {
        return Err(format!("invalid slice index: {start} > {end}"));
    }
    if count == 3 && end > most {
        return Err(format!("invalid slice index: {end} > {most}"));
    }
    Ok(match item {
        Value::Bytes(text) => Value::Bytes(text.part(start..end)),
        Value::List(list) => Value::List(list.slice(start, end, (count == 3).then_some(most))),
        Value::Str(text) => Value::Str(text.part(start..end)),
        nil => nil,
    })
}

/// Counts elements, or bytes.
pub(super) fn len(slots: &[Slot]) -> Result<Value, String> {
    let Some(slot) = slots.first().filter(|slot| !slot.is_none()) else {
        return Err("reflect: call of reflect.Value.Type on zero Value".to_owned());
    };
    let len = match &slot.value {
        Value::Nil => return Err("len of nil pointer".to_owned()),
        Value::Bytes(text) | Value::Str(text) => text.len(),
        Value::List(list) => list.len(),
        Value::Map(map) => map.len(),
        Value::NilOf(kind) => match kind.underlying() {
            Type::Bytes | Type::List(_) | Type::Map(_) => 0,
            Type::Object(_) => return Err("len of nil pointer".to_owned()),
            _ => return Err(format!("len of type {kind}")),
        },
        other => return Err(format!("len of type {}", pointee(other))),
    };
    Ok(Value::Int(i64::try_from(len).unwrap_or(i64::MAX)))
}
