//! Keys of maps.

use sealift_gotemplate::{Map, Type, Value};

use super::fault::{conversion, quoted};
use super::{Kind, MAX_NESTED_NAMES, Parser, Stop, check_depth};

impl Parser<'_, '_> {
    /// Reads a key with its value and sets it in a map.
    pub(super) fn key(&mut self, data: &Map, names: usize, depth: u32) -> Result<(), Stop> {
        check_depth(depth)?;
        let ends: &[char] = match self.kind {
            Kind::Literal => &['=', '[', '.'],
            _ => &['=', '[', ',', '.'],
        };
        let word = self.runes.until(ends, self.escapes());
        let key = word.text;
        match word.end {
            None if key.is_empty() => Err(Stop::End),
            None => Err(format!("key {} has no value", quoted(&key)).into()),
            Some('[') => self.list_of(data, &key, names, depth),
            Some('=') => self.value_of(data, &key),
            Some('.') => self.map_of(data, &key, names + 1, depth),
            Some(_) => Err(format!("key {} has no value (cannot end with ,)", quoted(&key)).into()),
        }
    }

    fn value_of(&mut self, data: &Map, key: &str) -> Result<(), Stop> {
        let read = self.value()?;
        set(data, key, read.value);
        if read.is_last { Err(Stop::End) } else { Ok(()) }
    }

    fn list_of(&mut self, data: &Map, key: &str, names: usize, depth: u32) -> Result<(), Stop> {
        let index = self.index()?;
        let mut list = match data.get(key) {
            None => Vec::new(),
            Some(Value::List(list)) => list.items().to_vec(),
            Some(other) => return Err(conversion(&other, &Type::list(Type::Any))),
        };
        let outcome = self.item(&mut list, index, names, depth + 1);
        set(data, key, sealift_gotemplate::List::new(list).into());
        outcome
    }

    fn map_of(&mut self, data: &Map, key: &str, names: usize, depth: u32) -> Result<(), Stop> {
        if names > MAX_NESTED_NAMES {
            return Err(Stop::Bound(format!(
                "value name nested level is greater than maximum supported nested level of \
                 {MAX_NESTED_NAMES}"
            )));
        }
        let inner = match data.get(key) {
            None => Map::new(),
            Some(Value::Map(map)) => map,
            Some(other) => return Err(conversion(&other, &Type::dict())),
        };
        let outcome = self.key(&inner, names, depth + 1);
        if inner.is_empty() {
            outcome?;
            return Err(format!("key map {} has no value", quoted(key)).into());
        }
        set(data, key, inner.into());
        outcome
    }
}

/// Sets the value of a key, unless the key is empty.
fn set(data: &Map, key: &str, value: Value) {
    if !key.is_empty() {
        data.insert(key, value);
    }
}
