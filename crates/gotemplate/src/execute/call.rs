//! Calling functions and methods.

use super::slot::Slot;
use super::{At, Context, Frame, Given};
use crate::builtins::Builtin;
use crate::error::Error;
use crate::function::{Body, Function, FunctionError};
use crate::limits::{Limit, VALUE_DEPTH};
use crate::value::{Type, Value};

impl<'t> Frame<'t, '_> {
    /// Calls a function or method; its own errors are about `at`.
    pub(super) fn call(
        &mut self,
        function: &Function,
        name: &[u8],
        at: At<'t>,
        given: Given<'t, '_>,
    ) -> Result<Slot, Error> {
        self.count_arguments(function, name, &given)?;
        let result = match function.body() {
            Body::Builtin(builtin @ (Builtin::And | Builtin::Or)) => {
                return self.shortcut(*builtin == Builtin::Or, given);
            }
            Body::Builtin(Builtin::Call) => {
                let name = self.shown_callee(&given);
                let slots = self.arguments(function, given)?;
                self.call_value(&name, slots)
            }
            Body::Builtin(builtin) => {
                let slots = self.arguments(function, given)?;
                builtin.call(slots, self.budget.limits())
            }
            Body::Host(_) => {
                let values = self.values(function, given)?;
                self.call_with(function, &values)
            }
        };
        result.and_then(|slot| self.check_result(slot)).map_err(|cause| {
            self.at = at;
            let name = String::from_utf8_lossy(name);
            self.caused(format!("error calling {name}: "), cause)
        })
    }

    fn count_arguments(
        &self,
        function: &Function,
        name: &[u8],
        given: &Given<'_, '_>,
    ) -> Result<(), Error> {
        let signature = function.signature();
        let want = signature.params.len();
        let got = given.words.len() + usize::from(given.last.is_some());
        let message = match signature.variadic {
            None if got != want => format!("want {want} got {got}"),
            Some(_) if got < want => format!("want at least {want} got {}", given.words.len()),
            _ => return Ok(()),
        };
        let name = String::from_utf8_lossy(name);
        Err(self.wrong(format!("wrong number of args for {name}: {message}")))
    }

    /// Evaluates `and` or `or`: arguments after the first that decides are not evaluated.
    fn shortcut(&mut self, stops_at: bool, given: Given<'t, '_>) -> Result<Slot, Error> {
        let mut slot = Slot::NONE;
        for word in given.words {
            slot = self.argument(given.dot, Some(&Type::Reflect), word)?;
            if slot.value.is_true() == stops_at {
                return Ok(slot);
            }
        }
        Ok(given.last.unwrap_or(slot))
    }

    fn arguments(&mut self, function: &Function, given: Given<'t, '_>) -> Result<Vec<Slot>, Error> {
        let signature = function.signature();
        let kind = |place: usize| signature.params.get(place).or(signature.variadic.as_ref());
        let mut slots = Vec::with_capacity(given.words.len() + 1);
        for (place, word) in given.words.iter().enumerate() {
            slots.push(self.argument(given.dot, kind(place), word)?);
        }
        if let Some(last) = given.last {
            slots.push(self.validate(last, kind(given.words.len()))?);
        }
        Ok(slots)
    }

    /// Returns what [`arguments`](Self::arguments) returns, for functions that do not see
    /// whether a value is in an interface.
    fn values(&mut self, function: &Function, given: Given<'t, '_>) -> Result<Vec<Value>, Error> {
        let signature = function.signature();
        let kind = |place: usize| signature.params.get(place).or(signature.variadic.as_ref());
        let mut values = Vec::with_capacity(given.words.len() + 1);
        for (place, word) in given.words.iter().enumerate() {
            values.push(self.argument(given.dot, kind(place), word)?.value);
        }
        if let Some(last) = given.last {
            values.push(self.validate(last, kind(given.words.len()))?.value);
        }
        Ok(values)
    }

    fn call_with(&self, function: &Function, values: &[Value]) -> Result<Slot, FunctionError> {
        match function.body() {
            Body::Host(body) => {
                let mut context = Context { set: self.set, budget: self.budget };
                let value = body(&mut context, values)?;
                let result = &function.signature().result;
                Ok(Slot::of(result, value.converted(result)))
            }
            Body::Builtin(builtin) => {
                let slots = values.iter().cloned().map(Slot::plain).collect();
                builtin.call(slots, self.budget.limits())
            }
        }
    }

    /// Calls a function that is a value: the builtin `call`.
    fn call_value(&self, name: &str, slots: Vec<Slot>) -> Result<Slot, FunctionError> {
        let mut slots = slots.into_iter();
        let function = match slots.next().map(|slot| slot.value) {
            None | Some(Value::Nil) => return Err("call of nil".into()),
            Some(Value::Func(function)) => function,
            Some(other) => {
                return Err(format!("non-function {name} of type {}", other.kind()).into());
            }
        };
        let signature = function.signature();
        let want = signature.params.len();
        let message = format!("wrong number of args for {name}: got {} want", slots.len());
        if signature.variadic.is_none() && slots.len() != want {
            return Err(format!("{message} {want}").into());
        }
        if slots.len() < want {
            return Err(format!("{message} at least {want}").into());
        }
        let mut values = Vec::with_capacity(slots.len());
        for (place, slot) in slots.enumerate() {
            let kind = signature.params.get(place).or(signature.variadic.as_ref());
            let value = crate::builtins::prepare(slot.value, kind.unwrap_or(&Type::Any));
            values.push(value.map_err(|message| format!("arg {place}: {message}"))?);
        }
        self.call_with(&function, &values)
    }

    /// Counts what a function made, and refuses what is too much of it.
    fn check_result(&self, slot: Slot) -> Result<Slot, FunctionError> {
        match &slot.value {
            Value::Bytes(text) | Value::Str(text) => self.budget.check_string(text.len())?,
            value @ (Value::List(_) | Value::Map(_)) => {
                if value.height() > VALUE_DEPTH {
                    return Err(Limit::ValueDepth(VALUE_DEPTH).into());
                }
                value.charge(self.budget.meter());
                self.budget.check_elements(0)?;
            }
            _ => {}
        }
        Ok(slot)
    }

    /// Returns what errors of `call` call the function.
    fn shown_callee(&self, given: &Given<'_, '_>) -> String {
        match (given.words.first(), &given.last) {
            (Some(word), _) => self.nodes.shown(word).to_string(),
            (None, Some(Slot { value: Value::Str(text), .. })) => text.to_text().into_owned(),
            (None, Some(slot)) if slot.is_none() => "<invalid Value>".to_owned(),
            (None, Some(slot)) => format!("<{} Value>", slot.kind()),
            (None, None) => String::new(),
        }
    }
}
