//! Maps, which all that hold them share.

use sealift_gotemplate::{Context, Map, Str, Value};

use crate::copy;
use crate::table::{Dict, Items, Result, Table, Texts};
use crate::values;

pub(super) fn insert(table: &mut Table<'_>) {
    insert_entries(table);
    insert_selections(table);
    table.many("dig", dig);
    for name in ["deepCopy", "mustDeepCopy"] {
        table.one(name, |context, value: Value| match value {
            Value::Nil => Err("reflect: call of reflect.Value.Type on zero Value".into()),
            value => Ok(copy::deep(&value, context.budget())?),
        });
    }
}

fn insert_entries(table: &mut Table<'_>) {
    table.many("dict", dict);
    table.two("get", |_, dict: Dict, key: Str| {
        Ok(dict.0.and_then(|map| map.get(key.as_bytes())).unwrap_or_else(|| "".into()))
    });
    table.three("set", |_, dict: Dict, key: Str, value: Value| {
        let Some(map) = &dict.0 else { return Err("assignment to entry in nil map".into()) };
        map.insert(key, value);
        Ok(dict)
    });
    table.two("unset", |_, dict: Dict, key: Str| {
        if let Some(map) = &dict.0 {
            map.remove(key.as_bytes());
        }
        Ok(dict)
    });
    table.two("hasKey", |_, dict: Dict, key: Str| {
        Ok(dict.0.is_some_and(|map| map.contains(key.as_bytes())))
    });
}

fn insert_selections(table: &mut Table<'_>) {
    table.one_many("pluck", |_, key: Str, dicts: Vec<Dict>| {
        let found = dicts.iter().filter_map(|dict| dict.0.as_ref()?.get(key.as_bytes()));
        Ok(Items(Some(found.collect())))
    });
    table.many("keys", |context, dicts: Vec<Dict>| {
        let mut keys = Vec::new();
        for map in dicts.iter().filter_map(|dict| dict.0.as_ref()) {
            context.budget().check_elements(keys.len() + map.len())?;
            keys.extend(map.entries().iter().map(|(key, _)| key.clone()));
        }
        Ok(Texts::some(keys))
    });
    table.one("values", |context, dict: Dict| {
        let Some(map) = dict.0 else { return Ok(Items(Some(Vec::new()))) };
        context.budget().check_elements(map.len())?;
        Ok(Items(Some(map.entries().iter().map(|(_, value)| value.clone()).collect())))
    });
    table.one_many("pick", |context, dict: Dict, keys: Vec<Str>| {
        select(context, &dict, |key| keys.contains(key))
    });
    table.one_many("omit", |context, dict: Dict, keys: Vec<Str>| {
        select(context, &dict, |key| !keys.contains(key))
    });
}

fn select(context: &Context<'_>, dict: &Dict, is_kept: impl Fn(&Str) -> bool) -> Result<Dict> {
    let selected = Map::new();
    if let Some(map) = &dict.0 {
        context.budget().check_elements(map.len())?;
        selected.follow(map);
        for (key, value) in &*map.entries_unread() {
            if is_kept(key) {
                selected.insert(key.clone(), value.clone());
            }
        }
    }
    Ok(Dict(Some(selected)))
}

fn dict(context: &mut Context<'_>, values: Vec<Value>) -> Result<Dict> {
    let map = Map::new();
    for pair in values.chunks(2) {
        let key = values::text(&pair[0], context.budget())?;
        map.insert(key, pair.get(1).cloned().unwrap_or_else(|| "".into()));
    }
    Ok(Dict(Some(map)))
}

fn dig(_: &mut Context<'_>, arguments: Vec<Value>) -> Result<Value> {
    let [keys @ .., other, dict] = &*arguments else {
        return Err("dig needs at least three arguments".into());
    };
    if keys.is_empty() {
        return Err("dig needs at least three arguments".into());
    }
    let mut at = as_dict(dict)?;
    let keys = keys.iter().map(|key| match key {
        Value::Str(key) => Ok(key.clone()),
        other => Err(conversion(other, "string")),
    });
    let keys = keys.collect::<std::result::Result<Vec<Str>, String>>()?;
    for (place, key) in keys.iter().enumerate() {
        let Some(step) = at.0.as_ref().and_then(|map| map.get(key.as_bytes())) else {
            return Ok(other.clone());
        };
        if place + 1 == keys.len() {
            return Ok(step);
        }
        at = as_dict(&step)?;
    }
    Ok(other.clone())
}

/// Returns a value as `map[string]interface {}`, which a named type is not.
fn as_dict(value: &Value) -> Result<Dict> {
    const DICT: &str = "map[string]interface {}";
    match value {
        Value::Map(map) if value.kind().to_string() == DICT => Ok(Dict(Some(map.clone()))),
        Value::NilOf(kind) if kind.to_string() == DICT => Ok(Dict(None)),
        other => Err(conversion(other, DICT).into()),
    }
}

fn conversion(value: &Value, wanted: &str) -> String {
    let kind = match value {
        Value::Nil => "nil".to_owned(),
        value => value.kind().to_string(),
    };
    format!("interface conversion: interface {{}} is {kind}, not {wanted}")
}
