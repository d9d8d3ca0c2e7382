//! Keywords to rules.

use std::rc::Rc;

use sealift_gotemplate::Value;

use super::reading::Object;
use super::{Compiler, Formats, Queue};
use crate::values::schema::equality::weight;
use crate::values::schema::format::Format;
use crate::values::schema::limits::Stop;
use crate::values::schema::location::{decoded, encoded, quoted, split};
use crate::values::schema::place::{PlaceId, escaped};
use crate::values::schema::root::text;
use crate::values::schema::rules::{
    AnyRules, Choices, Combined, Covers, References, SchemaId, TextRules, Types,
};

impl Compiler<'_> {
    pub(super) fn compile_one(&mut self, id: SchemaId, queue: &mut Queue) -> Result<(), Stop> {
        let place = self.schemas[id.0].place;
        // The way up to the resource is looked at several times.
        self.limits.spend(1 + self.places.depth(place) / 8)?;
        let resource = self.resource_of(place);
        let dialect = self.resource(resource).dialect;
        let version = dialect.draft.version;
        self.schemas[id.0].version = version;
        self.schemas[id.0].resource = self.enqueue(resource, queue)?;
        if version >= 2020 && place == resource {
            self.add_dynamic_anchors(id, resource, queue)?;
        }
        match self.places.value(place).clone() {
            Value::Bool(truth) => self.schemas[id.0].truth = Some(truth),
            Value::Map(map) if map.is_empty() => self.schemas[id.0].truth = Some(true),
            Value::Map(map) => {
                let object = Object { map: &map, place, dialect, version };
                self.read_references(id, &object, queue)?;
                let is_reference = self.schemas[id.0].references.as_ref();
                let is_reference = is_reference.is_some_and(|them| them.plain.is_some());
                // Before 2019, draft 4's keywords beside a reference are passed over.
                let is_plain = version >= 2019 || !is_reference;
                self.read_rules(id, &object, is_plain, queue)?;
            }
            _ => {}
        }
        self.schemas[id.0].covers = self.covers(id);
        Ok(())
    }

    fn add_dynamic_anchors(
        &mut self,
        id: SchemaId,
        resource: PlaceId,
        queue: &mut Queue,
    ) -> Result<(), Stop> {
        let resource = self.resource(resource);
        let anchors: Vec<_> = resource
            .anchors
            .iter()
            .filter(|(anchor, _)| resource.dynamic_anchors.contains(anchor))
            .map(|(anchor, place)| (anchor.clone(), *place))
            .collect();
        for (anchor, place) in anchors {
            let schema = self.enqueue(place, queue)?;
            let references = self.schemas[id.0].references.get_or_insert_default();
            references.dynamic_anchors.insert(anchor, schema);
        }
        Ok(())
    }

    fn read_references(
        &mut self,
        id: SchemaId,
        object: &Object<'_>,
        queue: &mut Queue,
    ) -> Result<(), Stop> {
        let Object { map, version, .. } = *object;
        let has = |keyword| map.contains(keyword);
        let is_recursive = version >= 2019 && (has("$recursiveRef") || has("$recursiveAnchor"));
        let is_dynamic = version >= 2020 && (has("$dynamicRef") || has("$dynamicAnchor"));
        if !has("$ref") && !is_recursive && !is_dynamic {
            return Ok(());
        }
        let mut references =
            self.schemas[id.0].references.take().map_or_else(References::default, |them| *them);
        references.plain = self.reference(object, "$ref", queue)?;
        if version >= 2019 {
            references.recursive = self.reference(object, "$recursiveRef", queue)?;
            references.is_recursive_anchor = object.truth("$recursiveAnchor");
        }
        if version >= 2020 {
            if let Some(schema) = self.reference(object, "$dynamicRef", queue)? {
                let written = text(map, "$dynamicRef").unwrap_or_default();
                let fragment = decoded(&written, split(&written).1)?;
                let anchor = Some(fragment)
                    .filter(|fragment| !fragment.is_empty() && !fragment.starts_with('/'));
                references.dynamic = Some((schema, anchor));
            }
            references.dynamic_anchor = text(map, "$dynamicAnchor");
        }
        self.schemas[id.0].references = Some(Box::new(references));
        Ok(())
    }

    fn reference(
        &mut self,
        object: &Object<'_>,
        keyword: &str,
        queue: &mut Queue,
    ) -> Result<Option<SchemaId>, Stop> {
        let Some(reference) = text(object.map, keyword) else { return Ok(None) };
        match self.resolve(object.place, &reference)? {
            Ok(place) => self.enqueue(place, queue).map(Some),
            Err(nowhere) => {
                queue.waiting.push_back(Err(nowhere));
                Ok(None)
            }
        }
    }

    fn read_rules(
        &mut self,
        id: SchemaId,
        object: &Object<'_>,
        is_plain: bool,
        queue: &mut Queue,
    ) -> Result<(), Stop> {
        let any = any_rules(object, is_plain, queue.formats);
        let combined = self.combined(object, is_plain, queue)?;
        let maps = self.object_rules(object, is_plain, queue)?;
        let array = self.array_rules(object, is_plain, queue)?;
        let (text, number) = if is_plain && object.dialect.has("validation") {
            (self.text_rules(object)?, object.number_rules())
        } else {
            (None, None)
        };
        let schema = &mut self.schemas[id.0];
        schema.any = any.map(Box::new);
        schema.combined = combined.map(Box::new);
        schema.object = maps.map(Box::new);
        schema.array = array.map(Box::new);
        schema.text = text.map(Box::new);
        schema.number = number.map(Box::new);
        Ok(())
    }

    fn combined(
        &mut self,
        object: &Object<'_>,
        is_plain: bool,
        queue: &mut Queue,
    ) -> Result<Option<Combined>, Stop> {
        const KEYWORDS: [&str; 5] = ["not", "allOf", "anyOf", "oneOf", "if"];
        if !object.has_any(&KEYWORDS) || !object.dialect.has("applicator") {
            return Ok(None);
        }
        let mut rules = Combined::default();
        if is_plain {
            rules.not = self.below(object, "not", queue)?;
            rules.all_of = self.list(object, "allOf", queue)?;
            rules.any_of = self.list(object, "anyOf", queue)?;
            rules.one_of = self.list(object, "oneOf", queue)?;
        }
        if object.version >= 7 {
            rules.condition = self.below(object, "if", queue)?;
            let truth = match object.map.get("if") {
                Some(Value::Bool(truth)) => Some(truth),
                _ => None,
            };
            if rules.condition.is_some() && truth != Some(false) {
                rules.then = self.below(object, "then", queue)?;
            }
            if rules.condition.is_some() && truth != Some(true) {
                rules.otherwise = self.below(object, "else", queue)?;
            }
        }
        Ok(Some(rules))
    }

    fn text_rules(&mut self, object: &Object<'_>) -> Result<Option<TextRules>, Stop> {
        if !object.has_any(&["minLength", "maxLength", "pattern"]) {
            return Ok(None);
        }
        let pattern = text(object.map, "pattern").map(Rc::from);
        if let Some(pattern) = &pattern {
            self.check_pattern(object, "pattern", pattern)?;
        }
        let (min_length, max_length) = (object.count("minLength"), object.count("maxLength"));
        Ok(Some(TextRules { min_length, max_length, pattern }))
    }

    pub(super) fn check_pattern(
        &mut self,
        object: &Object<'_>,
        keyword: &str,
        pattern: &Rc<str>,
    ) -> Result<(), Stop> {
        let Err(error) = self.patterns.check(pattern, self.limits)? else { return Ok(()) };
        let location = format!("{}/{}", self.location(object.place), encoded(&escaped(keyword)));
        let (pattern, location) = (quoted(pattern), quoted(&location));
        Err(format!("invalid regex {pattern} at {location}: {error}").into())
    }

    fn covers(&self, id: SchemaId) -> Covers {
        let schema = &self.schemas[id.0];
        let all_properties = schema.object.as_ref().is_some_and(|rules| rules.additional.is_some());
        let Some(array) = &schema.array else {
            return Covers { all_properties, ..Covers::default() };
        };
        let all_items = array.others.is_some() || array.additional.is_some();
        Covers { all_properties, all_items, items: array.first.len() }
    }
}

/// Reads keywords for values of any type.
fn any_rules(object: &Object<'_>, is_plain: bool, formats: Formats) -> Option<AnyRules> {
    let mut rules = AnyRules::default();
    let validates = object.dialect.has("validation");
    if is_plain && validates {
        match object.map.get("type") {
            Some(Value::Str(name)) => rules.types.add_named(&name),
            Some(Value::List(names)) => {
                for name in names.items().iter().filter_map(Value::as_str) {
                    rules.types.add_named(name);
                }
            }
            _ => {}
        }
        if let Some(Value::List(list)) = object.map.get("enum") {
            let values = list.items().to_vec();
            let mut types = Types::default();
            for value in &values {
                types.add(Types::of(value));
            }
            rules.choices = Some(Choices { values, types });
        }
    }
    if validates && object.version >= 6 {
        rules.constant = object.map.get("const");
    }
    if is_plain && object.asserts_formats(formats) {
        rules.format = text(object.map, "format").and_then(|name| Format::named(&name));
    }
    let choices = rules.choices.iter().flat_map(|choices| &choices.values);
    rules.weight = choices.chain(&rules.constant).map(weight).sum();
    let is_empty = rules.types.is_empty()
        && rules.choices.is_none()
        && rules.constant.is_none()
        && rules.format.is_none();
    Some(rules).filter(|_| !is_empty)
}
