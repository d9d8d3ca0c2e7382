//! What a value must show of itself to be written.

use std::borrow::Cow;

use crate::node::{Node, Value};

/// A value that [`to_yaml`](crate::to_yaml) can write: a reference, or anything
/// else that is cheap to hand out and lives as long as what it refers to.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use sealift_goyaml::{Emit, Limits, View, to_yaml};
///
/// enum Json {
///     Number(f64),
///     List(Vec<Json>),
///     Object(BTreeMap<Vec<u8>, Json>),
/// }
///
/// impl<'a> Emit<'a> for &'a Json {
///     fn view(self) -> View<'a, Self> {
///         match self {
///             Json::Number(number) => View::Float(*number),
///             Json::List(items) => View::Seq(items.iter().collect()),
///             Json::Object(map) => {
///                 View::Map(map.iter().map(|(key, value)| (key.into(), value)).collect())
///             }
///         }
///     }
/// }
///
/// let ports = Json::List(vec![Json::Number(8080.0), Json::Number(0.5)]);
/// let values = Json::Object(BTreeMap::from([(b"ports".to_vec(), ports)]));
/// assert_eq!(to_yaml(&values, &Limits::default())?, "ports:\n- 8080\n- 0.5\n");
/// # Ok::<(), sealift_goyaml::EmitError>(())
/// ```
pub trait Emit<'a>: Sized {
    /// The value, or the parts of a collection.
    fn view(self) -> View<'a, Self>;
}

/// One level of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum View<'a, V> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A signed integer of Go.
    Int(i64),
    /// An unsigned integer of Go.
    Uint(u64),
    /// A float64 of Go: written without a fraction where it has none.
    Float(f64),
    /// A string of Go, whose bytes need not be UTF-8.
    Str(Cow<'a, [u8]>),
    /// A list.
    Seq(Vec<V>),
    /// A map in any order, each key once.
    Map(Vec<(Cow<'a, [u8]>, V)>),
}

impl<'a> Emit<'a> for &'a Node<'_> {
    fn view(self) -> View<'a, Self> {
        match self.value() {
            Value::Null => View::Null,
            Value::Bool(value) => View::Bool(value),
            Value::Int(value) => View::Int(value),
            Value::Uint(value) => View::Uint(value),
            Value::Float(value) => View::Float(value),
            Value::Str(value) => View::Str(value.as_bytes().into()),
            Value::Seq(items) => View::Seq(items.iter().collect()),
            Value::Map(entries) => View::Map(
                entries
                    .iter()
                    .map(|(key, value)| (key.as_str().unwrap_or("").as_bytes().into(), value))
                    .collect(),
            ),
        }
    }
}
