//! A value and how its place is typed.

use crate::value::{Type, Value};

/// A value as Go's `reflect` sees it: of its own type, or inside an interface.
///
/// A field of `nil` is an error where the `nil` comes from a map of anything, and
/// nothing where it comes from nowhere; errors name the type of the place.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub(crate) value: Value,
    /// Whether the place is an interface.
    pub(crate) is_boxed: bool,
}

impl Slot {
    /// No value at all.
    pub(crate) const NONE: Self = Self { value: Value::Nil, is_boxed: false };

    /// Returns a value of its own type; nothing for `nil`.
    pub(crate) fn plain(value: Value) -> Self {
        Self { value, is_boxed: false }
    }

    /// Returns a value from a place of some type, such as the elements of a list.
    pub(crate) fn of(kind: &Type, value: Value) -> Self {
        match (kind, &value) {
            (Type::Any, _) => Self { value, is_boxed: true },
            (Type::Reflect, _) => Self::plain(value),
            (kind, Value::Nil) if kind.can_be_nil() => Self::plain(Value::zero(kind)),
            (_, Value::Nil) => Self { value, is_boxed: true },
            _ => Self::plain(value),
        }
    }

    /// Returns the zero value of a type.
    pub(crate) fn zero(kind: &Type) -> Self {
        Self::of(kind, Value::zero(kind))
    }

    /// Returns whether there is no value at all, not even `nil`.
    pub(crate) fn is_none(&self) -> bool {
        matches!(self.value, Value::Nil) && !self.is_boxed
    }

    /// Returns the type of the place.
    pub(crate) fn kind(&self) -> Type {
        if self.is_boxed { Type::Any } else { self.value.kind() }
    }

    /// Returns the value without the interface around it.
    pub(crate) fn unboxed(self) -> Self {
        Self::plain(self.value)
    }
}
