//! One value among the values of a chart.

use std::fmt;

use sealift_gotemplate::{Map, Read, Step, Trace, Value};

use crate::engine::VALUES;

/// The way from the values of a user to one that is neither a map nor a list.
///
/// Printed as `.image.tag`, `.hosts[0].name`, `.labels["a.b/c"]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Leaf(Vec<Step>);

impl Leaf {
    /// Returns a leaf by the steps to it.
    #[must_use]
    pub fn new(steps: Vec<Step>) -> Self {
        Self(steps)
    }

    /// Returns what was read, unless that is no value: of a [whole](Read::is_whole) map the way to it.
    #[must_use]
    pub fn read(trace: &Trace, read: &Read) -> Option<Self> {
        let mut steps = trace.path(read).into_iter();
        match steps.next()? {
            Step::Key(first) if first.as_bytes() == VALUES.as_bytes() => {
                Some(Self(steps.collect()))
            }
            _ => None,
        }
    }

    /// Returns the steps.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Returns the value of a key of the map that is here.
    pub(super) fn key(&self, key: &[u8]) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Key(key.into()));
        Self(steps)
    }

    /// Returns the item of the list that is here.
    pub(super) fn item(&self, at: usize) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Item(at));
        Self(steps)
    }

    /// Returns the value that is here.
    #[must_use]
    pub fn value(&self, values: &Map) -> Option<Value> {
        self.0.iter().try_fold(Value::Map(values.clone()), |at, step| match (at, step) {
            (Value::Map(map), Step::Key(key)) => map.get(key.as_bytes()),
            (Value::List(list), Step::Item(at)) => list.items().get(*at).cloned(),
            _ => None,
        })
    }

    /// Returns the values of a user with another value here: `user` is not changed. A list is taken
    /// from `all`, the values of user and charts, when the user has none: it replaces all of the chart's.
    #[must_use]
    pub fn set(&self, user: &Map, all: &Map, value: Value) -> Map {
        let all = Some(Value::Map(all.clone()));
        match put(Some(Value::Map(user.clone())), all, &self.0, value) {
            Value::Map(map) => map,
            _ => user.clone(),
        }
    }
}

fn put(user: Option<Value>, all: Option<Value>, path: &[Step], value: Value) -> Value {
    match path {
        [] => value,
        [Step::Key(key), rest @ ..] => {
            let inner = |of: &Option<Value>| of.as_ref()?.as_map()?.get(key.as_bytes());
            let inner = put(inner(&user), inner(&all), rest, value);
            let map = Map::new();
            if let Some(Value::Map(user)) = &user {
                for (key, value) in &*user.entries() {
                    map.insert(key.clone(), value.clone());
                }
            }
            map.insert(key.clone(), inner);
            map.into()
        }
        [Step::Item(at), rest @ ..] => {
            let list = user.filter(|user| user.as_list().is_some()).or(all);
            let mut items = list
                .as_ref()
                .and_then(Value::as_list)
                .map_or(Vec::new(), |list| list.items().to_vec());
            if let Some(item) = items.get_mut(*at) {
                *item = put(Some(item.clone()), None, rest, value);
            }
            sealift_gotemplate::List::new(items).into()
        }
    }
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_plain = |key: &str| {
            !key.is_empty()
                && key
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        };
        for (place, step) in self.0.iter().enumerate() {
            match step {
                Step::Item(at) => write!(f, "[{at}]")?,
                Step::Key(key) if is_plain(&key.to_text()) => write!(f, ".{key}")?,
                Step::Key(key) => {
                    let quoted = key.to_text().replace('\\', "\\\\").replace('"', "\\\"");
                    write!(f, "{}[\"{quoted}\"]", if place == 0 { "." } else { "" })?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;
    use crate::values::values;

    fn leaf(steps: &[Result<&str, usize>]) -> Leaf {
        let step = |step: &Result<&str, usize>| match *step {
            Ok(key) => Step::Key(key.into()),
            Err(at) => Step::Item(at),
        };
        Leaf::new(steps.iter().map(step).collect())
    }

    fn shown(map: &Map) -> String {
        sealift_gotemplate::sprint(&[map.clone().into()], 1 << 10).expect("it is short").to_string()
    }

    #[test]
    fn a_leaf_is_printed_as_a_path() {
        assert_eq!(leaf(&[Ok("image"), Ok("tag")]).to_string(), ".image.tag");
        assert_eq!(leaf(&[Ok("a.b"), Err(0), Ok("c\"d")]).to_string(), r#".["a.b"][0]["c\"d"]"#);
    }

    #[test]
    fn setting_a_leaf_keeps_what_the_user_has_and_completes_lists() {
        let read = |text: &str| values(text.as_bytes(), Profile::default()).expect("it is YAML");
        let user = read("a: {b: 1}\nlist: [x, z]\n");
        let all = read("a: {b: 1, c: 2}\nlist: [x, z]\nmaps: [{k: 1, l: [p, q]}, {k: 2}]\n");
        let set = |steps: &[_]| shown(&leaf(steps).set(&user, &all, "new".into()));
        assert_eq!(set(&[Ok("a"), Ok("c")]), "map[a:map[b:1 c:new] list:[x z]]");
        assert_eq!(set(&[Ok("list"), Err(1)]), "map[a:map[b:1] list:[x new]]");
        assert_eq!(
            set(&[Ok("maps"), Err(0), Ok("l"), Err(0)]),
            "map[a:map[b:1] list:[x z] maps:[map[k:1 l:[new q]] map[k:2]]]"
        );
        assert_eq!(shown(&user), "map[a:map[b:1] list:[x z]]");
    }
}
