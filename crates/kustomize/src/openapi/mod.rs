//! What is known of the types of objects: which lists a patch merges, and by which keys.

mod custom;
mod table;

use std::collections::HashMap;

pub use custom::CustomSchemaError;

/// The types of one version of Kubernetes, or of a file that a kustomization names.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    types: Vec<Type>,
    /// By `apiVersion` and `kind`.
    kinds: HashMap<(String, String), usize>,
}

/// An object type.
#[derive(Debug, Default)]
struct Type {
    fields: HashMap<String, Field>,
    /// What every other field is.
    additional: Option<Field>,
}

/// A field of a type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Field {
    is_list: bool,
    /// The type of the field, or of the items of the list.
    target: Option<usize>,
    /// Whether a patch is merged into a list item by item.
    merges: bool,
    /// The fields that tell items apart; none for a list of scalars.
    keys: Vec<String>,
}

/// What is known of a node.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Known<'s> {
    /// It is of a type.
    Object(&'s Schema, usize),
    /// It is a field that is no object.
    Field(&'s Schema, &'s Field),
}

impl Schema {
    /// The types of Kubernetes 1.21, those from which a strategy is reached.
    pub(crate) fn builtin() -> &'static Self {
        table::builtin()
    }

    /// Reads an `OpenAPI` document, JSON or YAML.
    pub(crate) fn custom(text: &str) -> Result<Self, CustomSchemaError> {
        custom::read(text)
    }

    /// What is known of an object.
    pub(crate) fn of_kind(&self, api_version: &str, kind: &str) -> Option<Known<'_>> {
        let number = self.kinds.get(&(api_version.to_owned(), kind.to_owned()))?;
        Some(Known::Object(self, *number))
    }

    fn known<'s>(&'s self, field: &'s Field) -> Known<'s> {
        match field.target {
            Some(number) if !field.is_list => Known::Object(self, number),
            _ => Known::Field(self, field),
        }
    }
}

impl<'s> Known<'s> {
    /// What is known of a field.
    pub(crate) fn field(self, name: &str) -> Option<Self> {
        let Known::Object(schema, number) = self else { return None };
        let known = schema.types.get(number)?;
        let field = known.fields.get(name).or(known.additional.as_ref())?;
        Some(schema.known(field))
    }

    /// What is known of the items of a list.
    pub(crate) fn items(self) -> Option<Self> {
        match self {
            Known::Field(schema, Field { is_list: true, target: Some(number), .. }) => {
                Some(Known::Object(schema, *number))
            }
            _ => None,
        }
    }

    /// The keys by which a list is merged; `None` where it is replaced.
    pub(crate) fn merge_keys(self) -> Option<&'s [String]> {
        match self {
            Known::Field(_, field) if field.merges => Some(&field.keys),
            _ => None,
        }
    }
}
