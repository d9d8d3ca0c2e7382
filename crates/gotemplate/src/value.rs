//! Go's values.

mod kind;
mod list;
mod map;
mod number;
mod object;
mod str;
mod unwind;

use std::fmt;
use std::rc::Rc;

pub use kind::{Named, Type};
pub use list::List;
pub use map::{Entries, Map};
pub use number::{Number, Numeric};
pub use object::Object;
pub use str::Str;

use crate::budget::Meter;
use crate::function::Function;

/// A value of Go, with its type: `1` and `1.0` are two values, as are `nil` and an
/// empty list.
///
/// Clones are cheap, and clones of a map are the same map.
#[derive(Clone)]
#[non_exhaustive]
pub enum Value {
    /// `nil` without a type.
    Nil,
    /// `bool`.
    Bool(bool),
    /// `[]uint8`.
    Bytes(Str),
    /// `float64`.
    Float(f64),
    /// A function.
    Func(Function),
    /// `int`.
    Int(i64),
    /// `int64`.
    Int64(i64),
    /// A slice.
    List(List),
    /// A map from strings.
    Map(Map),
    /// `nil` of a type that is not an interface, such as a map's.
    NilOf(Rc<Type>),
    /// A number of a rarer type.
    Number(Number),
    /// A value of the host.
    Object(Rc<dyn Object>),
    /// `string`.
    Str(Str),
}

impl Value {
    /// Returns a number of the type `uint8`.
    pub(crate) fn byte(byte: u8) -> Self {
        Self::Number(Number::Uint8(byte))
    }

    /// Returns the zero value of a type.
    #[must_use]
    pub fn zero(kind: &Type) -> Self {
        match kind.underlying() {
            Type::Bool => Self::Bool(false),
            Type::Complex => Self::Number(Number::Complex(Box::default())),
            Type::Float32 => Self::Number(Number::Float32(0.0)),
            Type::Float64 => Self::Float(0.0),
            Type::Int => Self::Int(0),
            Type::Int8 => Self::Number(Number::Int8(0)),
            Type::Int16 => Self::Number(Number::Int16(0)),
            Type::Int32 => Self::Number(Number::Int32(0)),
            Type::Int64 => Self::Int64(0),
            Type::String => Self::Str(Str::from("")),
            Type::Uint => Self::Number(Number::Uint(0)),
            Type::Uint8 => Self::Number(Number::Uint8(0)),
            Type::Uint16 => Self::Number(Number::Uint16(0)),
            Type::Uint32 => Self::Number(Number::Uint32(0)),
            Type::Uint64 => Self::Number(Number::Uint64(0)),
            Type::Any | Type::Reflect => Self::Nil,
            Type::Bytes
            | Type::Func(_)
            | Type::List(_)
            | Type::Map(_)
            | Type::Named(_)
            | Type::Object(_) => Self::NilOf(Rc::new(kind.clone())),
        }
    }

    /// Returns the type; `interface {}` for [`Value::Nil`].
    #[must_use]
    pub fn kind(&self) -> Type {
        match self {
            Self::Nil => Type::Any,
            Self::Bool(_) => Type::Bool,
            Self::Bytes(_) => Type::Bytes,
            Self::Float(_) => Type::Float64,
            Self::Func(function) => Type::Func(function.type_name().into()),
            Self::Int(_) => Type::Int,
            Self::Int64(_) => Type::Int64,
            Self::List(list) => list.kind(),
            Self::Map(map) => map.kind(),
            Self::NilOf(kind) => Type::clone(kind),
            Self::Number(number) => number.kind(),
            Self::Object(object) => Type::Object(object.type_name().into()),
            Self::Str(_) => Type::String,
        }
    }

    /// Returns the number, whatever its type.
    #[must_use]
    pub fn numeric(&self) -> Option<Numeric> {
        match self {
            Self::Float(number) => Some(Numeric::Float(*number)),
            Self::Int(number) | Self::Int64(number) => Some(Numeric::Int(*number)),
            Self::Number(number) => Some(number.numeric()),
            _ => None,
        }
    }

    /// Returns the string.
    #[must_use]
    pub fn as_str(&self) -> Option<&Str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the list.
    #[must_use]
    pub fn as_list(&self) -> Option<&List> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    /// Returns the map.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// Returns whether there is nothing: `nil` with or without a type.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        matches!(self, Self::Nil | Self::NilOf(_))
    }

    /// Returns whether `if` takes the value for true: neither zero, nor empty, nor nil.
    #[must_use]
    pub fn is_true(&self) -> bool {
        match self {
            Self::Nil | Self::NilOf(_) => false,
            Self::Bool(truth) => *truth,
            Self::Bytes(text) | Self::Str(text) => !text.is_empty(),
            Self::Float(number) => *number != 0.0,
            Self::Func(_) | Self::Object(_) => true,
            Self::Int(number) | Self::Int64(number) => *number != 0,
            Self::List(list) => !list.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Number(number) => !number.numeric().is_zero(),
        }
    }

    /// Returns how deep lists and maps contain one another in the value, at least: a
    /// map that was put somewhere and got deeper since may be deeper.
    pub(crate) fn height(&self) -> u32 {
        match self {
            Self::List(list) => list.height(),
            Self::Map(map) => map.height(),
            _ => 0,
        }
    }

    /// Returns whether the value is a list or a map.
    pub(crate) fn is_container(&self) -> bool {
        matches!(self, Self::List(_) | Self::Map(_))
    }

    /// Returns the value as one of another type that it may be assigned to: a map
    /// gets or loses a name.
    pub(crate) fn converted(self, kind: &Type) -> Self {
        match (self, kind) {
            (Self::Map(map), Type::Map(_)) if map.named_type().is_some() => {
                Self::Map(map.unnamed())
            }
            (Self::Map(map), Type::Named(named)) if map.named_type().is_none() => {
                Self::Map(map.as_named(Rc::clone(named)))
            }
            (value, _) => value,
        }
    }

    /// Returns whether the type may have methods.
    pub(crate) fn may_have_methods(&self) -> bool {
        match self {
            Self::List(list) => list.named_type().is_some(),
            Self::Map(map) => map.named_type().is_some(),
            Self::NilOf(_) | Self::Object(_) => true,
            _ => false,
        }
    }

    /// Returns a method of the value, bound to it.
    pub(crate) fn method(&self, name: &str) -> Option<Function> {
        let named = match self {
            Self::List(list) => list.named_type()?,
            Self::Map(map) => map.named_type()?,
            Self::NilOf(kind) => match &**kind {
                Type::Named(named) => named,
                _ => return None,
            },
            Self::Object(object) => return object.method(name),
            _ => return None,
        };
        named.method(self, name)
    }

    /// Counts elements that are not counted yet.
    pub(crate) fn charge(&self, meter: &Rc<Meter>) {
        unwind::charge(self, meter);
    }
}

impl fmt::Debug for Value {
    /// Writes what `%#v` prints of values that hold no others, else the type.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nil => f.write_str("nil"),
            Self::Bool(truth) => write!(f, "{truth}"),
            Self::Float(number) => write!(f, "{number:?}"),
            Self::Int(number) | Self::Int64(number) => write!(f, "{number}"),
            Self::Str(text) => write!(f, "{text:?}"),
            Self::Number(number) => write!(f, "{number:?}"),
            other => write!(f, "a {}", other.kind()),
        }
    }
}

macro_rules! from {
    ($($kind:ty => $variant:path),* $(,)?) => {$(
        impl From<$kind> for Value {
            fn from(value: $kind) -> Self {
                $variant(value.into())
            }
        }
    )*};
}

from! {
    bool => Self::Bool,
    f64 => Self::Float,
    i64 => Self::Int,
    &str => Self::Str,
    Function => Self::Func,
    List => Self::List,
    Map => Self::Map,
    Number => Self::Number,
    Str => Self::Str,
    String => Self::Str,
}
