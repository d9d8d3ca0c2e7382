//! What no keyword has looked at.

use std::collections::BTreeSet;

use sealift_gotemplate::{Str, Value};

use super::scope::{Place, Token};
use super::{Frame, Validator};
use crate::values::schema::limits::Stop;
use crate::values::schema::rules::{Schema, SchemaId};

/// Properties or items of a value that no keyword has looked at; kept only where one asks.
#[derive(Default)]
pub(super) struct Unevaluated {
    pub(super) properties: BTreeSet<Str>,
    pub(super) items: BTreeSet<usize>,
}

impl Unevaluated {
    pub(super) fn is_empty(&self) -> bool {
        self.properties.is_empty() && self.items.is_empty()
    }

    /// Keeps what another schema left, too.
    pub(super) fn keep(&mut self, other: &Self) {
        self.properties.retain(|name| other.properties.contains(name));
        self.items.retain(|index| other.items.contains(index));
    }
}

impl<'c> Validator<'c> {
    /// Returns what is left before a schema looks at a value.
    pub(super) fn unevaluated(
        &mut self,
        value: &Value,
        schema: SchemaId,
        is_asked: bool,
    ) -> Result<Unevaluated, Stop> {
        let schema = self.schema(schema);
        let mut left = Unevaluated::default();
        match value {
            Value::Map(map) => {
                let asks = schema.object.as_ref().is_some_and(|rules| rules.unevaluated.is_some());
                if !schema.covers.all_properties && (is_asked || asks) {
                    self.limits.spend(map.len())?;
                    left.properties = map.entries().iter().map(|(name, _)| name.clone()).collect();
                }
            }
            Value::List(list) => {
                let asks = schema.array.as_ref().is_some_and(|rules| rules.unevaluated.is_some());
                if !schema.covers.all_items && (is_asked || asks) {
                    self.limits.spend(list.len())?;
                    left.items = (schema.covers.items..list.len()).collect();
                }
            }
            _ => {}
        }
        Ok(left)
    }

    /// Checks what is left.
    pub(super) fn leftovers(
        &mut self,
        frame: &mut Frame<'_>,
        schema: &'c Schema,
    ) -> Result<(), Stop> {
        let of_object = schema.object.as_ref().and_then(|rules| rules.unevaluated);
        let of_array = schema.array.as_ref().and_then(|rules| rules.unevaluated);
        match (frame.value, of_object, of_array) {
            (Value::Map(map), Some(schema), _) => {
                for name in std::mem::take(&mut frame.left.properties) {
                    let Some(value) = map.get(name.as_bytes()) else { continue };
                    let place = Place { above: frame.place, token: Token::Property(&name) };
                    let fault = self.part(frame, schema, &value, &place)?;
                    frame.blame(fault);
                }
            }
            (Value::List(list), _, Some(schema)) => {
                for index in std::mem::take(&mut frame.left.items) {
                    let place = Place { above: frame.place, token: Token::Item(index) };
                    let fault = self.part(frame, schema, &list.items()[index], &place)?;
                    frame.blame(fault);
                }
            }
            _ => {}
        }
        Ok(())
    }
}
