//! Values as Go's `encoding/json` sees them, ready to be written as YAML.

use std::borrow::Cow;

use sealift_gotemplate::{
    Budget, FunctionError, Limit, Number, Numeric, Str, Type, VALUE_DEPTH, Value,
};
use sealift_goyaml::{self as goyaml, Emit};
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

/// How values are looked at.
#[derive(Clone, Copy)]
enum View {
    /// As `encoding/json` does.
    Json,
    /// As `reflect` shows them: bytes are a list of numbers.
    Plain,
}

impl Tree {
    /// Returns the parts of a value as JSON has them.
    ///
    /// # Errors
    ///
    /// With Go's text, for what JSON has not and for what contains itself; a limit.
    pub(super) fn of(value: &Value, budget: &Budget) -> Result<Self, FunctionError> {
        View::Json.tree(value, budget, 0)
    }

    /// Returns the parts of a value as Go has them, of structures what JSON has.
    ///
    /// # Errors
    ///
    /// As [`Self::of`].
    pub(super) fn plain(value: &Value, budget: &Budget) -> Result<Self, FunctionError> {
        View::Plain.tree(value, budget, 0)
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

impl View {
    fn tree(self, value: &Value, budget: &Budget, depth: u32) -> Result<Tree, FunctionError> {
        budget.spend(1)?;
        let inner = |value: &Value| {
            if depth >= VALUE_DEPTH {
                return Err(FunctionError::from(Limit::ValueDepth(VALUE_DEPTH)));
            }
            self.tree(value, budget, depth + 1)
        };
        Ok(match value {
            Value::Nil => Tree::Null,
            Value::NilOf(kind) => self.nil(kind),
            Value::Bool(truth) => Tree::Bool(*truth),
            Value::Bytes(bytes) => self.bytes(bytes),
            Value::Float(number) => Tree::Float(*number),
            Value::Int(number) | Value::Int64(number) => Tree::Int(*number),
            Value::List(list) => {
                Tree::Seq(list.items().iter().map(inner).collect::<Result<_, _>>()?)
            }
            Value::Map(map) => {
                let entries = map.entries();
                let entries = entries.iter().map(|(key, value)| Ok((key.clone(), inner(value)?)));
                Tree::Map(entries.collect::<Result<_, FunctionError>>()?)
            }
            Value::Number(number) => Tree::number(number, value)?,
            Value::Object(_) => {
                inner(&json::read(&json::write(value, json::Style::Compact, budget)?, budget)?)?
            }
            Value::Str(text) => Tree::Str(text.clone()),
            _ => return Err(json::unsupported(value)),
        })
    }

    fn bytes(self, bytes: &Str) -> Tree {
        match self {
            Self::Json => Tree::Str(bytes.derive(sealift_sprig::base64(bytes.as_bytes()))),
            Self::Plain => {
                Tree::Seq(bytes.as_bytes().iter().map(|&byte| Tree::Int(byte.into())).collect())
            }
        }
    }

    /// Only JSON tells a map that is `nil` from one that is empty.
    fn nil(self, kind: &Type) -> Tree {
        match (self, kind) {
            (Self::Plain, Type::Map(_)) => Tree::Map(Vec::new()),
            (Self::Plain, Type::Named(named)) => self.nil(named.underlying()),
            (Self::Plain, Type::Bytes | Type::List(_)) => Tree::Seq(Vec::new()),
            _ => Tree::Null,
        }
    }
}

impl<'a> Emit<'a> for &'a Tree {
    fn view(self) -> goyaml::View<'a, Self> {
        match self {
            Tree::Bool(truth) => goyaml::View::Bool(*truth),
            Tree::Float(number) => goyaml::View::Float(*number),
            Tree::Int(number) => goyaml::View::Int(*number),
            Tree::Map(entries) => goyaml::View::Map(
                entries.iter().map(|(key, value)| (Cow::Borrowed(key.as_bytes()), value)).collect(),
            ),
            Tree::Null => goyaml::View::Null,
            Tree::Seq(items) => goyaml::View::Seq(items.iter().collect()),
            Tree::Str(text) => goyaml::View::Str(Cow::Borrowed(text.as_bytes())),
            Tree::Uint(number) => goyaml::View::Uint(*number),
        }
    }
}
