//! Words as values and as arguments.

use super::slot::Slot;
use super::{At, Frame, Given};
use crate::error::Error;
use crate::number::Number as Numeral;
use crate::parse::node::Word;
use crate::value::{Number, Type, Value};

impl<'t> Frame<'t, '_> {
    /// Evaluates an argument for a parameter of some type; of any, when there is none.
    pub(super) fn argument(
        &mut self,
        dot: &Slot,
        kind: Option<&Type>,
        word: &'t Word,
    ) -> Result<Slot, Error> {
        self.at = At::Word(word);
        let nodes = self.nodes;
        let slot = match *word {
            Word::Chain(chain) => self.chain(word, nodes.get(chain), Given::nothing(dot))?,
            Word::Dot(_) => dot.clone(),
            Word::Field(_, names) => {
                self.fields(dot.clone(), word, nodes.all(names), Given::nothing(dot))?
            }
            Word::Function(name, function) => {
                let (function, name) = (nodes.get(function), nodes.bytes(name));
                self.call(function, name, At::Word(word), Given::nothing(dot))?
            }
            Word::Nil(_) => return self.nil(kind),
            Word::Pipe(pipe) => self.nested(|frame| frame.pipeline(dot, nodes.get(pipe)))?,
            Word::Variable(variable) => {
                let variable = nodes.get(variable);
                let slot = self.variable(variable.symbol, variable.name)?;
                self.fields(slot, word, nodes.all(variable.fields), Given::nothing(dot))?
            }
            Word::Bool(..) | Word::Number(_) | Word::String(_) => {
                return self.typed_literal(kind, word);
            }
        };
        self.validate(slot, kind)
    }

    fn nil(&self, kind: Option<&Type>) -> Result<Slot, Error> {
        match kind {
            Some(kind) if kind.can_be_nil() => Ok(Slot::zero(kind)),
            Some(kind) => Err(self.wrong(format!("cannot assign nil to {kind}"))),
            None => Ok(Slot::NONE),
        }
    }

    /// Checks that a value is one of a type.
    pub(super) fn validate(&self, slot: Slot, kind: Option<&Type>) -> Result<Slot, Error> {
        let kind = match kind {
            None | Some(Type::Reflect) => return Ok(slot),
            Some(kind) => kind,
        };
        if slot.is_none() {
            if kind.can_be_nil() {
                return Ok(Slot::zero(kind));
            }
            return Err(self.wrong(format!("invalid value; expected {kind}")));
        }
        if matches!(kind, Type::Any) {
            return Ok(slot);
        }
        let fits = match &slot.value {
            Value::Nil => false,
            Value::Object(object) => match kind.underlying() {
                Type::Object(name) => {
                    name.trim_start_matches('*') == object.type_name().trim_start_matches('*')
                }
                _ => false,
            },
            Value::Str(_) => matches!(kind.underlying(), Type::String),
            value => value.kind().is_assignable_to(kind),
        };
        if fits {
            return Ok(Slot::plain(slot.value.converted(kind)));
        }
        let got = slot.value.kind();
        Err(self.wrong(format!("wrong type for value; expected {kind}; got {got}")))
    }

    /// Returns the value of a word that says it itself.
    pub(super) fn literal(&self, word: &Word) -> Result<Slot, Error> {
        let value = match *word {
            Word::Bool(_, truth) => Value::Bool(truth),
            Word::Number(numeral) => match &self.nodes.get(numeral).value {
                Ok(value) => value.clone(),
                Err(message) => return Err(self.wrong(message.as_str())),
            },
            Word::String(literal) => self.nodes.get(literal).value.clone(),
            _ => {
                let word = self.nodes.shown(word);
                return Err(self.wrong(format!("can't evaluate command {word}")));
            }
        };
        Ok(Slot::plain(value))
    }

    /// Returns the value of a word that says it itself, as one of the type.
    fn typed_literal(&self, kind: Option<&Type>, word: &Word) -> Result<Slot, Error> {
        let Some(kind) = kind else { return self.literal(word) };
        let (value, expected) = match (kind.underlying(), word) {
            (Type::Any | Type::Reflect, word) => return self.literal(word),
            (Type::Bool, Word::Bool(_, truth)) => (Some(Value::Bool(*truth)), "bool"),
            (Type::Bool, _) => (None, "bool"),
            (Type::String, Word::String(literal)) => {
                (Some(self.nodes.get(*literal).value.clone()), "string")
            }
            (Type::String, _) => (None, "string"),
            (kind, Word::Number(numeral)) => typed_number(kind, &self.nodes.get(*numeral).number),
            (kind, _) => (None, typed_number(kind, &Numeral::default()).1),
        };
        let shown = || self.nodes.shown(word);
        match value {
            Some(value) => Ok(Slot::plain(value)),
            None if expected.is_empty() => {
                Err(self.wrong(format!("can't handle {} for arg of type {kind}", shown())))
            }
            None => Err(self.wrong(format!("expected {expected}; found {}", shown()))),
        }
    }
}

/// Returns a number as one of a type, and what errors call the type; nothing for a type
/// that has no numbers.
fn typed_number(kind: &Type, number: &Numeral) -> (Option<Value>, &'static str) {
    match kind {
        Type::Complex => {
            let complex = |parts| Value::Number(Number::Complex(Box::new(parts)));
            (number.complex.map(complex), "complex")
        }
        #[expect(clippy::cast_possible_truncation, reason = "that is how Go cuts")]
        Type::Float32 => {
            (number.float.map(|float| Value::Number(Number::Float32(float as f32))), "float")
        }
        Type::Float64 => (number.float.map(Value::Float), "float"),
        Type::Int | Type::Int8 | Type::Int16 | Type::Int32 | Type::Int64 => {
            (number.int.map(|int| Value::whole(kind, int)), "integer")
        }
        Type::Uint | Type::Uint8 | Type::Uint16 | Type::Uint32 | Type::Uint64 => {
            let uint = number.uint.map(|uint| Value::whole(kind, uint.cast_signed()));
            (uint, "unsigned integer")
        }
        _ => (None, ""),
    }
}
