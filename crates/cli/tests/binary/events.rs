//! `mirror --json`: every line is what its schema says.

use std::collections::{BTreeMap, BTreeSet};

use sealift_testkit::{Entry, Reply, Script};
use serde_json::{Map, Value, json};

use crate::scene::Scene;

/// The schema of a line, as users get it.
fn schema() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schemas/mirror-events.json");
    let text = std::fs::read_to_string(path).expect("`cargo xtask docs` writes it");
    serde_json::from_str(&text).expect("JSON")
}

/// What stands in the way of a value, in the words of JSON Schema that our schemas use.
fn mistakes(schema: &Value, root: &Value, value: &Value) -> Vec<String> {
    let mut mistakes = Vec::new();
    let schema = whole(schema, root);
    for (word, wanted) in &schema {
        match word.as_str() {
            "oneOf" => {
                let choices = wanted.as_array().expect("a list").iter();
                let fit: Vec<_> =
                    choices.map(|choice| self::mistakes(choice, root, value)).collect();
                if fit.iter().filter(|mistakes| mistakes.is_empty()).count() != 1 {
                    mistakes.push(format!("{value} fits not one choice: {fit:?}"));
                }
            }
            "const" if wanted != value => mistakes.push(format!("{value} is not {wanted}")),
            "type" if !has_type(wanted, value) => mistakes.push(format!("{value} is not {wanted}")),
            "minimum" if value.as_f64() < wanted.as_f64() => {
                mistakes.push(format!("{value} is less than {wanted}"));
            }
            "required" => {
                let names = wanted.as_array().expect("a list").iter().filter_map(Value::as_str);
                mistakes.extend(
                    names.filter(|name| value.get(name).is_none()).map(|name| format!("no {name}")),
                );
            }
            "properties" => {
                for (name, value) in value.as_object().into_iter().flatten() {
                    match wanted.get(name).or(schema.get("additionalProperties")) {
                        Some(schema) => mistakes.extend(self::mistakes(schema, root, value)),
                        None => mistakes.push(format!("`{name}` is not in the schema")),
                    }
                }
            }
            "items" => {
                let items = value.as_array().into_iter().flatten();
                mistakes.extend(items.flat_map(|item| self::mistakes(wanted, root, item)));
            }
            "const"
            | "type"
            | "minimum"
            | "description"
            | "format"
            | "title"
            | "$schema"
            | "$defs"
            | "additionalProperties" => {}
            other => panic!("the check does not know `{other}`"),
        }
    }
    mistakes
}

/// A schema with what it refers to.
fn whole(schema: &Value, root: &Value) -> Map<String, Value> {
    if *schema == Value::Bool(false) {
        return Map::from_iter([("const".to_owned(), json!("nothing"))]);
    }
    let mut whole = schema.as_object().expect("a schema").clone();
    if let Some(name) = whole.remove("$ref") {
        let path = name.as_str().and_then(|name| name.strip_prefix('#')).expect("within the file");
        for (word, value) in self::whole(root.pointer(path).expect("it is there"), root) {
            match (whole.get_mut(&word), value) {
                (Some(Value::Object(own)), Value::Object(more)) => own.extend(more),
                (Some(Value::Array(own)), Value::Array(more)) => own.extend(more),
                (Some(_), _) => {}
                (None, value) => drop(whole.insert(word, value)),
            }
        }
    }
    whole
}

fn has_type(wanted: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("no type `{other}`"),
    };
    match wanted {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        other => panic!("no type {other}"),
    }
}

/// Runs `mirror --json`, checks every line, and returns them.
fn events(scene: &Scene, arguments: &[&str], code: i32) -> Vec<Value> {
    let ran = scene.env.run([&["mirror", "--json"], arguments].concat()).expect_code(code);
    let schema = schema();
    let lines = ran.stdout.lines().map(|line| {
        let event: Value = serde_json::from_str(line).expect("one value a line");
        assert_eq!(mistakes(&schema, &schema, &event), [""; 0], "{line}");
        event
    });
    lines.collect()
}

fn counted(events: &[Value]) -> BTreeMap<&str, usize> {
    let mut counted = BTreeMap::new();
    for event in events {
        *counted.entry(event["event"].as_str().expect("a text")).or_default() += 1;
    }
    counted
}

#[test]
fn the_check_finds_what_is_wrong_with_an_event() {
    let schema = schema();
    let good = json!({"event": "planned", "images": 1, "manifests": 1, "blobs": 2, "bytes": 3});
    assert_eq!(mistakes(&schema, &schema, &good), [""; 0]);
    for (name, value) in [("bytes", json!("3")), ("more", json!(1)), ("event", json!("planted"))] {
        let mut bad = good.clone();
        bad[name] = value;
        assert_ne!(mistakes(&schema, &schema, &bad), [""; 0], "{bad}");
    }
}

#[test]
fn every_line_of_a_copy_is_in_the_schema_and_the_summary_adds_up() {
    let (scene, far_side) = Scene::with_lock();
    let cold = events(&scene, &["--to", &far_side], 0);
    let wanted = [
        ("planned", 1),
        ("started", 10),
        ("copied", 10),
        ("mounted", 2),
        ("manifest", 5),
        ("done", 3),
        ("summary", 1),
    ];
    assert_eq!(counted(&cold), BTreeMap::from(wanted));
    let sum = |name: &str| -> u64 {
        let of = cold.iter().filter(|event| event["event"] == name);
        of.map(|event| event["bytes"].as_u64().expect("a number")).sum()
    };
    let summary = &cold[cold.len() - 1];
    assert_eq!(summary["read"]["bytes"], sum("copied"));
    assert_eq!(summary["sent"], json!({"blobs": 10, "bytes": sum("copied")}));
    assert_eq!(summary["mounted"], json!({"blobs": 2, "bytes": sum("mounted")}));
    assert_eq!((&summary["retried"], &summary["readAgain"]), (&json!({}), &json!({"bytes": 0})));
    assert_eq!(
        summary["requests"]["target"],
        json!({"HEAD manifest": 3, "POST upload": 12, "PUT manifest": 5, "PUT upload": 10, "ping": 2})
    );
    assert_eq!(summary["requests"]["source"], json!({"GET blob": 10, "ping": 2}));

    let warm = events(&scene, &["--to", &far_side], 0);
    assert_eq!(counted(&warm), BTreeMap::from([("planned", 1), ("skipped", 3), ("summary", 1)]));
    let summary = &warm[warm.len() - 1];
    assert_eq!(summary["skipped"]["images"], 3);
    assert!(summary["skipped"]["bytes"].as_u64() > Some(10_000), "{summary}");
    // https is tried first, also on loopback.
    assert_eq!(summary["requests"]["total"], 3 + 2);
}

#[test]
fn waits_tries_and_what_is_missing_are_told_as_they_happen() {
    let (mut scene, _) = Scene::with_lock();
    let unknown = Reply::error(404, "NAME_UNKNOWN", "repository name not known to registry");
    let busy = Reply::error(429, "TOOMANYREQUESTS", "slow down").header("Retry-After", "1");
    let denied = Reply::error(403, "DENIED", "quota of project ml exceeded");
    let script = Script::new()
        .open()
        .entry(Entry::head("*").reply(unknown.clone()))
        .entry(Entry::get("*").reply(unknown))
        .entry(Entry::post("*").reply(busy).times(1))
        .entry(Entry::post("*").reply(denied));
    let target = scene.scripted("target", script);
    let to = target.address() + "/ml";
    let events = events(&scene, &["--to", &to], 3);
    let names: BTreeSet<_> = counted(&events).into_keys().collect();
    assert_eq!(
        names,
        BTreeSet::from(["failed", "missing", "planned", "retried", "summary", "waiting"])
    );
    let of = |name: &str| events.iter().find(|event| event["event"] == name).expect("it is there");
    assert_eq!(
        (&of("retried")["cause"], &of("missing")["side"]),
        (&json!("busy"), &json!("target"))
    );
    assert!(of("waiting")["reason"].as_str().is_some_and(|reason| reason.contains("slow down")));
    assert_eq!(of("missing")["images"].as_array().map(Vec::len), Some(3));
    assert_eq!(of("summary")["retried"], json!({"busy": 1}));

    let target = scene.scripted(
        "busy",
        Script::new()
            .open()
            .entry(
                Entry::head("*")
                    .reply(
                        Reply::error(429, "TOOMANYREQUESTS", "slow down")
                            .header("Retry-After", "1"),
                    )
                    .times(1),
            )
            .entry(Entry::head("*").reply(Reply::error(401, "DENIED", "no"))),
    );
    let said = scene.env.run(["mirror", "--to", &target.address()]).stderr;
    assert!(said.contains(" s: busy.test asks to slow down (429"), "{said}");
    assert!(said.contains("waiting "), "{said}");
}
