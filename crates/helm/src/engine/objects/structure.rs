//! Structures of Go, and pointers to them.

use std::any::Any;

use sealift_gotemplate::{Function, Object, Str, Value};

/// A structure, or a pointer to one, when the name of its type begins with `*`.
pub(in crate::engine) struct Structure {
    pub(super) type_name: String,
    pub(super) fields: Vec<Field>,
    pub(super) methods: Methods,
    /// What it prints where Go can take its address.
    pub(super) text_at_address: Option<Str>,
}

/// Looks up a method by its name, bound to the structure.
type Methods = Box<dyn Fn(&str) -> Option<Function>>;

/// A field of a structure.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) json: Json,
    pub(super) value: Value,
}

/// How a field is written as JSON.
#[derive(Clone, Copy)]
pub(super) enum Json {
    /// Its fields stand in place of it.
    Embedded,
    /// Not at all, and templates do not see it.
    Hidden,
    /// Under a name.
    Named(&'static str),
    /// Under a name, unless it is empty.
    OmitEmpty(&'static str),
}

impl Structure {
    pub(super) fn new(type_name: impl Into<String>, fields: Vec<Field>) -> Self {
        let methods = Box::new(|_: &str| None);
        Self { type_name: type_name.into(), fields, methods, text_at_address: None }
    }

    /// Returns the fields that other packages of Go see, those of what is embedded in place
    /// of that.
    pub(in crate::engine) fn exported(&self) -> Vec<(&'static str, Value)> {
        let mut seen = Vec::new();
        for Field { name, json, value } in &self.fields {
            match json {
                Json::Embedded => {
                    let inner =
                        inner(value).and_then(|inner| inner.as_any().downcast_ref::<Self>());
                    seen.extend(inner.map(Self::exported).into_iter().flatten());
                }
                Json::Hidden => {}
                Json::Named(_) | Json::OmitEmpty(_) => seen.push((*name, value.clone())),
            }
        }
        seen
    }
}

impl Object for Structure {
    fn type_name(&self) -> &str {
        &self.type_name
    }

    fn field(&self, name: &str) -> Option<Value> {
        let is_seen = |field: &&Field| !matches!(field.json, Json::Hidden);
        let own = self.fields.iter().filter(is_seen).find(|field| field.name == name);
        own.map(|field| field.value.clone()).or_else(|| {
            let mut embedded =
                self.fields.iter().filter(|field| matches!(field.json, Json::Embedded));
            embedded.find_map(|field| inner(&field.value)?.field(name))
        })
    }

    fn hides_field(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name && matches!(field.json, Json::Hidden))
    }

    fn method(&self, name: &str) -> Option<Function> {
        (self.methods)(name)
    }

    fn fields(&self) -> Vec<(String, Value)> {
        self.fields.iter().map(|field| (field.name.to_owned(), field.value.clone())).collect()
    }

    fn json_fields(&self) -> Vec<(String, Value)> {
        let mut written = Vec::new();
        for Field { json, value, .. } in &self.fields {
            match json {
                Json::Embedded => {
                    written.extend(inner(value).map(Object::json_fields).into_iter().flatten());
                }
                Json::OmitEmpty(_) if !value.is_true() => {}
                Json::Named(name) | Json::OmitEmpty(name) => {
                    written.push(((*name).to_owned(), value.clone()));
                }
                Json::Hidden => {}
            }
        }
        written
    }

    fn text_at_address(&self) -> Option<Str> {
        self.text_at_address.clone()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Returns the structure that a field holds.
fn inner(value: &Value) -> Option<&dyn Object> {
    match value {
        Value::Object(object) => Some(&**object),
        _ => None,
    }
}
