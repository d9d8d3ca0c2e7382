//! What is known of the types of objects: which lists a patch merges, and by which keys.

mod comments;
mod custom;
mod strict;
mod table;

use std::collections::HashMap;

pub(crate) use comments::Comments;
pub use custom::CustomSchemaError;

/// The types of one version of Kubernetes, or of a file that a kustomization names.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    types: Vec<Type>,
    /// By the names that references have for them.
    names: HashMap<String, usize>,
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
    target: Option<Target>,
    /// Whether a patch is merged into a list item by item.
    merges: bool,
    /// The fields that tell items apart; none for a list of scalars.
    keys: Vec<String>,
}

/// A type by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    /// Among the types where the field is.
    Own(usize),
    /// Among those that comments refer to.
    Base(usize),
}

/// Where types are looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'s> {
    own: &'s Schema,
    base: &'s Schema,
}

/// What is known of a node.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Known<'s> {
    /// It is of a type.
    Object(Scope<'s>, usize),
    /// It is a field that is no object.
    Field(Scope<'s>, &'s Field),
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
        Some(Known::Object(Scope { own: self, base: self }, *number))
    }
}

impl<'s> Scope<'s> {
    fn known(self, field: &'s Field) -> Known<'s> {
        match field.target {
            Some(target) if !field.is_list && !field.merges => self.object(target),
            _ => Known::Field(self, field),
        }
    }

    fn object(self, target: Target) -> Known<'s> {
        match target {
            Target::Own(number) => Known::Object(self, number),
            Target::Base(number) => Known::Object(Self { own: self.base, ..self }, number),
        }
    }
}

impl<'s> Known<'s> {
    /// What is known of a field.
    pub(crate) fn field(self, name: &str) -> Option<Self> {
        let object = match self {
            Known::Field(scope, Field { is_list: false, target: Some(target), .. }) => {
                scope.object(*target)
            }
            other => other,
        };
        let Known::Object(scope, number) = object else { return None };
        let known = scope.own.types.get(number)?;
        let field = known.fields.get(name).or(known.additional.as_ref())?;
        Some(scope.known(field))
    }

    /// What is known of the items of a list.
    pub(crate) fn items(self) -> Option<Self> {
        match self {
            Known::Field(scope, Field { is_list: true, target: Some(target), .. }) => {
                Some(scope.object(*target))
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
