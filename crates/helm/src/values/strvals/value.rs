//! Values behind a `=`.

use sealift_gotemplate::{Budget, List, Value};

use super::runes::Escapes;
use super::typed::typed;
use super::{Kind, Parser, Stop};

/// A value that was read.
pub(super) struct Read {
    pub(super) value: Value,
    /// Whether it is empty because the argument ends where it begins.
    pub(super) is_last: bool,
}

impl From<Value> for Read {
    fn from(value: Value) -> Self {
        Self { value, is_last: false }
    }
}

impl Parser<'_, '_> {
    pub(super) fn value(&mut self) -> Result<Read, Stop> {
        match self.kind {
            Kind::Json => self.json().map(Read::from),
            Kind::Literal => {
                let text = std::mem::take(&mut self.runes.0);
                Ok(Value::from(text).into())
            }
            Kind::Typed | Kind::String | Kind::File(_) => self.text_or_list(),
        }
    }

    fn text_or_list(&mut self) -> Result<Read, Stop> {
        match self.runes.peek() {
            None => Ok(Read { value: Value::from(""), is_last: true }),
            Some('{') => {
                self.runes.next();
                self.list().map(Read::from)
            }
            Some(_) => {
                let word = self.runes.until(&[','], Escapes::Read);
                self.scalar(&word.text).map(Read::from)
            }
        }
    }

    fn scalar(&mut self, text: &str) -> Result<Value, Stop> {
        match &mut self.kind {
            Kind::Typed => Ok(typed(text)),
            Kind::File(read) => Ok(read(text)?.into()),
            _ => Ok(text.into()),
        }
    }

    /// Reads a list behind its `{`, and the comma after its `}`.
    fn list(&mut self) -> Result<Value, Stop> {
        let mut items = Vec::new();
        loop {
            let word = self.runes.until(&[',', '}'], Escapes::Read);
            if word.end.is_none() {
                return Err("list must terminate with '}'".to_owned().into());
            }
            items.push(self.scalar(&word.text)?);
            if word.end == Some('}') {
                if self.runes.peek() == Some(',') {
                    self.runes.next();
                }
                return Ok(List::new(items).into());
            }
        }
    }

    /// Reads one JSON value, and the spaces and comma after it; nothing is null.
    fn json(&mut self) -> Result<Value, Stop> {
        if self.is_empty() {
            return Ok(Value::Nil);
        }
        let text = self.runes.0.into();
        let (value, end) = sealift_sprig::json::first(&text, &Budget::default())
            .map_err(|error| Stop::Fault(error.to_string()))?;
        self.runes.0 = &self.runes.0[end..];
        self.is_empty();
        Ok(value)
    }

    /// Reads spaces, and returns whether a comma or the end follows, which it reads too.
    fn is_empty(&mut self) -> bool {
        loop {
            match self.runes.peek() {
                None => return true,
                Some(',') => {
                    self.runes.next();
                    return true;
                }
                Some(space) if space.is_whitespace() => {
                    self.runes.next();
                }
                Some(_) => return false,
            }
        }
    }
}
