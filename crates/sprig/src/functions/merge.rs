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
    fn maps(&self, into: &Map, from: &Map, depth: u32) -> Result<()> {
        if depth > VALUE_DEPTH {
            return Err(Limit::ValueDepth(VALUE_DEPTH).into());
        }
        for (key, value) in &*from.entries_unread() {
            self.budget.spend(1)?;
            self.budget.check_elements(into.len())?;
            let before = into.get(key.as_bytes());
            if matches!(value, Value::Nil) {
                if self.overwrites {
                    check_type(into, from, value)?;
                    into.insert(key.clone(), Value::Nil);
                }
                continue;
            }
            if let (Some(Value::Map(into)), Value::Map(from)) = (&before, value) {
                self.maps(into, from, depth + 1)?;
            }
            let replaces = self.replaces(before.as_ref(), value);
            if replaces || kind_name(value) == "slice" {
                check_type(into, from, value)?;
            }
            if replaces {
                into.insert(key.clone(), value.clone());
            }
        }
        into.follow(from);
        Ok(())
    }

    /// Returns whether a value takes the place of what is there: of what is empty always,
    /// and then, that both are maps does not matter.
    fn replaces(&self, before: Option<&Value>, value: &Value) -> bool {
        let Some(before) = before.filter(|before| before.is_true()) else { return true };
        self.overwrites && !(kind_name(before) == "map" && kind_name(value) == "map")
    }
}

/// Refuses a value for a map whose elements have another type, such as what `split` gives.
fn check_type(into: &Map, from: &Map, value: &Value) -> Result<()> {
    if matches!(into.elem(), Type::Any) {
        return Ok(());
    }
    let elem = into.elem().to_string();
    let kind = if kind_name(value) == "slice" { value.kind() } else { from.elem().clone() };
    if kind.to_string() == elem {
        return Ok(());
    }
    let message = format!("value of type {kind} is not assignable to type {elem}");
    Err(format!("reflect.Value.SetMapIndex: {message}").into())
}
