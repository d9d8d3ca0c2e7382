//! Where things are in documents: JSON pointers that share their beginnings.

use std::collections::HashMap;

use sealift_gotemplate::{Str, Value};

/// A document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RootId(pub(super) usize);

/// A place in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PlaceId(usize);

struct Place {
    root: RootId,
    above: Option<PlaceId>,
    depth: usize,
    /// The key or index below `above`, as the pointer has it.
    token: Str,
    value: Value,
}

/// All places that somebody asked for.
#[derive(Default)]
pub(super) struct Places {
    places: Vec<Place>,
    below: HashMap<(PlaceId, Str), PlaceId>,
}

/// Why a pointer leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nowhere {
    /// A `~` without `0` or `1`.
    NoPointer,
    /// There is no such thing.
    NotFound,
}

impl Places {
    /// Adds the place of a whole document.
    pub(super) fn root(&mut self, root: RootId, value: Value) -> PlaceId {
        self.push(Place { root, above: None, depth: 0, token: "".into(), value })
    }

    fn push(&mut self, place: Place) -> PlaceId {
        self.places.push(place);
        PlaceId(self.places.len() - 1)
    }

    fn get(&self, place: PlaceId) -> &Place {
        &self.places[place.0]
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Takes away the values of a document at places from one on.
    pub(super) fn forget(&mut self, start: usize, root: RootId) {
        let places = self.places.iter_mut().skip(start).filter(|place| place.root == root);
        places.for_each(|place| place.value = Value::Nil);
    }

    pub(super) fn value(&self, place: PlaceId) -> &Value {
        &self.get(place).value
    }

    pub(super) fn document(&self, place: PlaceId) -> RootId {
        self.get(place).root
    }

    /// Returns how many places there are above one.
    pub(super) fn depth(&self, place: PlaceId) -> usize {
        self.get(place).depth
    }

    pub(super) fn above(&self, place: PlaceId) -> Option<PlaceId> {
        self.get(place).above
    }

    /// Returns a place that somebody asked for before.
    pub(super) fn known(&self, place: PlaceId, token: &Str) -> Option<PlaceId> {
        self.below.get(&(place, token.clone())).copied()
    }

    /// Returns the place of a key or index, when there is one.
    pub(super) fn below(&mut self, place: PlaceId, token: &Str) -> Option<PlaceId> {
        let key = (place, token.clone());
        if let Some(known) = self.below.get(&key) {
            return Some(*known);
        }
        let Place { root, depth, ref value, .. } = *self.get(place);
        let value = match value {
            Value::Map(map) => map.get(token.as_bytes())?,
            Value::List(list) => list.items().get(index(token)?)?.clone(),
            _ => return None,
        };
        let new = self.push(Place {
            root,
            above: Some(place),
            depth: depth + 1,
            token: token.clone(),
            value,
        });
        self.below.insert(key, new);
        Some(new)
    }

    /// Returns the place that a JSON pointer leads to.
    pub(super) fn follow(&mut self, start: PlaceId, pointer: &str) -> Result<PlaceId, Nowhere> {
        let mut place = start;
        for token in pointer.split('/').skip(1) {
            let token = unescaped(token).ok_or(Nowhere::NoPointer)?;
            place = self.below(place, &token.into()).ok_or(Nowhere::NotFound)?;
        }
        Ok(place)
    }

    /// Returns the JSON pointer of a place.
    pub(super) fn pointer(&self, place: PlaceId) -> String {
        let mut tokens = Vec::new();
        let mut at = place;
        while let Some(above) = self.above(at) {
            tokens.push(escaped(&self.get(at).token.to_text()));
            at = above;
        }
        tokens.iter().rev().fold(String::new(), |pointer, token| pointer + "/" + token)
    }
}

/// Reads an index as `strconv.Atoi` does.
fn index(token: &Str) -> Option<usize> {
    std::str::from_utf8(token.as_bytes()).ok()?.parse().ok()
}

/// Returns a key as it is in a pointer.
pub(super) fn escaped(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

fn unescaped(token: &str) -> Option<String> {
    let mut parts = token.split('~');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        let rest = match part.as_bytes().first()? {
            b'0' => '~',
            b'1' => '/',
            _ => return None,
        };
        out.push(rest);
        out.push_str(&part[1..]);
    }
    Some(out)
}
