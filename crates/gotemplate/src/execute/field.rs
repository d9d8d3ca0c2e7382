//! Fields, keys and methods: `.a.b`.

use super::slot::Slot;
use super::{At, Frame, Given};
use crate::Object;
use crate::error::Error;
use crate::parse::node::{Chain, Name, Word};
use crate::quote::quoted;
use crate::set::MissingKey;
use crate::value::{Type, Value};

impl<'t> Frame<'t, '_> {
    /// Evaluates `(…).a.b`.
    pub(super) fn chain(
        &mut self,
        word: &'t Word,
        chain: &'t Chain,
        given: Given<'t, '_>,
    ) -> Result<Slot, Error> {
        self.at = At::Word(word);
        if matches!(chain.word, Word::Nil(_)) {
            let word = self.nodes.shown(word);
            return Err(self.wrong(format!("indirection through explicit nil in {word}")));
        }
        let receiver = self.argument(given.dot, None, &chain.word)?;
        self.fields(receiver, word, self.nodes.all(chain.fields), given)
    }

    /// Evaluates fields one after the other; the last may be a method with arguments.
    pub(super) fn fields(
        &mut self,
        mut receiver: Slot,
        word: &'t Word,
        names: &'t [Name],
        given: Given<'t, '_>,
    ) -> Result<Slot, Error> {
        let Some((end, names)) = names.split_last() else { return Ok(receiver) };
        for name in names {
            receiver = self.field(&receiver, word, *name, Given::nothing(given.dot))?;
        }
        self.field(&receiver, word, *end, given)
    }

    fn field(
        &mut self,
        receiver: &Slot,
        word: &'t Word,
        name: Name,
        given: Given<'t, '_>,
    ) -> Result<Slot, Error> {
        let name = self.nodes.bytes(name);
        if receiver.is_none() {
            return match self.set.on_missing_key() {
                MissingKey::Error => {
                    let name = quoted(&String::from_utf8_lossy(name));
                    Err(self.wrong(format!("nil data; no entry for key {name}")))
                }
                _ => Ok(Slot::NONE),
            };
        }
        if matches!(receiver.value, Value::Nil) {
            return Err(self.nil_pointer(receiver, name));
        }
        if receiver.value.may_have_methods()
            && let Some(method) = receiver.value.method(&String::from_utf8_lossy(name))
        {
            return self.call(&method, name, At::Word(word), given);
        }
        let has_arguments = !given.words.is_empty() || given.last.is_some();
        self.plain_field(receiver, name, has_arguments)
    }

    fn plain_field(
        &self,
        receiver: &Slot,
        name: &[u8],
        has_arguments: bool,
    ) -> Result<Slot, Error> {
        match &receiver.value {
            Value::Map(map) => self.entry(map.get(name), map.elem(), name, has_arguments),
            Value::NilOf(kind) => match kind.underlying() {
                Type::Map(elem) => self.entry(None, elem, name, has_arguments),
                Type::Object(shown) if shown.starts_with('*') => {
                    Err(self.nil_pointer(receiver, name))
                }
                _ => Err(self.no_field(receiver, name)),
            },
            Value::Object(object) => {
                let name = String::from_utf8_lossy(name);
                let Some(value) = object.field(&name) else {
                    return Err(self.missing_field(receiver, &**object, &name));
                };
                if has_arguments {
                    let message = "has arguments but cannot be invoked as function";
                    return Err(self.wrong(format!("{name} {message}")));
                }
                let is_boxed = matches!(value, Value::Nil);
                Ok(Slot { value, is_boxed })
            }
            _ => Err(self.no_field(receiver, name)),
        }
    }

    /// Returns what a map has under a name, or what stands for nothing.
    fn entry(
        &self,
        found: Option<Value>,
        elem: &Type,
        name: &[u8],
        has_arguments: bool,
    ) -> Result<Slot, Error> {
        let name = || String::from_utf8_lossy(name);
        if has_arguments {
            let name = name();
            return Err(self.wrong(format!("{name} is not a method but has arguments")));
        }
        match (found, self.set.on_missing_key()) {
            (Some(value), _) => Ok(Slot::of(elem, value)),
            (None, MissingKey::Default) => Ok(Slot::NONE),
            (None, MissingKey::Zero) => Ok(Slot::zero(elem)),
            (None, MissingKey::Error) => {
                Err(self.wrong(format!("map has no entry for key {}", quoted(&name()))))
            }
        }
    }

    fn missing_field(&self, receiver: &Slot, object: &dyn Object, name: &str) -> Error {
        if !object.hides_field(name) {
            return self.no_field(receiver, name.as_bytes());
        }
        let kind = object.type_name().trim_start_matches('*');
        self.wrong(format!("{name} is an unexported field of struct type {kind}"))
    }

    fn nil_pointer(&self, receiver: &Slot, name: &[u8]) -> Error {
        let name = String::from_utf8_lossy(name);
        self.wrong(format!("nil pointer evaluating {}.{name}", receiver.kind()))
    }

    fn no_field(&self, receiver: &Slot, name: &[u8]) -> Error {
        let name = String::from_utf8_lossy(name);
        self.wrong(format!("can't evaluate field {name} in type {}", receiver.kind()))
    }
}
