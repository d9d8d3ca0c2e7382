//! Numbers of the types that templates rarely see.

use super::{Type, Value};

/// A number whose Go type is neither `int`, `int64` nor `float64`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Number {
    /// `complex128`: the real and the imaginary part.
    Complex(Box<(f64, f64)>),
    /// `float32`.
    Float32(f32),
    /// `int8`.
    Int8(i8),
    /// `int16`.
    Int16(i16),
    /// `int32`.
    Int32(i32),
    /// `uint`.
    Uint(u64),
    /// `uint8`.
    Uint8(u8),
    /// `uint16`.
    Uint16(u16),
    /// `uint32`.
    Uint32(u32),
    /// `uint64`.
    Uint64(u64),
}

/// A number without its size: what Go's `reflect` makes of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Numeric {
    /// Any complex type.
    Complex(f64, f64),
    /// Any floating-point type.
    Float(f64),
    /// Any signed type.
    Int(i64),
    /// Any unsigned type.
    Uint(u64),
}

impl Number {
    pub(crate) fn kind(&self) -> Type {
        match self {
            Self::Complex(_) => Type::Complex,
            Self::Float32(_) => Type::Float32,
            Self::Int8(_) => Type::Int8,
            Self::Int16(_) => Type::Int16,
            Self::Int32(_) => Type::Int32,
            Self::Uint(_) => Type::Uint,
            Self::Uint8(_) => Type::Uint8,
            Self::Uint16(_) => Type::Uint16,
            Self::Uint32(_) => Type::Uint32,
            Self::Uint64(_) => Type::Uint64,
        }
    }

    pub(crate) fn numeric(&self) -> Numeric {
        match *self {
            Self::Complex(ref parts) => Numeric::Complex(parts.0, parts.1),
            Self::Float32(number) => Numeric::Float(f64::from(number)),
            Self::Int8(number) => Numeric::Int(i64::from(number)),
            Self::Int16(number) => Numeric::Int(i64::from(number)),
            Self::Int32(number) => Numeric::Int(i64::from(number)),
            Self::Uint(number) | Self::Uint64(number) => Numeric::Uint(number),
            Self::Uint8(number) => Numeric::Uint(u64::from(number)),
            Self::Uint16(number) => Numeric::Uint(u64::from(number)),
            Self::Uint32(number) => Numeric::Uint(u64::from(number)),
        }
    }
}

impl Numeric {
    pub(crate) fn is_zero(self) -> bool {
        match self {
            Self::Complex(real, imaginary) => real == 0.0 && imaginary == 0.0,
            Self::Float(number) => number == 0.0,
            Self::Int(number) => number == 0,
            Self::Uint(number) => number == 0,
        }
    }
}

impl Value {
    /// Returns a whole number of a type, or `int` of a type that has none, cut to the
    /// type's size as Go cuts.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "that is how Go cuts"
    )]
    pub(crate) fn whole(kind: &Type, number: i64) -> Self {
        Self::Number(match kind {
            Type::Int64 => return Self::Int64(number),
            Type::Int8 => Number::Int8(number as i8),
            Type::Int16 => Number::Int16(number as i16),
            Type::Int32 => Number::Int32(number as i32),
            Type::Uint => Number::Uint(number as u64),
            Type::Uint8 => Number::Uint8(number as u8),
            Type::Uint16 => Number::Uint16(number as u16),
            Type::Uint32 => Number::Uint32(number as u32),
            Type::Uint64 => Number::Uint64(number as u64),
            _ => return Self::Int(number),
        })
    }
}
