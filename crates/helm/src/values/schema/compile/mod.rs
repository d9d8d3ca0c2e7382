//! Documents to schemas.
//!
//! Mirrors `compiler.go`, `objcompiler.go` and `roots.go` of santhosh-tekuri/jsonschema 6.0.2.

mod keywords;
mod lists;
mod objects;
mod reading;

use std::collections::{BTreeMap, HashMap, VecDeque};

use sealift_gotemplate::{Limit, Value};

use super::document::read;
use super::draft::{DRAFT_2020, Dialect, metaschema};
use super::fault::{listed, quoted as named};
use super::limits::{Limits, Stop};
use super::location::{Reference, encoded, quoted};
use super::pattern::Patterns;
use super::place::{Nowhere, PlaceId, Places, RootId};
use super::root::Root;
use super::rules::{References, Schema, SchemaId};
use super::validate::{Resources, Validator};

/// Subschemas of one document and of those that it refers to. The largest of known charts has
/// 2,734.
const MAX_SCHEMAS: usize = 250_000;

/// Documents, and the schemas in them.
pub(super) struct Compiler<'l> {
    pub(super) limits: &'l mut Limits,
    pub(super) places: Places,
    pub(super) roots: Vec<Root>,
    by_url: HashMap<String, RootId>,
    pub(super) schemas: Vec<Schema>,
    last: Option<Last>,
    /// Whether formats are always checked is part of what a schema is.
    known: HashMap<(PlaceId, Formats), SchemaId>,
    pub(super) patterns: Patterns,
    /// What was met that Helm passes over with a warning.
    pub(super) warnings: Vec<String>,
}

/// The document that was compiled last, and how much there was before it.
struct Last {
    root: RootId,
    places: usize,
    schemas: usize,
}

impl Last {
    fn before(compiler: &Compiler<'_>, root: RootId) -> Self {
        let (places, schemas) = (compiler.places.len(), compiler.schemas.len());
        Self { root, places, schemas }
    }
}

/// Schemas that wait for being compiled, and pointers that lead nowhere, which are errors when it
/// is their turn.
struct Queue {
    formats: Formats,
    waiting: VecDeque<Result<SchemaId, String>>,
}

/// Which formats are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Formats {
    /// Those that the draft says.
    ByDraft,
    /// All: metaschemas are checked so.
    All,
}

impl<'l> Compiler<'l> {
    pub(super) fn new(limits: &'l mut Limits) -> Self {
        Self {
            limits,
            places: Places::default(),
            roots: Vec::new(),
            by_url: HashMap::new(),
            schemas: Vec::new(),
            last: None,
            known: HashMap::new(),
            patterns: Patterns::default(),
            warnings: Vec::new(),
        }
    }

    /// Returns the schema that is a whole document.
    ///
    /// Another one at the same URL must be [forgotten](Self::forget) before.
    pub(super) fn compile(&mut self, url: &str, document: Value) -> Result<SchemaId, Stop> {
        self.last = Some(Last::before(self, RootId(self.roots.len())));
        self.known.retain(|(_, formats), _| *formats == Formats::All);
        let root = self.add(url, document)?;
        let place = self.root(root).place;
        self.compile_place(place, Formats::ByDraft)
    }

    /// Takes away what is known of the document that was compiled last: it takes much memory.
    pub(super) fn forget(&mut self, url: &str) {
        self.by_url.remove(url);
        let Some(last) = self.last.take() else { return };
        for id in last.schemas..self.schemas.len() {
            let place = self.schemas[id].place;
            if self.places.document(place) == last.root {
                self.schemas[id] = Schema::new(place, SchemaId(id), 0);
            }
        }
        self.places.forget(last.places, last.root);
        let root = self.root_mut(last.root);
        *root = Root::new(&root.url, root.place);
    }

    fn add(&mut self, url: &str, document: Value) -> Result<RootId, Stop> {
        let id = RootId(self.roots.len());
        let place = self.places.root(id, document);
        self.roots.push(Root::new(url, place));
        self.collect(place, url, Dialect { draft: &DRAFT_2020, only: None })?;
        let is_meta = ["http://json-schema.org/", "https://json-schema.org/"];
        if !is_meta.iter().any(|prefix| url.starts_with(prefix)) {
            self.check(place)?;
        }
        self.by_url.insert(url.to_owned(), id);
        Ok(id)
    }

    /// Returns the document at a URL, which is one that is known or belongs to JSON Schema itself.
    fn load(&mut self, url: &str) -> Result<RootId, Stop> {
        if let Some(root) = self.by_url.get(url) {
            return Ok(*root);
        }
        let document = match metaschema(url) {
            Some(text) => read(&text.into())?,
            None if url.starts_with("urn:") => {
                let warning = "unresolved URN reference ignored; using permissive schema";
                self.warnings.push(format!("{warning}: {url}"));
                Value::Bool(true)
            }
            None => return Err(Stop::Remote(url.into())),
        };
        self.add(url, document)
    }

    /// Checks a schema against the metaschema of its draft.
    fn check(&mut self, place: PlaceId) -> Result<(), Stop> {
        let root = self.places.document(place);
        let mut dialects = BTreeMap::new();
        self.limits.spend(self.root(root).resources.len())?;
        if self.root(root).resources.len() > 1 {
            for resource in self.root(root).resources.clone().into_keys() {
                let meta = self.metaschema(self.resource(resource).dialect)?;
                dialects.insert(resource, meta);
            }
        }
        let meta = self.metaschema(self.resource(self.resource_of(place)).dialect)?;
        let value = self.places.value(place).clone();
        let start = self.root(root).place;
        let resources = Resources { start, dialects };
        let faults = Validator::new(self, Some(resources)).check(meta, &value)?;
        if faults.is_empty() {
            return Ok(());
        }
        let url = quoted(&self.location(place));
        let meta = named(&self.location(self.schemas[meta.0].place));
        Err(format!(
            "{url} is not valid against metaschema: jsonschema validation failed with {meta}{}",
            listed(&faults)
        )
        .into())
    }

    /// Returns the metaschema of a dialect.
    fn metaschema(&mut self, dialect: Dialect) -> Result<SchemaId, Stop> {
        let Some(only) = dialect.only else { return self.compile_meta(dialect.draft.url) };
        let mut all_of = vec![self.compile_meta(&dialect.draft.vocabulary_url(only))?];
        if only != "core" {
            all_of.push(self.compile_meta(&dialect.draft.vocabulary_url("core"))?);
        }
        let root = self.add("urn:mem:metaschema", Value::Bool(true))?;
        let place = self.root(root).place;
        let id = self.push(place, dialect.draft.version);
        let references = References {
            dynamic_anchor: Some("meta".to_owned()),
            dynamic_anchors: [("meta".to_owned(), id)].into(),
            ..References::default()
        };
        let combined = super::rules::Combined { all_of, ..Default::default() };
        let schema = &mut self.schemas[id.0];
        schema.references = Some(Box::new(references));
        schema.combined = Some(Box::new(combined));
        Ok(id)
    }

    fn compile_meta(&mut self, url: &str) -> Result<SchemaId, Stop> {
        let root = self.load(url)?;
        let place = self.root(root).place;
        self.compile_place(place, Formats::All)
    }

    /// Compiles a place, and all that it needs.
    fn compile_place(&mut self, place: PlaceId, formats: Formats) -> Result<SchemaId, Stop> {
        let mut queue = Queue { formats, waiting: VecDeque::new() };
        let id = self.enqueue(place, &mut queue)?;
        while let Some(next) = queue.waiting.pop_front() {
            let next = next?;
            self.ensure(self.schemas[next.0].place)?;
            self.compile_one(next, &mut queue)?;
        }
        Ok(id)
    }

    /// Returns the schema of a place, which is compiled later when it is new.
    fn enqueue(&mut self, place: PlaceId, queue: &mut Queue) -> Result<SchemaId, Stop> {
        if let Some(known) = self.known.get(&(place, queue.formats)) {
            return Ok(*known);
        }
        if self.schemas.len() >= MAX_SCHEMAS {
            return Err(Limit::LiveElements(MAX_SCHEMAS).into());
        }
        let id = self.push(place, 0);
        self.known.insert((place, queue.formats), id);
        queue.waiting.push_back(Ok(id));
        Ok(id)
    }

    /// Sees to it that a place where no schema is expected was looked at as one.
    fn ensure(&mut self, place: PlaceId) -> Result<(), Stop> {
        let root = self.root(self.places.document(place));
        if root.seen.contains(&place) {
            return Ok(());
        }
        let resource = self.resource(self.resource_of(place));
        let (url, dialect) = (resource.url.clone(), resource.dialect);
        self.collect(place, &url, dialect)?;
        self.check(place)
    }

    /// Returns the place that a reference leads to, or that its pointer leads nowhere.
    fn resolve(&mut self, from: PlaceId, reference: &str) -> Result<Result<PlaceId, String>, Stop> {
        let base = self.resource(self.resource_of(from)).url.clone();
        let reference = Reference::join(&base, reference)?;
        let mut root = self.places.document(from);
        let local = self.root(root).resource_at(&reference.url);
        let start = if let Some(resource) = local {
            resource
        } else {
            root = self.load(&reference.url)?;
            self.root(root).place
        };
        let Some(anchor) = reference.anchor() else {
            return Ok(self.places.follow(start, &reference.fragment).map_err(|nowhere| {
                let pointer = self.places.pointer(start) + &reference.fragment;
                let url = quoted(&format!("{}#{}", self.root(root).url, encoded(&pointer)));
                match nowhere {
                    Nowhere::NoPointer => format!("invalid json-pointer {url}"),
                    Nowhere::NotFound => format!("json-pointer in {url} not found"),
                }
            }));
        };
        let resource = self.resource(start);
        resource.anchors.get(anchor).copied().map(Ok).ok_or_else(|| {
            let reference = quoted(&format!("{}#{}", resource.url, encoded(anchor)));
            let url = quoted(&self.root(root).url);
            Stop::Invalid(format!("anchor in {reference} not found in schema {url}"))
        })
    }

    fn push(&mut self, place: PlaceId, version: u16) -> SchemaId {
        let id = SchemaId(self.schemas.len());
        self.schemas.push(Schema::new(place, id, version));
        id
    }
}
