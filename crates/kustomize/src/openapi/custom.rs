//! Types from an `OpenAPI` document that a kustomization names.

use super::{Field, Schema, Target, Type};
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
        builder.schema.names.insert(name.to_string(), number);
    }
    for (name, definition) in definitions {
        let number = builder.schema.names[name.as_ref()];
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

/// What a schema refers to.
enum Reference {
    None,
    Nowhere,
    To(Field),
}

impl Schema {
    /// Where a reference leads: to a type, or to a field of one.
    fn referred(&self, reference: &str) -> Option<Field> {
        let mut parts = reference.strip_prefix("#/definitions/")?.split('/');
        let number = *self.names.get(parts.next()?)?;
        let mut field = Field { target: Some(Target::Own(number)), ..Field::default() };
        while let Some(part) = parts.next() {
            let Some(Target::Own(number)) = field.target.filter(|_| part == "properties") else {
                return None;
            };
            field = self.types.get(number)?.fields.get(parts.next()?)?.clone();
        }
        Some(field)
    }
}

/// Adds types to those that are known.
#[derive(Default)]
pub(super) struct Builder<'b> {
    schema: Schema,
    /// The types that comments refer to.
    base: Option<&'b Schema>,
}

impl<'b> Builder<'b> {
    /// Adds types that comments say.
    pub(super) fn of_comments(schema: Schema, base: &'b Schema) -> Self {
        Self { schema, base: Some(base) }
    }

    pub(super) fn into_schema(self) -> Schema {
        self.schema
    }

    /// What a comment says of its field; a reference that leads nowhere is passed over.
    pub(super) fn comment(&mut self, schema: &Json<'_>) -> Field {
        match self.reference(schema) {
            Reference::To(field) => field,
            Reference::None | Reference::Nowhere => self.described(schema, 0),
        }
    }

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
        match self.reference(property) {
            Reference::To(field) => field,
            Reference::Nowhere => Field::default(),
            Reference::None => self.described(property, depth),
        }
    }

    /// A field without a reference. Only the items of what is a list, and of nothing else, have a type.
    fn described(&mut self, property: &Json<'_>, depth: usize) -> Field {
        let is_list = match property.get("type") {
            Some(Json::Seq(types)) => *types == [Json::Str("array".into())],
            only => string(only).as_deref() == Some("array"),
        };
        let strategy = string(property.get("x-kubernetes-patch-strategy")).unwrap_or_default();
        let keys = match property.get("x-kubernetes-list-map-keys") {
            Some(Json::Seq(keys)) => keys.iter().filter_map(|key| string(Some(key))).collect(),
            _ => string(property.get("x-kubernetes-patch-merge-key")).into_iter().collect(),
        };
        let target = if is_list {
            property.get("items").and_then(|items| self.target(items, depth))
        } else {
            Some(Target::Own(self.inline(property, depth)))
        };
        let merges = strategy.split(',').any(|strategy| strategy == "merge");
        Field { is_list, target, merges, keys }
    }

    /// The type of items.
    fn target(&mut self, items: &Json<'_>, depth: usize) -> Option<Target> {
        match self.reference(items) {
            Reference::To(field) => field.target,
            Reference::Nowhere => None,
            Reference::None => Some(Target::Own(self.inline(items, depth))),
        }
    }

    /// The reference of a schema.
    fn reference(&self, schema: &Json<'_>) -> Reference {
        let Some(text) = string(schema.get("$ref")).filter(|text| !text.is_empty()) else {
            return Reference::None;
        };
        let to_base = |target| match target {
            Target::Own(number) | Target::Base(number) => Target::Base(number),
        };
        let field = match self.base {
            Some(base) => base
                .referred(&text)
                .map(|field| Field { target: field.target.map(to_base), ..field }),
            None => self.schema.referred(&text),
        };
        field.map_or(Reference::Nowhere, Reference::To)
    }

    fn inline(&mut self, schema: &Json<'_>, depth: usize) -> usize {
        let number = self.new_type();
        self.fill(number, schema, depth);
        number
    }
}
