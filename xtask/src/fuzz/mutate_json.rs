//! Changes to schemas and values that leave them JSON.

use serde_json::{Map, Value, json};

use super::targets::values::VALUES;
use crate::noise::Noise;

/// Keywords with one schema, with a list or a map of schemas, and with something else.
const WITH_ONE: [&str; 14] = [
    "not",
    "if",
    "then",
    "else",
    "items",
    "additionalItems",
    "contains",
    "additionalProperties",
    "propertyNames",
    "unevaluatedProperties",
    "unevaluatedItems",
    "contentSchema",
    "properties",
    "default",
];
const WITH_LIST: [&str; 5] = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];
const WITH_MAP: [&str; 6] =
    ["properties", "patternProperties", "dependentSchemas", "dependencies", "definitions", "$defs"];

/// The deepest place that is changed.
const DEEPEST: usize = 40;

/// Returns a seed with one to eight changes; nothing when one is no JSON.
pub(super) fn mutated(seeds: &[Vec<u8>], noise: &mut Noise) -> Option<Vec<u8>> {
    let mut pair = read(&seeds[noise.below(seeds.len())])?;
    let other = read(&seeds[noise.below(seeds.len())])?;
    for _ in 0..=noise.below(8) {
        let is_values = noise.below(4) == 0;
        let [schema, values] = &mut pair;
        let whole = if is_values { values } else { schema };
        let new = part(&other[usize::from(is_values)], noise).clone();
        change(part_mut(whole, noise), new, is_values, noise);
    }
    let [schema, values] = pair;
    Some(format!("{schema}{VALUES}{values}").into_bytes())
}

fn read(seed: &[u8]) -> Option<[Value; 2]> {
    let (schema, values) = std::str::from_utf8(seed).ok()?.split_once(VALUES)?;
    Some([serde_json::from_str(schema).ok()?, serde_json::from_str(values).ok()?])
}

fn change(place: &mut Value, new: Value, is_values: bool, noise: &mut Noise) {
    match noise.below(if is_values { 3 } else { 7 }) {
        0 => *place = new,
        1 => *place = scalar(noise),
        2 => drop_one(place, noise),
        3 => {
            let old = place.take();
            let keyword = WITH_ONE[noise.below(WITH_ONE.len())];
            *place = json!({ keyword: old });
        }
        4 => {
            let old = place.take();
            let keyword = WITH_LIST[noise.below(WITH_LIST.len())];
            *place = json!({ keyword: [old, new] });
        }
        5 => add(place, WITH_ONE[noise.below(WITH_ONE.len())], new),
        _ => {
            let keyword = WITH_MAP[noise.below(WITH_MAP.len())];
            add(place, keyword, json!({ name(noise): new, "^[a-m]": true }));
        }
    }
}

fn add(place: &mut Value, keyword: &str, new: Value) {
    if let Value::Object(map) = place {
        map.insert(keyword.to_owned(), new);
    }
}

fn drop_one(place: &mut Value, noise: &mut Noise) {
    match place {
        Value::Object(map) if !map.is_empty() => {
            let key = map.keys().nth(noise.below(map.len())).cloned();
            key.and_then(|key| map.remove(&key));
        }
        Value::Array(items) if !items.is_empty() => drop(items.remove(noise.below(items.len()))),
        other => *other = Value::Null,
    }
}

fn name(noise: &mut Noise) -> String {
    ["a", "b", "image", "global", "", "a/b~c", "^x"][noise.below(7)].to_owned()
}

fn scalar(noise: &mut Noise) -> Value {
    match noise.below(10) {
        0 => Value::Null,
        1 => true.into(),
        2 => false.into(),
        3 => 0.into(),
        4 => (-1).into(),
        5 => json!(1.5),
        6 => u64::MAX.into(),
        7 => Value::Object(Map::new()),
        8 => json!([1, 1.0, "1"]),
        _ => name(noise).into(),
    }
}

/// Returns some part of a value.
fn part<'v>(whole: &'v Value, noise: &mut Noise) -> &'v Value {
    let mut at = whole;
    for _ in 0..noise.below(DEEPEST) {
        at = match at {
            Value::Object(map) if !map.is_empty() => {
                map.values().nth(noise.below(map.len())).unwrap_or(at)
            }
            Value::Array(items) if !items.is_empty() => &items[noise.below(items.len())],
            _ => break,
        };
    }
    at
}

fn part_mut<'v>(whole: &'v mut Value, noise: &mut Noise) -> &'v mut Value {
    let mut path = Vec::new();
    let mut at = &*whole;
    for _ in 0..noise.below(DEEPEST) {
        let below = match at {
            Value::Object(map) => map.len(),
            Value::Array(items) => items.len(),
            _ => 0,
        };
        if below == 0 {
            break;
        }
        let place = noise.below(below);
        path.push(place);
        at = nth(at, place);
    }
    path.into_iter().fold(whole, |at, place| match at {
        Value::Object(map) => map.values_mut().nth(place).expect("the way led here"),
        Value::Array(items) => &mut items[place],
        other => other,
    })
}

fn nth(value: &Value, place: usize) -> &Value {
    match value {
        Value::Object(map) => map.values().nth(place).expect("a place in the map"),
        Value::Array(items) => &items[place],
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_changed_is_json_and_the_same_for_the_same_seed() {
        let seeds = [br#"{"properties": {"a": {"type": "string"}}}
== values
{"a": ["x", 1]}"#
            .to_vec()];
        let inputs = |seed| {
            let mut noise = Noise::new(seed);
            (0..1000).map(|_| mutated(&seeds, &mut noise).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(inputs(7), inputs(7));
        assert!(inputs(7).iter().all(|input| read(input).is_some()));
        assert!(inputs(7).iter().collect::<std::collections::BTreeSet<_>>().len() > 500);
    }
}
