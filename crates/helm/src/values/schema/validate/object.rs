//! Keywords for maps.

use sealift_gotemplate::{Entries, Map, Str, Value};

use super::scope::{Place, Token};
use super::{Frame, Validator};
use crate::values::schema::fault::{joined, quoted_str};
use crate::values::schema::limits::Stop;
use crate::values::schema::rules::{Additional, Dependency, ObjectRules, SchemaId};

impl<'c> Validator<'c> {
    pub(super) fn object(
        &mut self,
        frame: &mut Frame<'_>,
        rules: &'c ObjectRules,
        map: &Map,
    ) -> Result<(), Stop> {
        let entries = map.entries();
        self.limits.spend(map.len())?;
        self.property_counts(frame, rules, map.len())?;
        if let Some(missing) = self.missing(frame, &entries, &rules.required)? {
            self.add(frame, || match missing.as_slice() {
                [one] => format!("missing property {}", quoted_str(one)),
                _ => format!("missing properties {}", joined(missing)),
            })?;
        }
        if frame.is_quiet && !frame.faults.is_empty() {
            return Ok(());
        }
        self.dependencies(frame, rules, &entries)?;
        if !self.properties(frame, rules, &entries)? {
            return Ok(());
        }
        if let Some(names) = rules.names {
            self.names(frame, names, &entries)?;
        }
        self.dependents(frame, rules, &entries)
    }

    fn property_counts(
        &mut self,
        frame: &mut Frame<'_>,
        rules: &ObjectRules,
        length: usize,
    ) -> Result<(), Stop> {
        let got = i64::try_from(length).unwrap_or(i64::MAX);
        if let Some(want) = rules.min_properties.filter(|want| got < *want) {
            self.add(frame, || super::number::compared("minProperties", got, want))?;
        }
        if let Some(want) = rules.max_properties.filter(|want| got > *want) {
            self.add(frame, || super::number::compared("maxProperties", got, want))?;
        }
        Ok(())
    }

    /// Returns the names that are not there, when there are such.
    fn missing<'r>(
        &mut self,
        frame: &Frame<'_>,
        entries: &Entries,
        required: &'r [Str],
    ) -> Result<Option<Vec<&'r Str>>, Stop> {
        self.limits.spend(required.len())?;
        let mut missing = required.iter().filter(|name| entries.get(name.as_bytes()).is_none());
        let found: Vec<_> =
            if frame.is_quiet { missing.next().into_iter().collect() } else { missing.collect() };
        Ok(Some(found).filter(|found| !found.is_empty()))
    }

    fn dependencies(
        &mut self,
        frame: &mut Frame<'_>,
        rules: &'c ObjectRules,
        entries: &Entries,
    ) -> Result<(), Stop> {
        self.limits.spend(rules.dependencies.len())?;
        for (name, dependency) in &rules.dependencies {
            if entries.get(name.as_bytes()).is_none() {
                continue;
            }
            match dependency {
                Dependency::Properties(names) => self.require(frame, name, names, entries)?,
                Dependency::Schema(schema) => {
                    let verdict = self.same(frame, *schema, None, false)?;
                    frame.blame(verdict.err());
                }
            }
        }
        Ok(())
    }

    fn require(
        &mut self,
        frame: &mut Frame<'_>,
        name: &Str,
        required: &[Str],
        entries: &Entries,
    ) -> Result<(), Stop> {
        let Some(missing) = self.missing(frame, entries, required)? else { return Ok(()) };
        self.add(frame, || {
            format!("properties {} required, if {} exists", joined(missing), quoted_str(name))
        })
    }

    /// Checks all properties; returns false when nobody wants to know more.
    fn properties(
        &mut self,
        frame: &mut Frame<'_>,
        rules: &'c ObjectRules,
        entries: &Entries,
    ) -> Result<bool, Stop> {
        let mut refused = Vec::new();
        for (name, value) in entries {
            if frame.is_quiet && !frame.faults.is_empty() {
                return Ok(false);
            }
            let is_evaluated = self.property(frame, rules, name, value)?;
            if !is_evaluated && matches!(rules.additional, Some(Additional::Truth(false))) {
                refused.push(name);
            }
            if is_evaluated || rules.additional.is_some() {
                frame.left.properties.remove(name);
            }
        }
        if !refused.is_empty() {
            self.add(frame, || format!("additional properties {} not allowed", joined(refused)))?;
        }
        Ok(true)
    }

    /// Checks a property; returns whether a schema is for it.
    fn property(
        &mut self,
        frame: &mut Frame<'_>,
        rules: &'c ObjectRules,
        name: &Str,
        value: &Value,
    ) -> Result<bool, Stop> {
        let place = Place { above: frame.place, token: Token::Property(name) };
        let mut is_evaluated = false;
        if let Some(schema) = rules.properties.get(name) {
            is_evaluated = true;
            let fault = self.part(frame, *schema, value, &place)?;
            frame.blame(fault);
        }
        for (pattern, schema) in &rules.patterns {
            if self.patterns.is_match(pattern, name.as_bytes(), self.limits)? {
                is_evaluated = true;
                let fault = self.part(frame, *schema, value, &place)?;
                frame.blame(fault);
            }
        }
        if let Some(Additional::Schema(schema)) = rules.additional.filter(|_| !is_evaluated) {
            is_evaluated = true;
            let fault = self.part(frame, schema, value, &place)?;
            frame.blame(fault);
        }
        Ok(is_evaluated)
    }

    fn names(
        &mut self,
        frame: &mut Frame<'_>,
        schema: SchemaId,
        entries: &Entries,
    ) -> Result<(), Stop> {
        let (schema, meta) = self.dialect(schema, frame.meta, frame.place)?;
        for (name, _) in entries {
            let value = Value::Str(name.clone());
            let causes = self.check_anew(schema, meta, &value, Some(frame))?;
            if !causes.is_empty() {
                let text = || format!("invalid propertyName {}", quoted_str(name));
                // It is a value of its own: it has no place in the map.
                let above = frame.place.take();
                let added = self.add_with(frame, causes, text);
                frame.place = above;
                added?;
            }
        }
        Ok(())
    }

    fn dependents(
        &mut self,
        frame: &mut Frame<'_>,
        rules: &'c ObjectRules,
        entries: &Entries,
    ) -> Result<(), Stop> {
        self.limits.spend(rules.dependent_schemas.len() + rules.dependent_required.len())?;
        for (name, schema) in &rules.dependent_schemas {
            if entries.get(name.as_bytes()).is_some() {
                let verdict = self.same(frame, *schema, None, false)?;
                frame.blame(verdict.err());
            }
        }
        for (name, required) in &rules.dependent_required {
            if entries.get(name.as_bytes()).is_some() {
                self.require(frame, name, required, entries)?;
            }
        }
        Ok(())
    }
}
