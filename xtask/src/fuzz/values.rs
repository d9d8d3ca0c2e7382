//! What users and charts say of values, made one, and checked by schemas.

use sealift_gotemplate::{Map, Str, Value};
use sealift_helm::chart::LoadOptions;
use sealift_helm::values::{
    Error, SchemaLimits, UserValues, ValuesFile, coalesce as coalesced, process_dependencies,
    validate, values,
};
use sealift_helm::{Chart, Profile};
use serde_json::{Value as Json, json};

use super::charts::files;

/// Between a schema and values for it.
pub(crate) const VALUES: &str = "\n== values\n";

/// The parts of a chart that are no files of it.
const ARGUMENTS: &str = "args";
const USER: &str = "user/";

/// The longest text of a map that is compared.
const SHOWN: usize = 64 << 20;

/// Arguments of the `--set` family, one a line, each with its flag: twice the same, whatever comes out is printed
/// and read again as the same, and what is set literally is there.
pub(super) fn strvals(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let user = arguments(text.lines());
    for profile in Profile::ALL {
        let merged = user.merge(profile, &mut read);
        assert_eq!(shown(&merged), shown(&user.merge(profile, &mut read)), "twice the same");
        if let Ok(map) = &merged {
            check_literal(&user, map);
        }
    }
}

/// Returns what arguments say; others than those of the `--set` family are passed over.
fn arguments<'t>(lines: impl Iterator<Item = &'t str>) -> UserValues {
    let mut user = UserValues::default();
    let mut lines = lines.peekable();
    while let Some(flag) = lines.next() {
        let list = match flag {
            "--set-json" => &mut user.json,
            "--set" => &mut user.set,
            "--set-string" => &mut user.strings,
            "--set-file" => &mut user.file_contents,
            "--set-literal" => &mut user.literals,
            _ => continue,
        };
        list.extend(lines.next().map(str::to_owned));
    }
    user
}

/// What a file that `--set-file` names has.
fn read(name: &str) -> Result<Str, String> {
    if name.len().is_multiple_of(2) { Ok(name.into()) } else { Err("no such file".to_owned()) }
}

/// The last literal wins over all else, and has everything behind its key.
fn check_literal(user: &UserValues, map: &Map) {
    let Some(literal) = user.literals.last() else { return };
    let Some((key, text)) = literal.split_once('=') else { return };
    if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        assert_eq!(
            map.get(key).as_ref().map(shown_value),
            Some(shown_value(&text.into())),
            "{literal}"
        );
    }
}

fn shown(merged: &Result<Map, Error>) -> String {
    match merged {
        Ok(map) => shown_value(&map.clone().into()),
        Err(error) => error.to_string(),
    }
}

/// Prints a value with the types that matter: `%#v` of Go.
fn shown_value(value: &Value) -> String {
    let printed = sealift_gotemplate::sprintf(&"%#v".into(), std::slice::from_ref(value), SHOWN);
    printed.map_or_else(|limit| limit.to_string(), |text| text.to_string())
}

/// Charts with what a user says: twice the same, neither the chart nor the user's values are changed, and what the
/// user says is what the chart gets.
pub(super) fn coalesce(bytes: &[u8]) {
    let (mut chart_files, mut user) = (Vec::new(), UserValues::default());
    for (name, content) in files(bytes) {
        if name == ARGUMENTS {
            let of_files = std::mem::take(&mut user.files);
            user = arguments(String::from_utf8_lossy(&content).lines());
            user.files = of_files;
        } else if name.starts_with(USER) {
            user.files.push(ValuesFile { name, bytes: content });
        } else {
            chart_files.push((name, content));
        }
    }
    for profile in Profile::ALL {
        let options = LoadOptions { profile, ..LoadOptions::default() };
        let Ok(chart) = Chart::load(chart_files.clone(), &options) else { continue };
        let Ok(said) = user.merge(profile, &mut read) else { continue };
        let before = (shown_value(&said.clone().into()), outline(&chart));
        let first = finished(&chart, &said, profile);
        let second = finished(&chart, &said, profile);
        assert_eq!(shown(&first), shown(&second), "twice the same");
        assert_eq!(
            before,
            (shown_value(&said.clone().into()), outline(&chart)),
            "they are changed"
        );
        if let Ok(all) = &first {
            let charts = chart.metadata.dependencies.iter().flat_map(|it| [&it.name, &it.alias]);
            let charts: Vec<&str> = charts
                .map(String::as_str)
                .chain(chart.dependencies.iter().map(Chart::name))
                .collect();
            check_user(&said, all, &charts);
        }
    }
}

fn finished(chart: &Chart, user: &Map, profile: Profile) -> Result<Map, Error> {
    let chart = process_dependencies(chart, user, profile)?.chart;
    let values = coalesced(&chart, user, profile)?.values;
    drop(validate(&chart, &values, &SchemaLimits::default()));
    Ok(values)
}

fn outline(chart: &Chart) -> String {
    let inner: Vec<String> = chart.dependencies.iter().map(outline).collect();
    format!("{} {} {inner:?}", chart.name(), shown_value(&chart.values.clone().into()))
}

/// What is neither a map nor null, nor of a chart inside, is as the user says.
fn check_user(said: &Map, all: &Map, charts: &[&str]) {
    for (key, value) in &*said.entries() {
        let is_of_charts = key.as_bytes() == b"global"
            || key.as_bytes() == b"tags"
            || charts.iter().any(|name| name.as_bytes() == key.as_bytes());
        match value {
            _ if is_of_charts => {}
            Value::Nil => {}
            Value::Map(said) => match all.get(key.as_bytes()) {
                Some(Value::Map(all)) => check_user(said, &all, &[]),
                other => panic!("{key}: a map became {:?}", other.as_ref().map(shown_value)),
            },
            value => {
                let got = all.get(key.as_bytes());
                assert_eq!(got.as_ref().map(shown_value), Some(shown_value(value)), "{key}");
            }
        }
    }
}

/// Schemas, each with values: twice the same, and whether values are allowed does not depend on whether somebody
/// reads why not.
pub(super) fn schema(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (schema, said) = text.split_once(VALUES).unwrap_or((&text, "{}"));
    let Ok(said) = values(said.as_bytes(), Profile::default()) else { return };
    let first = checked(schema, &said);
    assert_eq!(first, checked(schema, &said), "twice the same");
    if let (Some(allows), Some(negated)) = (verdict(&first), negated(schema)) {
        let again = checked(&negated, &said);
        if let Some(quietly) = verdict(&again) {
            assert_eq!(allows, quietly, "{first:?} {again:?}");
        }
    }
}

fn checked(schema: &str, values: &Map) -> Result<Vec<String>, Error> {
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let files = vec![
        file("Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.2.3\n"),
        file("values.schema.json", schema),
    ];
    let chart = Chart::load(files, &LoadOptions::default()).expect("a chart");
    validate(&chart, values, &SchemaLimits::default())
}

/// Returns whether values are allowed; nothing when the schema is none, or was too much work.
fn verdict(checked: &Result<Vec<String>, Error>) -> Option<bool> {
    match checked {
        Ok(_) => Some(true),
        Err(Error::Schema(text)) if text.starts_with("c:\n- at ") => Some(false),
        Err(_) => None,
    }
}

/// Returns the schema that is not what is not the schema; nothing for one with references, which would lead elsewhere.
fn negated(schema: &str) -> Option<String> {
    let mut schema: Json = serde_json::from_str(schema).ok()?;
    let draft = schema.as_object_mut().and_then(|map| map.remove("$schema"));
    if schema.to_string().contains("\"$") || schema.to_string().contains("\"id\"") {
        return None;
    }
    let mut negated = json!({ "not": { "not": schema } });
    if let Some(draft) = draft {
        negated["$schema"] = draft;
    }
    Some(negated.to_string())
}
