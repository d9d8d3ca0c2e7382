//! Keywords for maps to rules.

use std::collections::BTreeMap;
use std::rc::Rc;

use sealift_gotemplate::{Str, Value};

use super::reading::Object;
use super::{Compiler, Queue};
use crate::values::schema::limits::Stop;
use crate::values::schema::rules::{Dependency, ObjectRules};

/// One of them makes rules.
const KEYWORDS: [&str; 11] = [
    "minProperties",
    "maxProperties",
    "required",
    "properties",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedProperties",
];

impl Compiler<'_> {
    pub(super) fn object_rules(
        &mut self,
        object: &Object<'_>,
        is_plain: bool,
        queue: &mut Queue,
    ) -> Result<Option<ObjectRules>, Stop> {
        if !object.has_any(&KEYWORDS) {
            return Ok(None);
        }
        let mut rules = ObjectRules::default();
        let has = |vocabulary| object.dialect.has(vocabulary);
        if is_plain && has("validation") {
            rules.min_properties = object.count("minProperties");
            rules.max_properties = object.count("maxProperties");
            rules.required = object.texts("required");
        }
        if is_plain && has("applicator") {
            self.properties(object, &mut rules, queue)?;
        }
        if object.version >= 6 && has("applicator") {
            rules.names = self.below(object, "propertyNames", queue)?;
        }
        if object.version >= 2019 && has("validation") {
            rules.dependent_required = object.text_lists("dependentRequired");
        }
        if object.version >= 2019 && has("applicator") {
            rules.dependent_schemas = self.map(object, "dependentSchemas", queue)?;
        }
        if object.looks_at_unevaluated() {
            rules.unevaluated = self.below(object, "unevaluatedProperties", queue)?;
        }
        Ok(Some(rules))
    }

    /// Reads the keywords with schemas for properties.
    fn properties(
        &mut self,
        object: &Object<'_>,
        rules: &mut ObjectRules,
        queue: &mut Queue,
    ) -> Result<(), Stop> {
        rules.properties = self.map(object, "properties", queue)?;
        for (pattern, schema) in self.map(object, "patternProperties", queue)? {
            let pattern = Rc::from(&*pattern.to_text());
            self.check_pattern(object, "patternProperties", &pattern)?;
            rules.patterns.push((pattern, schema));
        }
        rules.additional = self.additional(object, "additionalProperties", queue)?;
        rules.dependencies = self.dependencies(object, queue)?;
        Ok(())
    }

    fn dependencies(
        &mut self,
        object: &Object<'_>,
        queue: &mut Queue,
    ) -> Result<BTreeMap<Str, Dependency>, Stop> {
        let mut all = BTreeMap::new();
        for (name, schema) in object.entries("dependencies") {
            let dependency = if let Value::List(names) = schema {
                let names = names.items().iter().filter_map(Value::as_str);
                Dependency::Properties(names.cloned().collect())
            } else {
                let keyword = self.places.below(object.place, &"dependencies".into());
                let place = keyword.and_then(|place| self.places.below(place, &name));
                let Some(place) = place else { continue };
                Dependency::Schema(self.enqueue(place, queue)?)
            };
            all.insert(name, dependency);
        }
        Ok(all)
    }
}
