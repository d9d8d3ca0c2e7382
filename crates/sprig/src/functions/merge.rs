//! Maps put into one another, as dario.cat/mergo does.

use sealift_gotemplate::{Budget, Context, Limit, Map, Type, VALUE_DEPTH, Value};

use crate::table::{Dict, Result, Table};
use crate::values::kind_name;

pub(super) fn insert(table: &mut Table<'_>) {
    for name in ["merge", "mustMerge"] {
        table.one_many(name, |context, into: Dict, from: Vec<Dict>| {
            merge_all(context, into, &from, false)
        });
    }
    for name in ["mergeOverwrite", "mustMergeOverwrite"] {
        table.one_many(name, |context, into: Dict, from: Vec<Dict>| {
            merge_all(context, into, &from, true)
        });
    }
}

fn merge_all(context: &Context<'_>, into: Dict, from: &[Dict], overwrites: bool) -> Result<Value> {
    let mut into = into.0;
    for from in from.iter().filter_map(|from| from.0.as_ref()) {
        let into = into.get_or_insert_with(Map::new);
        Merge { budget: context.budget(), overwrites }.maps(into, from, 0)?;
    }
    Ok(into.map_or_else(|| Value::zero(&Type::dict()), Value::from))
}

struct Merge<'b> {
    budget: &'b Budget,
    overwrites: bool,
}

impl Merge<'_> {
    fn maps(&self, into: &Map, from: &Map, depth: u32) -> std::result::Result<(), Limit> {
        if depth > VALUE_DEPTH {
            return Err(Limit::ValueDepth(VALUE_DEPTH));
        }
        for (key, value) in &*from.entries() {
            self.budget.spend(1)?;
            self.budget.check_elements(into.len())?;
            let before = into.get(key.as_bytes());
            if matches!(value, Value::Nil) {
                if self.overwrites {
                    into.insert(key.clone(), Value::Nil);
                }
                continue;
            }
            if let (Some(Value::Map(into)), Value::Map(from)) = (&before, value) {
                self.maps(into, from, depth + 1)?;
            }
            if self.replaces(before.as_ref(), value) {
                into.insert(key.clone(), value.clone());
            }
        }
        Ok(())
    }

    /// Returns whether a value takes the place of what is there: of what is empty always,
    /// and then, that both are maps does not matter.
    fn replaces(&self, before: Option<&Value>, value: &Value) -> bool {
        let Some(before) = before.filter(|before| before.is_true()) else { return true };
        self.overwrites && !(kind_name(before) == "map" && kind_name(value) == "map")
    }
}
