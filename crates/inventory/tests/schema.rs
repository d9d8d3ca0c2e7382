//! The JSON Schemas; `cargo test -p sealift-inventory --features schema`.
#![cfg(feature = "schema")]

use std::collections::BTreeSet;

use sealift_inventory::{Lock, schemas};

#[test]
fn a_schema_knows_the_keys_that_its_file_has() {
    let schemas = schemas();
    let names: Vec<_> = schemas.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["shipment", "inventory", "lock", "decisions"]);
    let lock = &schemas[2].1;
    assert_eq!(lock["additionalProperties"], false);
    let known: BTreeSet<_> =
        lock["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    let text = Lock::default().to_yaml();
    let written = text
        .lines()
        .filter(|line| !line.starts_with(['#', ' ', '-']))
        .filter_map(|line| line.split(':').next());
    assert_eq!(written.chain(["graph"]).collect::<BTreeSet<_>>(), known);
}

#[test]
fn a_schema_is_the_same_each_time() {
    assert_eq!(schemas(), schemas());
    insta::assert_snapshot!(serde_json::to_string_pretty(&schemas()[3].1).unwrap());
}
