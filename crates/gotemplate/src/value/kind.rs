//! Go's types, as far as values here have them.

use std::fmt;
use std::rc::Rc;

use super::Value;
use crate::function::Function;

/// A Go type: what `%T` prints, and what arguments are checked against.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Type {
    /// `interface {}`: any value, `nil` included.
    Any,
    /// `bool`.
    Bool,
    /// `[]uint8`.
    Bytes,
    /// `complex128`.
    Complex,
    /// `float32`.
    Float32,
    /// `float64`.
    Float64,
    /// A function, by what Go prints for its type.
    Func(Rc<str>),
    /// `int`.
    Int,
    /// `int8`.
    Int8,
    /// `int16`.
    Int16,
    /// `int32`.
    Int32,
    /// `int64`.
    Int64,
    /// A slice of some type.
    List(Rc<Self>),
    /// A map from strings to some type.
    Map(Rc<Self>),
    /// A type with a name of its own.
    Named(Rc<Named>),
    /// A pointer or structure of the host, by what Go prints for its type.
    Object(Rc<str>),
    /// `reflect.Value`, which only functions of Go's own take: any value, or none.
    Reflect,
    /// `string`.
    String,
    /// `uint`.
    Uint,
    /// `uint8`.
    Uint8,
    /// `uint16`.
    Uint16,
    /// `uint32`.
    Uint32,
    /// `uint64`.
    Uint64,
}

/// A named type of lists or maps, such as Helm's `common.Values`, with its methods.
///
/// Two with the same name are the same type.
pub struct Named {
    name: Box<str>,
    underlying: Type,
    methods: Methods,
}

/// Looks up a method by its name, for one value of the type.
type Methods = Box<dyn Fn(&Value, &str) -> Option<Function>>;

impl Named {
    /// Returns a type whose values are those of `underlying`: a list or a map.
    ///
    /// `methods` returns the method of a value, bound to it, by its name.
    #[must_use]
    pub fn new(
        name: &str,
        underlying: Type,
        methods: impl Fn(&Value, &str) -> Option<Function> + 'static,
    ) -> Rc<Self> {
        Rc::new(Self { name: name.into(), underlying, methods: Box::new(methods) })
    }

    /// Returns the name, such as `common.Values`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the type without the name.
    #[must_use]
    pub fn underlying(&self) -> &Type {
        &self.underlying
    }

    pub(crate) fn method(&self, value: &Value, name: &str) -> Option<Function> {
        (self.methods)(value, name)
    }
}

impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)
    }
}

impl Type {
    /// Returns `[]elem`.
    #[must_use]
    pub fn list(elem: Self) -> Self {
        Self::List(Rc::new(elem))
    }

    /// Returns `map[string]elem`.
    #[must_use]
    pub fn map(elem: Self) -> Self {
        Self::Map(Rc::new(elem))
    }

    /// Returns `map[string]interface {}`.
    #[must_use]
    pub fn dict() -> Self {
        Self::map(Self::Any)
    }

    /// Returns the type without its name.
    pub(crate) fn underlying(&self) -> &Self {
        match self {
            Self::Named(named) => &named.underlying,
            other => other,
        }
    }

    /// Returns whether `nil` is one of the type's values.
    pub(crate) fn can_be_nil(&self) -> bool {
        use Type::{Any, Bytes, Func, List, Map, Object, Reflect};
        match self.underlying() {
            Any | Bytes | Func(_) | List(_) | Map(_) | Reflect => true,
            Object(name) => name.starts_with('*'),
            _ => false,
        }
    }

    /// Returns whether a value of this type may stand where `other` is expected.
    pub(crate) fn is_assignable_to(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Any) => true,
            (Self::Named(this), Self::Named(that)) => this.name == that.name,
            _ => self.underlying().is_same(other.underlying()),
        }
    }

    /// Returns whether both are one and the same type.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Func(this), Self::Func(that)) | (Self::Object(this), Self::Object(that)) => {
                this == that
            }
            (Self::List(this), Self::List(that)) | (Self::Map(this), Self::Map(that)) => {
                this.is_same(that)
            }
            (Self::List(this), Self::Bytes) | (Self::Bytes, Self::List(this)) => {
                matches!(**this, Self::Uint8)
            }
            (Self::Named(this), Self::Named(that)) => this.name == that.name,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "interface {}",
            Self::Bool => "bool",
            Self::Bytes => "[]uint8",
            Self::Complex => "complex128",
            Self::Float32 => "float32",
            Self::Float64 => "float64",
            Self::Func(name) | Self::Object(name) => name,
            Self::Int => "int",
            Self::Int8 => "int8",
            Self::Int16 => "int16",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::List(elem) => return write!(f, "[]{elem}"),
            Self::Map(elem) => return write!(f, "map[string]{elem}"),
            Self::Named(named) => &named.name,
            Self::Reflect => "reflect.Value",
            Self::String => "string",
            Self::Uint => "uint",
            Self::Uint8 => "uint8",
            Self::Uint16 => "uint16",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
        })
    }
}
