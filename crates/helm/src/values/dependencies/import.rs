//! Values that charts import from the charts inside.

use sealift_gotemplate::{Limit, Map, Type, VALUE_DEPTH, Value};

use super::Run;
use super::tree::{NeedId, NodeId};
use crate::values::copy::check_depth;
use crate::values::path::table;
use crate::values::tables::{Nulls, Place, coalesce_tables};
use crate::values::{Error, printed};

/// What a chart imports: a table of a chart inside, and where it goes.
struct Import {
    child: String,
    parent: String,
    /// What it says is missing, when it is.
    warning: &'static str,
}

impl Run {
    /// Adds what charts import to their values, the innermost first.
    ///
    /// Mirrors `processDependencyImportValues`.
    pub(super) fn import(&mut self, id: NodeId, depth: usize) -> Result<(), Error> {
        self.visit(depth)?;
        for chart in self.tree.node(id).charts.clone() {
            self.import(chart, depth + 1)?;
        }
        let Some(needs) = self.tree.meta(id).needs.clone() else { return Ok(()) };
        let values = self.coalesce(id, &Map::new(), Nulls::Keep)?;
        let imported = Map::new();
        for need in needs {
            self.import_from(need, &values, &imported)?;
        }
        // What is imported shares maps with the values it comes from.
        self.copier.begin();
        let values = self.copier.map(&values)?;
        self.merge(&values, &imported)?;
        self.tree.node_mut(id).values = values;
        Ok(())
    }

    fn import_from(&mut self, id: NeedId, values: &Map, imported: &Map) -> Result<(), Error> {
        let name = self.tree.need(id).name.clone();
        let written = std::mem::take(&mut self.tree.need_mut(id).import_values);
        for (place, value) in written.iter().enumerate() {
            let Some(import) = import(value) else {
                if matches!(value, Value::Map(_)) {
                    continue;
                }
                return Err(Error::Import { chart: name, place });
            };
            let kept = Map::typed(Type::String);
            kept.insert("child", &*import.child);
            kept.insert("parent", &*import.parent);
            self.tree.need_mut(id).import_values.push(kept.into());
            match table(values, &format!("{name}.{}", import.child)) {
                // Go's `AsMap` makes a new map of one without entries.
                Ok(table) if table.is_empty() => {
                    self.merge(imported, &nested(&import.parent, Map::new())?)?;
                }
                Ok(table) => self.merge(imported, &nested(&import.parent, table)?)?,
                Err(missing) => self.warn(&import, &name, missing),
            }
        }
        Ok(())
    }

    fn warn(&mut self, import: &Import, chart: &str, missing: &str) {
        let missing = printed("%q", &missing.into());
        let from = if import.warning.is_empty() {
            String::new()
        } else {
            format!("{}{chart}", import.warning)
        };
        self.warnings
            .push(format!("Warning: ImportValues missing table{from}: {missing} is not a table"));
    }

    fn merge(&mut self, target: &Map, source: &Map) -> Result<(), Limit> {
        coalesce_tables(target, source, Nulls::Keep, &Place::top(&""), &mut self.warnings)
    }
}

/// Reads what is imported; `None` where it is neither a text nor a map that was written so.
fn import(value: &Value) -> Option<Import> {
    match value {
        Value::Str(text) => {
            Some(Import { child: format!("exports.{text}"), parent: ".".to_owned(), warning: "" })
        }
        // A map of strings is what this made of an import before, and Go takes it for none.
        Value::Map(map) if matches!(map.elem(), Type::Any) => {
            let text = |key: &str| printed("%v", &map.get(key).unwrap_or(Value::Nil));
            Some(Import { child: text("child"), parent: text("parent"), warning: " from chart " })
        }
        _ => None,
    }
}

/// Returns a map in which a dotted path leads to the one given: that one itself for `.`.
fn nested(path: &str, map: Map) -> Result<Map, Limit> {
    if path == "." {
        return Ok(map);
    }
    let names = path.split('.').count();
    let most = u32::try_from(names).ok().and_then(|names| VALUE_DEPTH.checked_sub(names));
    check_depth(&map.clone().into(), most.ok_or(Limit::ValueDepth(VALUE_DEPTH))?)?;
    let wrap = |inner: Map, name: &str| Map::from_iter([(name, inner)]);
    Ok(path.rsplit('.').fold(map, wrap))
}
