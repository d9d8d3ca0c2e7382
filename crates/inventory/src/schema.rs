//! JSON Schemas of the files.

use schemars::{JsonSchema, generate::SchemaSettings};

use crate::{Decision, Lock, Shipment};

/// Returns the JSON Schema of each file by the name that its schema file has.
#[must_use]
pub fn schemas() -> Vec<(&'static str, serde_json::Value)> {
    vec![
        ("shipment", schema::<Shipment>("Shipment")),
        ("inventory", schema::<crate::inventory::File>("Inventory")),
        ("lock", schema::<Lock>("Lock")),
        ("decisions", schema::<Vec<Decision>>("Decisions")),
    ]
}

fn schema<T: JsonSchema>(title: &str) -> serde_json::Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema.to_value()
}
