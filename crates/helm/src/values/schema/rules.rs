//! Schemas that were read: what each keyword asks for.

use std::collections::BTreeMap;
use std::rc::Rc;

use sealift_gotemplate::{Str, Value};

use super::decimal::Decimal;
use super::format::Format;
use super::place::PlaceId;

/// A schema, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct SchemaId(pub(super) usize);

/// A schema. Keywords are in boxes by what they are about, since most schemas have few.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) place: PlaceId,
    /// The schema of the resource that this one is in.
    pub(super) resource: SchemaId,
    pub(super) version: u16,
    /// What a schema says that is a truth.
    pub(super) truth: Option<bool>,
    pub(super) covers: Covers,
    pub(super) references: Option<Box<References>>,
    pub(super) any: Option<Box<AnyRules>>,
    pub(super) combined: Option<Box<Combined>>,
    pub(super) object: Option<Box<ObjectRules>>,
    pub(super) array: Option<Box<ArrayRules>>,
    pub(super) text: Option<Box<TextRules>>,
    pub(super) number: Option<Box<NumberRules>>,
}

impl Schema {
    /// A schema that asks for nothing yet.
    pub(super) fn new(place: PlaceId, resource: SchemaId, version: u16) -> Self {
        Self {
            place,
            resource,
            version,
            truth: None,
            covers: Covers::default(),
            references: None,
            any: None,
            combined: None,
            object: None,
            array: None,
            text: None,
            number: None,
        }
    }
}

/// What a schema looks at whatever the value is, so that nothing is left unevaluated.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Covers {
    pub(super) all_properties: bool,
    pub(super) all_items: bool,
    /// Items from the first on.
    pub(super) items: usize,
}

/// `$ref` and its kin.
#[derive(Debug, Default)]
pub(super) struct References {
    pub(super) plain: Option<SchemaId>,
    pub(super) recursive: Option<SchemaId>,
    pub(super) is_recursive_anchor: bool,
    /// The target, and the anchor that the reference names.
    pub(super) dynamic: Option<(SchemaId, Option<String>)>,
    pub(super) dynamic_anchor: Option<String>,
    /// The dynamic anchors of a resource.
    pub(super) dynamic_anchors: BTreeMap<String, SchemaId>,
}

/// Keywords for values of any type.
#[derive(Debug, Default)]
pub(super) struct AnyRules {
    pub(super) types: Types,
    pub(super) constant: Option<Value>,
    /// How much there is to compare with.
    pub(super) weight: usize,
    pub(super) choices: Option<Choices>,
    pub(super) format: Option<Format>,
}

/// `enum`.
#[derive(Debug)]
pub(super) struct Choices {
    pub(super) values: Vec<Value>,
    pub(super) types: Types,
}

/// Keywords with schemas for the same value.
#[derive(Debug, Default)]
pub(super) struct Combined {
    pub(super) not: Option<SchemaId>,
    pub(super) all_of: Vec<SchemaId>,
    pub(super) any_of: Vec<SchemaId>,
    pub(super) one_of: Vec<SchemaId>,
    pub(super) condition: Option<SchemaId>,
    pub(super) then: Option<SchemaId>,
    pub(super) otherwise: Option<SchemaId>,
}

/// Keywords for maps.
#[derive(Debug, Default)]
pub(super) struct ObjectRules {
    pub(super) min_properties: Option<i64>,
    pub(super) max_properties: Option<i64>,
    pub(super) required: Vec<Str>,
    pub(super) properties: BTreeMap<Str, SchemaId>,
    pub(super) patterns: Vec<(Rc<str>, SchemaId)>,
    pub(super) additional: Option<Additional>,
    pub(super) names: Option<SchemaId>,
    pub(super) dependencies: BTreeMap<Str, Dependency>,
    pub(super) dependent_required: BTreeMap<Str, Vec<Str>>,
    pub(super) dependent_schemas: BTreeMap<Str, SchemaId>,
    pub(super) unevaluated: Option<SchemaId>,
}

/// What a property asks for when it is there.
#[derive(Debug)]
pub(super) enum Dependency {
    Properties(Vec<Str>),
    Schema(SchemaId),
}

/// `additionalProperties`, `additionalItems`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Additional {
    Truth(bool),
    Schema(SchemaId),
}

/// Keywords for lists.
#[derive(Debug, Default)]
pub(super) struct ArrayRules {
    pub(super) min_items: Option<i64>,
    pub(super) max_items: Option<i64>,
    pub(super) is_unique: bool,
    pub(super) contains: Option<SchemaId>,
    pub(super) min_contains: Option<i64>,
    pub(super) max_contains: Option<i64>,
    /// A schema for each item from the first on: `prefixItems`, or `items` when it is a list.
    pub(super) first: Vec<SchemaId>,
    /// For all items behind those: `items`.
    pub(super) others: Option<SchemaId>,
    /// `additionalItems`.
    pub(super) additional: Option<Additional>,
    pub(super) unevaluated: Option<SchemaId>,
}

/// Keywords for texts.
#[derive(Debug, Default)]
pub(super) struct TextRules {
    pub(super) min_length: Option<i64>,
    pub(super) max_length: Option<i64>,
    pub(super) pattern: Option<Rc<str>>,
}

/// Keywords for numbers.
#[derive(Debug, Default)]
pub(super) struct NumberRules {
    pub(super) minimum: Option<Decimal>,
    pub(super) maximum: Option<Decimal>,
    pub(super) above: Option<Decimal>,
    pub(super) below: Option<Decimal>,
    pub(super) multiple_of: Option<Decimal>,
}

/// A set of JSON's types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Types(u8);

/// JSON's types, in the order in which messages have them.
const NAMES: [&str; 7] = ["null", "boolean", "number", "integer", "string", "array", "object"];

impl Types {
    pub(super) const INTEGER: Self = Self(1 << 3);

    /// Returns the type of a value, as a set of one; an integer is a number.
    pub(super) fn of(value: &Value) -> Self {
        let place = match value {
            Value::Nil | Value::NilOf(_) => 0,
            Value::Bool(_) => 1,
            Value::Str(_) => 4,
            Value::List(_) => 5,
            Value::Map(_) => 6,
            _ => 2,
        };
        Self(1 << place)
    }

    /// Adds a type by its name; others are passed over.
    pub(super) fn add_named(&mut self, name: &Str) {
        if let Some(place) = NAMES.iter().position(|known| known.as_bytes() == name.as_bytes()) {
            self.0 |= 1 << place;
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the names, with a word between them.
    pub(super) fn joined(self, between: &str) -> String {
        let has = |place: usize| self.0 & (1 << place) != 0;
        let names = (0..NAMES.len()).filter(|place| has(*place)).map(|place| NAMES[place]);
        names.collect::<Vec<_>>().join(between)
    }
}
