//! Values against schemas.
//!
//! Mirrors `validator.go` of santhosh-tekuri/jsonschema 6.0.2: the same checks in the same
//! order, of which some end the others. Properties are looked at in the order of their names,
//! where Go's order is random.

mod any;
mod array;
mod combine;
mod number;
mod object;
mod reference;
mod scope;
mod text;
mod unevaluated;

use std::collections::BTreeMap;

use sealift_gotemplate::Value;

use super::compile::Compiler;
use super::fault::{Fault, Kind};
use super::limits::{Limits, Stop};
use super::pattern::Patterns;
use super::place::{PlaceId, Places};
use super::root::Root;
use super::rules::{Schema, SchemaId};
use scope::{Place, Scope};
use unevaluated::Unevaluated;

/// Checks values against a schema and those that it refers to.
pub(super) struct Validator<'c> {
    schemas: &'c [Schema],
    places: &'c Places,
    roots: &'c [Root],
    limits: &'c mut Limits,
    patterns: &'c mut Patterns,
    resources: Option<Resources>,
}

/// When the value is a schema: the metaschemas of its parts.
pub(super) struct Resources {
    /// The document of the schema.
    pub(super) start: PlaceId,
    /// The metaschema of each part with a URL of its own; empty where there is one part.
    pub(super) dialects: BTreeMap<PlaceId, SchemaId>,
}

/// One value against one schema.
struct Frame<'f> {
    schema: SchemaId,
    value: &'f Value,
    place: Option<&'f Place<'f>>,
    scope: Scope<'f>,
    left: Unevaluated,
    faults: Vec<Fault>,
    /// Whether nobody will read the faults.
    is_quiet: bool,
    /// The metaschema, while a schema is checked.
    meta: Option<SchemaId>,
    depth: usize,
}

impl Frame<'_> {
    /// Adds what is wrong; where nobody will read it, one fault is enough.
    fn blame(&mut self, fault: Option<Fault>) {
        if !self.is_quiet || self.faults.is_empty() {
            self.faults.extend(fault);
        }
    }

    /// Returns a fault that somebody will read.
    fn read(&self, fault: Fault) -> Option<Fault> {
        Some(fault).filter(|_| !self.is_quiet)
    }
}

/// What is left unevaluated, or what is wrong.
type Verdict = Result<Unevaluated, Fault>;

impl<'c> Validator<'c> {
    pub(super) fn new(compiler: &'c mut Compiler<'_>, resources: Option<Resources>) -> Self {
        Self {
            schemas: &compiler.schemas,
            places: &compiler.places,
            roots: &compiler.roots,
            limits: &mut *compiler.limits,
            patterns: &mut compiler.patterns,
            resources,
        }
    }

    /// Returns what is wrong with a value.
    pub(super) fn check(&mut self, schema: SchemaId, value: &Value) -> Result<Vec<Fault>, Stop> {
        let meta = self.resources.as_ref().map(|_| schema);
        self.check_anew(schema, meta, value, None)
    }

    /// Checks a value that is not a part of the one around it.
    fn check_anew(
        &mut self,
        schema: SchemaId,
        meta: Option<SchemaId>,
        value: &Value,
        around: Option<&Frame<'_>>,
    ) -> Result<Vec<Fault>, Stop> {
        let frame = Frame {
            schema,
            value,
            place: None,
            scope: Scope::top(schema),
            left: self.unevaluated(value, schema, false)?,
            faults: Vec::new(),
            is_quiet: around.is_some_and(|frame| frame.is_quiet),
            meta,
            depth: around.map_or(0, |frame| frame.depth + 1),
        };
        Ok(self.validate(frame)?.err().map(Fault::flattened).unwrap_or_default())
    }

    fn schema(&self, id: SchemaId) -> &'c Schema {
        &self.schemas[id.0]
    }

    /// Returns a fault of a frame's value; the text is made only when somebody will read it.
    fn fault(
        &mut self,
        frame: &Frame<'_>,
        kind: Kind,
        text: impl FnOnce() -> String,
    ) -> Result<Fault, Stop> {
        if frame.is_quiet {
            self.limits.spend(1)?;
            return Ok(Fault::quiet());
        }
        let (place, text) = (Place::pointer(frame.place), text());
        // A fault takes memory beside its texts, and is shown further in than those around it.
        self.limits.say(place.len() + text.len() + 2 * frame.depth + size_of::<Fault>())?;
        Ok(Fault { kind, place, text, causes: Vec::new() })
    }

    /// Pays for showing a value of some weight: quoting takes longer than comparing.
    fn spend_on_words(&mut self, frame: &Frame<'_>, weight: usize) -> Result<(), Stop> {
        if frame.is_quiet { Ok(()) } else { self.limits.spend(weight.saturating_mul(4)) }
    }

    fn add(&mut self, frame: &mut Frame<'_>, text: impl FnOnce() -> String) -> Result<(), Stop> {
        self.add_with(frame, Vec::new(), text)
    }

    fn add_with(
        &mut self,
        frame: &mut Frame<'_>,
        causes: Vec<Fault>,
        text: impl FnOnce() -> String,
    ) -> Result<(), Stop> {
        let fault = self.fault(frame, Kind::Keyword, text)?;
        frame.blame(Some(fault.because(causes)));
        Ok(())
    }

    fn validate(&mut self, mut frame: Frame<'_>) -> Result<Verdict, Stop> {
        self.limits.spend(1)?;
        self.limits.descend(frame.depth)?;
        let schema = self.schema(frame.schema);
        match schema.truth {
            Some(true) => return Ok(Ok(frame.left)),
            Some(false) => {
                return self.fault(&frame, Kind::Keyword, || "false schema".to_owned()).map(Err);
            }
            None => {}
        }
        if let Some(text) = self.cycle(&frame)? {
            return self.fault(&frame, Kind::Keyword, || text).map(Err);
        }
        if let Some(rules) = &schema.any
            && let Some(fault) = self.any(&frame, rules)?
        {
            return Ok(Err(fault));
        }
        if let Some(target) = schema.references.as_ref().and_then(|them| them.plain) {
            let verdict = self.refer(&mut frame, target, "$ref")?;
            if schema.version < 2019 {
                return Ok(verdict.map(|()| frame.left));
            }
            frame.blame(verdict.err());
        }
        self.validate_by_type(&mut frame, schema)?;
        if frame.faults.is_empty() || !frame.is_quiet {
            self.validate_rest(&mut frame, schema)?;
        }
        self.verdict(frame)
    }

    fn validate_by_type(&mut self, frame: &mut Frame<'_>, schema: &'c Schema) -> Result<(), Stop> {
        match frame.value {
            Value::Map(map) => match &schema.object {
                Some(rules) => self.object(frame, rules, map),
                None => Ok(()),
            },
            Value::List(list) => match &schema.array {
                Some(rules) => self.array(frame, rules, list.items()),
                None => Ok(()),
            },
            Value::Str(text) => match &schema.text {
                Some(rules) => self.text(frame, rules, text),
                None => Ok(()),
            },
            Value::Nil | Value::Bool(_) => Ok(()),
            number => match &schema.number {
                Some(rules) => self.number(frame, rules, number),
                None => Ok(()),
            },
        }
    }

    fn validate_rest(&mut self, frame: &mut Frame<'_>, schema: &'c Schema) -> Result<(), Stop> {
        if schema.version >= 2019
            && let Some(references) = &schema.references
        {
            self.moving_references(frame, references)?;
        }
        if let Some(rules) = &schema.combined {
            self.combined(frame, rules)?;
        }
        if schema.version >= 2019 {
            self.leftovers(frame, schema)?;
        }
        Ok(())
    }

    fn verdict(&mut self, mut frame: Frame<'_>) -> Result<Verdict, Stop> {
        let faults = std::mem::take(&mut frame.faults);
        match faults.len() {
            0 => Ok(Ok(frame.left)),
            1 => Ok(Err(faults.into_iter().next().unwrap_or_else(Fault::quiet))),
            _ => {
                let group = || "validation failed".to_owned();
                Ok(Err(self.fault(&frame, Kind::Group, group)?.because(faults)))
            }
        }
    }

    /// Checks the same value against another schema.
    fn same(
        &mut self,
        frame: &mut Frame<'_>,
        schema: SchemaId,
        keyword: Option<&'static str>,
        is_quiet: bool,
    ) -> Result<Result<(), Fault>, Stop> {
        let left = self.unevaluated(frame.value, schema, !frame.left.is_empty())?;
        let (schema, meta) = self.dialect(schema, frame.meta, frame.place)?;
        let inner = Frame {
            schema,
            value: frame.value,
            place: frame.place,
            scope: frame.scope.same(schema, keyword),
            left,
            faults: Vec::new(),
            is_quiet: frame.is_quiet || is_quiet,
            meta,
            depth: frame.depth + 1,
        };
        Ok(match self.validate(inner)? {
            Ok(left) => {
                frame.left.keep(&left);
                Ok(())
            }
            Err(fault) => Err(fault),
        })
    }

    /// Checks a part of the value.
    fn part(
        &mut self,
        frame: &Frame<'_>,
        schema: SchemaId,
        value: &Value,
        place: &Place<'_>,
    ) -> Result<Option<Fault>, Stop> {
        let left = self.unevaluated(value, schema, false)?;
        let (schema, meta) = self.dialect(schema, frame.meta, Some(place))?;
        let inner = Frame {
            schema,
            value,
            place: Some(place),
            scope: frame.scope.part(schema),
            left,
            faults: Vec::new(),
            is_quiet: frame.is_quiet,
            meta,
            depth: frame.depth + 1,
        };
        Ok(self.validate(inner)?.err())
    }

    /// Returns the metaschema in place of another one, where a schema changes its dialect.
    fn dialect(
        &mut self,
        schema: SchemaId,
        meta: Option<SchemaId>,
        place: Option<&Place<'_>>,
    ) -> Result<(SchemaId, Option<SchemaId>), Stop> {
        let has_several = |resources: &&Resources| !resources.dialects.is_empty();
        let resources = self.resources.as_ref().filter(has_several);
        let Some(resources) = resources.filter(|_| meta == Some(schema)) else {
            return Ok((schema, meta));
        };
        self.limits.spend(Place::depth(place))?;
        let place = Place::find(place, resources.start, self.places);
        let other = place.and_then(|place| resources.dialects.get(&place).copied());
        Ok(other.map_or((schema, meta), |other| (other, Some(other))))
    }
}
