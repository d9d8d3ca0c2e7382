//! Walking over values of any depth with a stack of our own.

use std::rc::Rc;

use super::Value;
use crate::budget::Meter;

/// Drops values, and what only they hold, without recursion.
pub(super) fn drop_all(values: impl Iterator<Item = Value>) {
    let mut waiting: Vec<Value> = values.filter(Value::is_container).collect();
    while let Some(value) = waiting.pop() {
        match value {
            Value::List(list) => waiting.extend(list.into_items()),
            Value::Map(map) => {
                if let Some(mut entries) = map.into_entries() {
                    waiting.extend(entries.drain());
                }
            }
            _ => {}
        }
    }
}

/// Counts the elements of a value and of what it holds on a meter, unless they are
/// counted already.
pub(super) fn charge(value: &Value, meter: &Rc<Meter>) {
    if !charge_one(value, meter) {
        return;
    }
    let mut waiting = vec![value.clone()];
    while let Some(value) = waiting.pop() {
        let mut look = |held: &Value| {
            if charge_one(held, meter) {
                waiting.push(held.clone());
            }
        };
        match &value {
            Value::List(list) => list.items().iter().for_each(&mut look),
            Value::Map(map) => map.entries_unread().iter().for_each(|(_, held)| look(held)),
            _ => {}
        }
    }
}

/// Returns whether there may be more inside.
fn charge_one(value: &Value, meter: &Rc<Meter>) -> bool {
    match value {
        Value::List(list) => list.charge(meter),
        Value::Map(map) => map.charge(meter),
        _ => false,
    }
}
