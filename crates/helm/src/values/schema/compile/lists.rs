//! Keywords for lists to rules.

use sealift_gotemplate::Value;

use super::reading::Object;
use super::{Compiler, Queue};
use crate::values::schema::limits::Stop;
use crate::values::schema::rules::ArrayRules;

impl Compiler<'_> {
    pub(super) fn array_rules(
        &mut self,
        object: &Object<'_>,
        is_plain: bool,
        queue: &mut Queue,
    ) -> Result<Option<ArrayRules>, Stop> {
        const KEYWORDS: [&str; 7] = [
            "minItems",
            "maxItems",
            "uniqueItems",
            "items",
            "prefixItems",
            "contains",
            "unevaluatedItems",
        ];
        if !object.has_any(&KEYWORDS) {
            return Ok(None);
        }
        let mut rules = ArrayRules::default();
        let Object { map, dialect, version, .. } = *object;
        if is_plain && dialect.has("validation") {
            rules.min_items = object.count("minItems");
            rules.max_items = object.count("maxItems");
            rules.is_unique = object.truth("uniqueItems");
        }
        if is_plain && dialect.has("applicator") && version < 2020 {
            if let Some(Value::List(_)) = map.get("items") {
                rules.first = self.list(object, "items", queue)?;
                rules.additional = self.additional(object, "additionalItems", queue)?;
            } else {
                rules.others = self.below(object, "items", queue)?;
            }
        }
        if version >= 6 && dialect.has("applicator") {
            rules.contains = self.below(object, "contains", queue)?;
        }
        if version >= 2019 && dialect.has("validation") && rules.contains.is_some() {
            rules.min_contains = object.count("minContains");
            rules.max_contains = object.count("maxContains");
        }
        if version >= 2020 && dialect.has("applicator") {
            rules.first = self.list(object, "prefixItems", queue)?;
            rules.others = self.below(object, "items", queue)?;
        }
        if object.looks_at_unevaluated() {
            rules.unevaluated = self.below(object, "unevaluatedItems", queue)?;
        }
        Ok(Some(rules))
    }
}
