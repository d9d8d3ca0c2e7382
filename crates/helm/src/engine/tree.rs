//! Values as Go's `encoding/json` sees them, ready to be written as YAML.

use std::borrow::Cow;

use sealift_gotemplate::{Budget, FunctionError, Limit, Number, Numeric, Str, VALUE_DEPTH, Value};
use sealift_goyaml::{Emit, View};
use sealift_sprig::json;

/// A value of which all parts are at hand.
pub(super) enum Tree {
    Bool(bool),
    Float(f64),
    Int(i64),
    Map(Vec<(Str, Self)>),
    Null,
    Seq(Vec<Self>),
    Str(Str),
    Uint(u64),
}

impl Tree {
    /// Returns the parts of a value.
    ///
    /// # Errors
    ///
    /// With Go's text, for what JSON has not and for what contains itself; a limit.
    pub(super) fn of(value: &Value, budget: &Budget) -> Result<Self, FunctionError> {
        Self::at_depth(value, budget, 0)
    }

    fn at_depth(value: &Value, budget: &Budget, depth: u32) -> Result<Self, FunctionError> {
        budget.spend(1)?;
        let inner = |value: &Value| {
            if depth >= VALUE_DEPTH {
                return Err(FunctionError::from(Limit::ValueDepth(VALUE_DEPTH)));
            }
            Self::at_depth(value, budget, depth + 1)
        };
        Ok(match value {
            Value::Nil | Value::NilOf(_) => Self::Null,
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Bytes(bytes) => Self::Str(bytes.derive(sealift_sprig::base64(bytes.as_bytes()))),
            Value::Float(number) => Self::Float(*number),
            Value::Int(number) | Value::Int64(number) => Self::Int(*number),
            Value::List(list) => {
                Self::Seq(list.items().iter().map(inner).collect::<Result<_, _>>()?)
            }
            Value::Map(map) => {
                let entries = map.entries();
                let entries = entries.iter().map(|(key, value)| Ok((key.clone(), inner(value)?)));
                Self::Map(entries.collect::<Result<_, FunctionError>>()?)
            }
            Value::Number(number) => Self::number(number, value)?,
            Value::Object(_) => {
                inner(&json::read(&json::write(value, json::Style::Compact, budget)?, budget)?)?
            }
            Value::Str(text) => Self::Str(text.clone()),
            _ => return Err(json::unsupported(value)),
        })
    }

    fn number(number: &Number, value: &Value) -> Result<Self, FunctionError> {
        match (number, value.numeric()) {
            // JSON writes the shortest text of a `float32`, which is read again.
            (Number::Float32(single), _) => {
                Ok(Self::Float(single.to_string().parse().unwrap_or(f64::from(*single))))
            }
            (_, Some(Numeric::Int(number))) => Ok(Self::Int(number)),
            (_, Some(Numeric::Uint(number))) => Ok(Self::Uint(number)),
            _ => Err(json::unsupported(value)),
        }
    }
}

impl<'a> Emit<'a> for &'a Tree {
    fn view(self) -> View<'a, Self> {
        match self {
            Tree::Bool(truth) => View::Bool(*truth),
            Tree::Float(number) => View::Float(*number),
            Tree::Int(number) => View::Int(*number),
            Tree::Map(entries) => View::Map(
                entries.iter().map(|(key, value)| (Cow::Borrowed(key.as_bytes()), value)).collect(),
            ),
            Tree::Null => View::Null,
            Tree::Seq(items) => View::Seq(items.iter().collect()),
            Tree::Str(text) => View::Str(Cow::Borrowed(text.as_bytes())),
            Tree::Uint(number) => View::Uint(*number),
        }
    }
}
