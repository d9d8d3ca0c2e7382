//! Which values are equal: JSON's, for which `1` is `1.0`.

use std::cmp::Ordering;

use sealift_gotemplate::Value;

use super::decimal::Decimal;

/// Returns whether two values are equal.
pub(super) fn equal(one: &Value, other: &Value) -> bool {
    compare(one, other) == Ordering::Equal
}

/// Returns how much there is to compare in a value. Recursion is as deep as the value.
pub(super) fn weight(value: &Value) -> usize {
    match value {
        Value::Str(text) | Value::Bytes(text) => 1 + text.len() / 64,
        Value::List(list) => 1 + list.items().iter().map(weight).sum::<usize>(),
        Value::Map(map) => {
            1 + map.entries().iter().map(|(_, held)| 1 + weight(held)).sum::<usize>()
        }
        _ => 1,
    }
}

/// Returns what [`repeated`] costs, in steps.
pub(super) fn weight_of_sorting(items: &[Value]) -> usize {
    let rounds = 1 + items.len().checked_ilog2().unwrap_or(0) as usize;
    items.iter().map(weight).sum::<usize>().saturating_mul(rounds)
}

/// Returns the first value of a list that is equal to one before it, and that one.
pub(super) fn repeated(items: &[Value]) -> Option<(usize, usize)> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    // Places of equal items stay in their order.
    order.sort_by(|one, other| compare(&items[*one], &items[*other]));
    let is_pair = |pair: &&[usize]| equal(&items[pair[0]], &items[pair[1]]);
    order.windows(2).filter(is_pair).map(|pair| (pair[0], pair[1])).min_by_key(|pair| pair.1)
}

/// Compares by some order. Recursion is as deep as the values, which were read with a bound.
fn compare(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        (Value::Str(one), Value::Str(other)) => one.cmp(other),
        (Value::List(one), Value::List(other)) => one.len().cmp(&other.len()).then_with(|| {
            let pairs = one.items().iter().zip(other.items());
            first_difference(pairs.map(|(one, other)| compare(one, other)))
        }),
        (Value::Map(one), Value::Map(other)) => one.len().cmp(&other.len()).then_with(|| {
            let (one, other) = (one.entries(), other.entries());
            first_difference(one.iter().zip(other.iter()).map(|((key, value), (there, other))| {
                key.cmp(there).then_with(|| compare(value, other))
            }))
        }),
        (Value::Int(one) | Value::Int64(one), Value::Int(other) | Value::Int64(other)) => {
            one.cmp(other)
        }
        (Value::Float(one), Value::Float(other)) if one.is_finite() && other.is_finite() => {
            one.partial_cmp(other).unwrap_or(Ordering::Equal)
        }
        _ => rank(one).cmp(&rank(other)).then_with(|| number(one).cmp(&number(other))),
    }
}

fn first_difference(mut orders: impl Iterator<Item = Ordering>) -> Ordering {
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn number(value: &Value) -> Option<Decimal> {
    Decimal::of(value)
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Nil | Value::NilOf(_) => 0,
        Value::Bool(_) => 1,
        Value::Str(_) => 2,
        Value::List(_) => 3,
        Value::Map(_) => 4,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use sealift_gotemplate::List;

    use super::*;

    #[test]
    fn numbers_are_equal_whatever_their_type() {
        let number = |text: &str| Value::Bytes(text.into());
        assert!(equal(&number("1.0"), &Value::Float(1.0)));
        assert!(equal(&number("10e1"), &Value::Int64(100)));
        assert!(!equal(&number("1"), &Value::Bool(true)));
        assert!(!equal(&number("1"), &Value::from("1")));
    }

    #[test]
    fn the_first_item_that_repeats_is_found() {
        let list = |items: Vec<Value>| Value::from(List::new(items));
        let items = [
            Value::Nil,
            list(vec![1.into()]),
            "a".into(),
            list(vec![Value::Float(1.0)]),
            "a".into(),
        ];
        assert_eq!(repeated(&items), Some((1, 3)));
        assert_eq!(repeated(&items[..3]), None);
    }
}
