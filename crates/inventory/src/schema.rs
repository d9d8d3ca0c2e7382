//! JSON Schemas of the files.

use schemars::{JsonSchema, generate::SchemaSettings};

use crate::{Decision, Lock, Shipment};

/// Returns the JSON Schema of each file by the name that its schema file has.
#[must_use]
pub fn schemas() -> Vec<(&'static str, serde_json::Value)> {
    vec![
        ("shipment", schema::<Shipment>()),
        ("inventory", schema::<crate::inventory::File>()),
        ("lock", schema::<Lock>()),
        ("decisions", schema::<Vec<Decision>>()),
    ]
}

fn schema<T: JsonSchema>() -> serde_json::Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value()
}
