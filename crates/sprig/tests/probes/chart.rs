//! What the templates of the chart of the probes see.

use sealift_gotemplate::{List, Map, Named, Type, Value};
use serde_json::{Value as Json, json};

/// Returns the values of the top: `.Values`, `.Release` and so on.
pub(crate) fn data() -> Value {
    let named = Named::new("common.Values", Type::dict(), |_, _| None);
    let values = |json: Json| {
        let map = Map::named(std::rc::Rc::clone(&named));
        for (key, json) in json.as_object().into_iter().flatten() {
            map.insert(key.as_str(), value(json));
        }
        map
    };
    let top = values(json!({}));
    top.insert("Values", values(chart_values()));
    top.insert(
        "Template",
        values(json!({"Name": "p2/templates/a.txt", "BasePath": "p2/templates"})),
    );
    top.insert("Chart", value(&metadata()));
    let release = value(&json!({"Name": "rel", "Namespace": "ns", "Service": "Helm",
        "IsInstall": true, "IsUpgrade": false}));
    if let Some(release) = release.as_map() {
        release.insert("Revision", Value::Int(1));
    }
    top.insert("Release", release);
    top.into()
}

/// The chart's values, as Helm puts those of its parts together.
fn chart_values() -> Json {
    json!({
        "a": {"b": 1, "c": [1, 2, {"d": "e"}]}, "f": 1.5, "false": 8080, "global": {"g": 1},
        "imp": 5, "list": ["c", "a", "b", "a"], "nest": {"m": {}}, "s": "str",
        "sub": {"enabled": true, "exports": {"data": {"imp": 5}}, "global": {"g": 1, "sg": 1},
            "nested": {"k": "v"}, "x": 2},
        "suba": {"enabled": true, "exports": {"data": {"imp": 5}}, "global": {"g": 1, "sg": 1},
            "nested": {"k": "v"}, "x": 1},
        "zlib": {"global": {"g": 1}},
    })
}

fn metadata() -> Json {
    let dependency = |name: &str, alias: &str, condition: &str, enabled: bool, imports: Json| {
        json!({"Alias": alias, "Condition": condition, "Enabled": enabled, "ImportValues": imports,
            "Name": name, "Repository": "", "Tags": [], "Version": "*"})
    };
    json!({
        "APIVersion": "v2", "Annotations": {"x": "y"}, "AppVersion": "4.5", "Condition": "",
        "Dependencies": [
            dependency("suba", "suba", "suba.enabled", true, json!([])),
            dependency("sub", "", "sub.enabled", true, json!([{"child": "exports.data", "parent": "."}])),
        ],
        "Deprecated": false, "Description": "d", "Home": "h", "Icon": "", "IsRoot": true,
        "Keywords": ["a", "b"], "KubeVersion": "",
        "Maintainers": [{"Email": "e@x", "Name": "m", "URL": ""}], "Name": "p2", "Sources": [],
        "Tags": "", "Type": "", "Version": "1.2.3",
    })
}

/// Returns what Go makes of JSON.
pub(crate) fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(truth) => (*truth).into(),
        Json::Number(number) => number.as_f64().unwrap_or_default().into(),
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => items.iter().map(value).collect::<List>().into(),
        Json::Object(entries) => {
            entries.iter().map(|(key, json)| (key.as_str(), value(json))).collect::<Map>().into()
        }
    }
}
