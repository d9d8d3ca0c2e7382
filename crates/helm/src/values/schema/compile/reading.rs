//! What keywords hold.

use std::collections::BTreeMap;

use sealift_gotemplate::{Map, Str, Value};

use super::{Compiler, Formats, Queue};
use crate::values::schema::decimal::Decimal;
use crate::values::schema::draft::Dialect;
use crate::values::schema::limits::Stop;
use crate::values::schema::place::PlaceId;
use crate::values::schema::rules::{Additional, NumberRules, SchemaId};

/// A schema that is being read.
#[derive(Clone, Copy)]
pub(super) struct Object<'a> {
    pub(super) map: &'a Map,
    pub(super) place: PlaceId,
    pub(super) dialect: Dialect,
    pub(super) version: u16,
}

impl Object<'_> {
    pub(super) fn has_any(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.map.contains(keyword))
    }

    pub(super) fn asserts_formats(&self, formats: Formats) -> bool {
        formats == Formats::All
            || match self.version {
                2019 => self.dialect.has("format"),
                2020 => self.dialect.has("format-assertion"),
                _ => true,
            }
    }

    pub(super) fn looks_at_unevaluated(&self) -> bool {
        match self.version {
            2019 => self.dialect.has("applicator"),
            2020 => self.dialect.has("unevaluated"),
            _ => false,
        }
    }

    pub(super) fn truth(&self, keyword: &str) -> bool {
        matches!(self.map.get(keyword), Some(Value::Bool(true)))
    }

    fn decimal(&self, keyword: &str) -> Option<Decimal> {
        Decimal::of(&self.map.get(keyword)?)
    }

    pub(super) fn count(&self, keyword: &str) -> Option<i64> {
        Some(self.decimal(keyword)?).filter(Decimal::is_integer).map(|number| number.low_bits())
    }

    pub(super) fn texts(&self, keyword: &str) -> Vec<Str> {
        match self.map.get(keyword) {
            Some(Value::List(list)) => {
                list.items().iter().filter_map(Value::as_str).cloned().collect()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn entries(&self, keyword: &str) -> Vec<(Str, Value)> {
        match self.map.get(keyword) {
            Some(Value::Map(map)) => {
                map.entries().iter().map(|(key, value)| (key.clone(), value.clone())).collect()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn text_lists(&self, keyword: &str) -> BTreeMap<Str, Vec<Str>> {
        let texts = |value: Value| {
            let list = value.as_list()?.clone();
            Some(list.items().iter().filter_map(Value::as_str).cloned().collect())
        };
        self.entries(keyword)
            .into_iter()
            .filter_map(|(name, value)| Some((name, texts(value)?)))
            .collect()
    }

    pub(super) fn number_rules(&self) -> Option<NumberRules> {
        const KEYWORDS: [&str; 5] =
            ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
        if !self.has_any(&KEYWORDS) {
            return None;
        }
        let mut rules = NumberRules {
            minimum: self.decimal("minimum"),
            maximum: self.decimal("maximum"),
            above: self.decimal("exclusiveMinimum"),
            below: self.decimal("exclusiveMaximum"),
            multiple_of: self.decimal("multipleOf"),
        };
        // Draft 4 has truths there.
        if self.truth("exclusiveMinimum") {
            rules.above = rules.minimum.take();
        }
        if self.truth("exclusiveMaximum") {
            rules.below = rules.maximum.take();
        }
        Some(rules)
    }
}

impl Compiler<'_> {
    pub(super) fn additional(
        &mut self,
        object: &Object<'_>,
        keyword: &str,
        queue: &mut Queue,
    ) -> Result<Option<Additional>, Stop> {
        match object.map.get(keyword) {
            Some(Value::Bool(truth)) => Ok(Some(Additional::Truth(truth))),
            _ => Ok(self.below(object, keyword, queue)?.map(Additional::Schema)),
        }
    }

    pub(super) fn below(
        &mut self,
        object: &Object<'_>,
        keyword: &str,
        queue: &mut Queue,
    ) -> Result<Option<SchemaId>, Stop> {
        match self.places.below(object.place, &keyword.into()) {
            Some(place) => self.enqueue(place, queue).map(Some),
            None => Ok(None),
        }
    }

    pub(super) fn list(
        &mut self,
        object: &Object<'_>,
        keyword: &str,
        queue: &mut Queue,
    ) -> Result<Vec<SchemaId>, Stop> {
        let Some(Value::List(list)) = object.map.get(keyword) else { return Ok(Vec::new()) };
        let tokens = (0..list.len()).map(|index| Str::from(index.to_string()));
        let schemas = self.each(object, keyword, tokens, queue)?;
        Ok(schemas.into_iter().map(|(_, schema)| schema).collect())
    }

    pub(super) fn map(
        &mut self,
        object: &Object<'_>,
        keyword: &str,
        queue: &mut Queue,
    ) -> Result<BTreeMap<Str, SchemaId>, Stop> {
        let names = object.entries(keyword).into_iter().map(|(name, _)| name);
        Ok(self.each(object, keyword, names, queue)?.into_iter().collect())
    }

    fn each(
        &mut self,
        object: &Object<'_>,
        keyword: &str,
        tokens: impl Iterator<Item = Str>,
        queue: &mut Queue,
    ) -> Result<Vec<(Str, SchemaId)>, Stop> {
        let Some(keyword) = self.places.below(object.place, &keyword.into()) else {
            return Ok(Vec::new());
        };
        let mut schemas = Vec::new();
        for token in tokens {
            if let Some(place) = self.places.below(keyword, &token) {
                schemas.push((token, self.enqueue(place, queue)?));
            }
        }
        Ok(schemas)
    }
}
