//! Two maps of values to one.

use std::fmt;

use sealift_gotemplate::{Limit, Map, Str, VALUE_DEPTH, Value};

use super::printed;

/// What becomes of nulls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nulls {
    /// A null takes away what it stands over: Helm's `merge` is false.
    Erase,
    /// Nulls stay: Helm's `merge` is true.
    Keep,
}

/// Where a map is, for warnings only: names from the outermost.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    above: Option<&'p Self>,
    name: &'p dyn fmt::Display,
}

impl<'p> Place<'p> {
    pub(super) fn top(name: &'p dyn fmt::Display) -> Self {
        Self { above: None, name }
    }

    pub(super) fn inside(&'p self, name: &'p dyn fmt::Display) -> Self {
        Self { above: Some(self), name }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let above = self.above.map(ToString::to_string).filter(|above| !above.is_empty());
        match above {
            Some(above) => write!(f, "{above}.{}", self.name),
            None => write!(f, "{}", self.name),
        }
    }
}

/// Adds the entries of `source` to `target`, of which those win.
///
/// Mirrors `coalesceTablesFullKey` in `pkg/chart/common/util/coalesce.go` of Helm 4.2.4, which
/// changes the source too, and lets both share maps.
pub(super) fn coalesce_tables(
    target: &Map,
    source: &Map,
    nulls: Nulls,
    place: &Place<'_>,
    warnings: &mut Vec<String>,
) -> Result<(), Limit> {
    Tables { nulls, warnings }.coalesce(target, source, place, VALUE_DEPTH)
}

struct Tables<'w> {
    nulls: Nulls,
    warnings: &'w mut Vec<String>,
}

impl Tables<'_> {
    fn coalesce(
        &mut self,
        target: &Map,
        source: &Map,
        place: &Place<'_>,
        depth: u32,
    ) -> Result<(), Limit> {
        let depth = depth.checked_sub(1).ok_or(Limit::ValueDepth(VALUE_DEPTH))?;
        let original = source.entries();
        for (key, value) in &*target.entries() {
            if matches!(value, Value::Nil) {
                source.insert(key.clone(), Value::Nil);
            }
        }
        let had_value = |key: &Str| {
            original.get(key.as_bytes()).is_some_and(|value| !matches!(value, Value::Nil))
        };
        for (key, value) in &*source.entries() {
            let place = place.inside(key);
            match (target.get(key.as_bytes()), value) {
                (Some(Value::Nil), _) if self.nulls == Nulls::Erase && had_value(key) => {
                    target.remove(key.as_bytes());
                }
                (None, value) => drop(target.insert(key.clone(), value.clone())),
                (Some(Value::Map(inner)), Value::Map(value)) => {
                    self.coalesce(&inner, value, &place, depth)?;
                }
                (Some(there), value) => self.warnings.extend(conflict(&there, value, &place)),
            }
        }
        Ok(())
    }
}

/// Returns what Helm warns of where a map meets something else.
fn conflict(target: &Value, source: &Value, place: &Place<'_>) -> Option<String> {
    let shown = || printed("%v", source);
    match (target, source) {
        (_, Value::Map(_)) => {
            let shown = shown();
            Some(format!("warning: cannot overwrite table with non table for {place} ({shown})"))
        }
        (Value::Map(_), source) if !matches!(source, Value::Nil) => {
            let shown = shown();
            Some(format!(
                "warning: destination for {place} is a table. Ignoring non-table value ({shown})"
            ))
        }
        _ => None,
    }
}

/// Takes nulls away, at any depth.
///
/// Mirrors `cleanNilValues` in `pkg/chart/common/util/coalesce.go` of Helm 4.2.4. Recursion is
/// as deep as the map, of which a copy was made with a bound.
pub(super) fn clean_nulls(map: &Map) {
    for (key, value) in &*map.entries() {
        match value {
            Value::Nil => drop(map.remove(key.as_bytes())),
            Value::Map(inner) => clean_nulls(inner),
            _ => {}
        }
    }
}
