//! Values by dotted paths.
//!
//! Mirrors `Values.Table` and `Values.PathValue` in `pkg/chart/common/values.go` of Helm 4.2.4.

use sealift_gotemplate::{Map, Value};

/// Returns the map that a dotted path leads to, or the name on it that is no map.
pub(super) fn table<'p>(map: &Map, path: &'p str) -> Result<Map, &'p str> {
    let mut map = map.clone();
    for name in path.split('.') {
        map = match map.get(name) {
            Some(Value::Map(inner)) => inner,
            _ => return Err(name),
        };
    }
    Ok(map)
}

/// Returns what a dotted path leads to, unless that is a map.
pub(super) fn path_value(map: &Map, path: &str) -> Option<Value> {
    let value = match path.rsplit_once('.') {
        Some((above, name)) => table(map, above).ok()?.get(name),
        None => map.get(path),
    };
    value.filter(|value| value.as_map().is_none())
}
