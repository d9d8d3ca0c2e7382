//! Keywords for lists to rules.

use sealift_gotemplate::Value;

use super::reading::Object;
use super::{Compiler, Queue};
use crate::values::schema::limits::Stop;
use crate::values::schema::rules::ArrayRules;

/// One of them makes rules.
const KEYWORDS: [&str; 7] =
    ["minItems", "maxItems", "uniqueItems", "items", "prefixItems", "contains", "unevaluatedItems"];

impl Compiler<'_> {
    pub(super) fn array_rules(
        &mut self,
        object: &Object<'_>,
        is_plain: bool,
        queue: &mut Queue,
    ) -> Result<Option<ArrayRules>, Stop> {
        if !object.has_any(&KEYWORDS) {
            return Ok(None);
        }
        let mut rules = ArrayRules::default();
        let (version, has) = (object.version, |vocabulary| object.dialect.has(vocabulary));
        if is_plain && has("validation") {
            rules.min_items = object.count("minItems");
            rules.max_items = object.count("maxItems");
            rules.is_unique = object.truth("uniqueItems");
        }
        if has("applicator") && (is_plain || version >= 2020) {
            self.items(object, &mut rules, queue)?;
        }
        if version >= 6 && has("applicator") {
            rules.contains = self.below(object, "contains", queue)?;
        }
        if version >= 2019 && has("validation") && rules.contains.is_some() {
            rules.min_contains = object.count("minContains");
            rules.max_contains = object.count("maxContains");
        }
        if object.looks_at_unevaluated() {
            rules.unevaluated = self.below(object, "unevaluatedItems", queue)?;
        }
        Ok(Some(rules))
    }

    /// Reads the keywords with schemas for items by their places.
    fn items(
        &mut self,
        object: &Object<'_>,
        rules: &mut ArrayRules,
        queue: &mut Queue,
    ) -> Result<(), Stop> {
        if object.version >= 2020 {
            rules.first = self.list(object, "prefixItems", queue)?;
            rules.others = self.below(object, "items", queue)?;
        } else if let Some(Value::List(_)) = object.map.get("items") {
            rules.first = self.list(object, "items", queue)?;
            rules.additional = self.additional(object, "additionalItems", queue)?;
        } else {
            rules.others = self.below(object, "items", queue)?;
        }
        Ok(())
    }
}
