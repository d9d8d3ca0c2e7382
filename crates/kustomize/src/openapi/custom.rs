//! Types from an `OpenAPI` document that a kustomization names.

use std::collections::HashMap;

use super::{Field, Schema, Type};
use crate::kustomization::{DecodeError, Mode, decode};
use crate::limits;
use crate::yaml::Json;

/// Why a document holds no types.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CustomSchemaError {
    /// It cannot be read.
    #[error("invalid schema file: {0}")]
    Decode(DecodeError),
    /// Both a version and a file are given.
    #[error(
        "builtin version and custom schema provided, cannot use both: version {version:?}, path {path:?}"
    )]
    VersionAndPath {
        /// The version.
        version: String,
        /// The file.
        path: String,
    },
    /// There is no such version.
    #[error("the specified OpenAPI version is not built in: {0:?}, only v1.21.2 is")]
    Version(String),
}

impl From<DecodeError> for CustomSchemaError {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

/// Mirrors `parse` and `AddDefinitions` in `openapi/openapi.go` of kyaml v0.21.2.
pub(super) fn read(text: &str) -> Result<Schema, CustomSchemaError> {
    let document: Json<'static> = decode(text, Mode::Lenient)?;
    let mut builder = Builder::default();
    let Some(Json::Map(definitions)) = document.get("definitions") else {
        return Ok(Schema::default());
    };
    for (name, _) in definitions {
        let number = builder.new_type();
        builder.names.insert(name.to_string(), number);
    }
    for (name, definition) in definitions {
        let number = builder.names[name.as_ref()];
        builder.fill(number, definition, 0);
        for (api_version, kind) in kinds(definition) {
            builder.schema.kinds.insert((api_version, kind), number);
        }
    }
    Ok(builder.schema)
}

/// The kinds that a definition says it is of.
fn kinds(definition: &Json<'_>) -> Vec<(String, String)> {
    let Some(Json::Seq(kinds)) = definition.get("x-kubernetes-group-version-kind") else {
        return Vec::new();
    };
    let text = |kind: &Json<'_>, field: &str| string(kind.get(field)).unwrap_or_default();
    let entry = |kind: &Json<'_>| {
        let (group, version) = (text(kind, "group"), text(kind, "version"));
        let api_version = if group.is_empty() { version } else { format!("{group}/{version}") };
        (api_version, text(kind, "kind"))
    };
    kinds.iter().map(entry).collect()
}

fn string(value: Option<&Json<'_>>) -> Option<String> {
    match value {
        Some(Json::Str(text)) => Some(text.to_string()),
        _ => None,
    }
}

#[derive(Default)]
struct Builder {
    schema: Schema,
    names: HashMap<String, usize>,
}

impl Builder {
    fn new_type(&mut self) -> usize {
        self.schema.types.push(Type::default());
        self.schema.types.len() - 1
    }

    fn fill(&mut self, number: usize, definition: &Json<'_>, depth: usize) {
        if limits::folders(depth).is_err() {
            return;
        }
        let mut filled = Type::default();
        if let Some(Json::Map(properties)) = definition.get("properties") {
            for (name, property) in properties {
                filled.fields.insert(name.to_string(), self.field(property, depth + 1));
            }
        }
        let additional = definition.get("additionalProperties");
        filled.additional = additional
            .filter(|schema| matches!(schema, Json::Map(_)))
            .map(|schema| self.field(schema, depth + 1));
        self.schema.types[number] = filled;
    }

    fn field(&mut self, property: &Json<'_>, depth: usize) -> Field {
        if let Some(number) = self.reference(property) {
            return Field { target: Some(number), ..Field::default() };
        }
        if string(property.get("type")).as_deref() != Some("array") {
            return Field { target: Some(self.inline(property, depth)), ..Field::default() };
        }
        let strategy = string(property.get("x-kubernetes-patch-strategy")).unwrap_or_default();
        let keys = match property.get("x-kubernetes-list-map-keys") {
            Some(Json::Seq(keys)) => keys.iter().filter_map(|key| string(Some(key))).collect(),
            _ => string(property.get("x-kubernetes-patch-merge-key")).into_iter().collect(),
        };
        let target = property
            .get("items")
            .map(|items| self.reference(items).unwrap_or_else(|| self.inline(items, depth)));
        let merges = strategy.split(',').any(|strategy| strategy == "merge");
        Field { is_list: true, target, merges, keys }
    }

    fn reference(&self, schema: &Json<'_>) -> Option<usize> {
        let reference = string(schema.get("$ref"))?;
        self.names.get(reference.strip_prefix("#/definitions/")?).copied()
    }

    fn inline(&mut self, schema: &Json<'_>, depth: usize) -> usize {
        let number = self.new_type();
        self.fill(number, schema, depth);
        number
    }
}
