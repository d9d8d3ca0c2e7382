//! Documents with schemas in them: their resources and anchors.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use sealift_gotemplate::{Limit, Map, Str, Value};

use super::compile::Compiler;
use super::draft::{Dialect, Draft, Position};
use super::limits::Stop;
use super::location::{Reference, decoded, encoded, quoted, split};
use super::place::{PlaceId, Places, RootId};

/// A document.
pub(super) struct Root {
    pub(super) url: String,
    pub(super) place: PlaceId,
    /// Parts with a URL of their own, the document itself included.
    pub(super) resources: BTreeMap<PlaceId, Resource>,
    /// Resources by their URL.
    by_url: HashMap<String, PlaceId>,
    /// Places where subschemas were looked for.
    pub(super) seen: HashSet<PlaceId>,
}

/// A part of a document with a URL of its own.
#[derive(Clone)]
pub(super) struct Resource {
    pub(super) url: String,
    pub(super) dialect: Dialect,
    pub(super) anchors: BTreeMap<String, PlaceId>,
    pub(super) dynamic_anchors: Vec<String>,
}

impl Root {
    pub(super) fn new(url: &str, place: PlaceId) -> Self {
        Self {
            url: url.to_owned(),
            place,
            resources: BTreeMap::new(),
            by_url: HashMap::new(),
            seen: HashSet::new(),
        }
    }

    /// Returns the resource at a URL, when it is in this document.
    pub(super) fn resource_at(&self, url: &str) -> Option<PlaceId> {
        if url == self.url { Some(self.place) } else { self.by_url.get(url).copied() }
    }

    fn add(&mut self, place: PlaceId, url: &str, dialect: Dialect) {
        let (anchors, dynamic_anchors) = (BTreeMap::new(), Vec::new());
        let resource = Resource { url: url.to_owned(), dialect, anchors, dynamic_anchors };
        self.resources.insert(place, resource);
        self.by_url.insert(url.to_owned(), place);
    }
}

/// Returns the text that a keyword has.
pub(super) fn text(map: &Map, keyword: &str) -> Option<String> {
    map.get(keyword)?.as_str().map(ToString::to_string)
}

/// Returns the URL that a schema gives itself, without fragment.
fn id(draft: &Draft, map: &Map) -> Option<String> {
    if draft.version < 2019 && map.contains("$ref") {
        return None;
    }
    text(map, draft.id).map(|id| split(&id).0.to_owned()).filter(|id| !id.is_empty())
}

impl Compiler<'_> {
    /// Returns the resource that a place belongs to.
    pub(super) fn resource_of(&self, place: PlaceId) -> PlaceId {
        let root = self.root(self.places.document(place));
        let mut at = place;
        while !root.resources.contains_key(&at) {
            match self.places.above(at) {
                Some(above) => at = above,
                None => return root.place,
            }
        }
        at
    }

    pub(super) fn resource(&self, place: PlaceId) -> &Resource {
        &self.root(self.places.document(place)).resources[&place]
    }

    /// Looks for resources and anchors in a schema and in those below it.
    ///
    /// Mirrors `roots.collectResources` in `roots.go` of santhosh-tekuri/jsonschema 6.0.2, with a
    /// list of its own instead of recursion.
    pub(super) fn collect(
        &mut self,
        place: PlaceId,
        base: &str,
        fallback: Dialect,
    ) -> Result<(), Stop> {
        let mut waiting = vec![(place, Rc::from(base), fallback)];
        while let Some((place, base, fallback)) = waiting.pop() {
            self.limits.spend(1)?;
            let document = self.places.document(place);
            if self.root_mut(document).seen.insert(place) {
                waiting.extend(self.collect_one(place, base, fallback)?);
            }
        }
        Ok(())
    }

    fn collect_one(
        &mut self,
        place: PlaceId,
        base: Rc<str>,
        fallback: Dialect,
    ) -> Result<Vec<(PlaceId, Rc<str>, Dialect)>, Stop> {
        let document = self.places.document(place);
        let is_root = self.places.above(place).is_none();
        let Value::Map(map) = self.places.value(place).clone() else {
            if is_root {
                self.root_mut(document).add(place, &base, fallback);
            }
            return Ok(Vec::new());
        };
        let (dialect, url) = self.own_dialect(place, &map, fallback, is_root)?;
        let draft = dialect.draft;
        let base = match &url {
            None => base,
            Some(id) => {
                let location = self.location(place);
                let wrong = |_| format!("error in parsing id at {}", quoted(&location));
                short(Reference::join(&base, id).map_err(wrong)?.url)?
            }
        };
        if url.is_some() || is_root {
            self.add_resource(place, &base, dialect)?;
        }
        let resource = self.root(document).resource_at_own(&base);
        self.collect_anchors(place, &map, resource)?;
        let dialect = self.resource(resource).dialect;
        let below = self.subschemas(place, &map, draft);
        Ok(below.into_iter().map(|below| (below, Rc::clone(&base), dialect)).collect())
    }

    /// Returns the dialect of a schema that may have a URL of its own, and that.
    fn own_dialect(
        &self,
        place: PlaceId,
        map: &Map,
        fallback: Dialect,
        is_root: bool,
    ) -> Result<(Dialect, Option<String>), Stop> {
        let draft = self.draft_of(place, map, fallback.draft)?;
        let url = id(draft, map);
        if url.is_none() && !is_root {
            return Ok((fallback, id(fallback.draft, map)));
        }
        let has_schema = text(map, "$schema").is_some();
        let only = Self::only_vocabulary(map, draft);
        Ok((if has_schema { Dialect { draft, only } } else { fallback }, url))
    }

    fn add_resource(&mut self, place: PlaceId, url: &str, dialect: Dialect) -> Result<(), Stop> {
        let document = self.places.document(place);
        let root = self.root(document);
        match root.by_url.get(url) {
            None => self.root_mut(document).add(place, url, dialect),
            Some(there) if *there == place => {}
            Some(there) => {
                let [one, other] = [place, *there].map(|at| quoted(&self.places.pointer(at)));
                let (url, document) = (quoted(url), quoted(&root.url));
                return Err(format!("duplicate id {url} in {document} at {one} and {other}").into());
            }
        }
        Ok(())
    }

    /// Returns the places of the subschemas that keywords hold.
    fn subschemas(&mut self, place: PlaceId, map: &Map, draft: &Draft) -> Vec<PlaceId> {
        let mut found = Vec::new();
        for position in draft.subschemas.iter().copied().flatten() {
            let (Position::Whole(name) | Position::Items(name) | Position::Properties(name)) =
                *position;
            if !map.contains(name) {
                continue;
            }
            let Some(value) = self.places.below(place, &name.into()) else { continue };
            let tokens: Vec<Str> = match (position, self.places.value(value)) {
                (Position::Whole(_), _) => {
                    found.push(value);
                    continue;
                }
                (Position::Items(_), Value::List(list)) => {
                    (0..list.len()).map(|index| index.to_string().into()).collect()
                }
                (Position::Properties(_), Value::Map(map)) => {
                    map.entries().iter().map(|(key, _)| key.clone()).collect()
                }
                _ => continue,
            };
            found.extend(tokens.iter().filter_map(|token| self.places.below(value, token)));
        }
        found
    }

    fn collect_anchors(
        &mut self,
        place: PlaceId,
        map: &Map,
        resource: PlaceId,
    ) -> Result<(), Stop> {
        let draft = self.resource(resource).dialect.draft;
        if draft.version < 2019 {
            if map.contains("$ref") {
                return Ok(());
            }
            let Some(id) = text(map, draft.id) else { return Ok(()) };
            let wrong = |_| format!("error in parsing anchor at {}", quoted(&self.location(place)));
            let fragment = decoded(&id, split(&id).1).map_err(wrong)?;
            let anchor = Reference { url: String::new(), fragment };
            if let Some(anchor) = anchor.anchor() {
                self.add_anchor(place, anchor, resource)?;
            }
            return Ok(());
        }
        if let Some(anchor) = text(map, "$anchor") {
            self.add_anchor(place, &anchor, resource)?;
        }
        if draft.version >= 2020
            && let Some(anchor) = text(map, "$dynamicAnchor")
        {
            self.add_anchor(place, &anchor, resource)?;
            self.resource_mut(resource).dynamic_anchors.push(anchor);
        }
        Ok(())
    }

    fn add_anchor(&mut self, place: PlaceId, anchor: &str, resource: PlaceId) -> Result<(), Stop> {
        let there = self.resource_mut(resource).anchors.insert(anchor.to_owned(), place);
        let Some(there) = there.filter(|there| *there != place) else { return Ok(()) };
        let [one, other] = [there, place].map(|at| quoted(&self.places.pointer(at)));
        let url = quoted(&self.root(self.places.document(place)).url);
        let anchor = quoted(anchor);
        Err(format!("duplicate anchor {anchor} in {url} at {one} and {other}").into())
    }

    /// Returns the draft that a schema says it follows.
    fn draft_of(
        &self,
        place: PlaceId,
        map: &Map,
        fallback: &'static Draft,
    ) -> Result<&'static Draft, Stop> {
        let Some(url) = text(map, "$schema") else { return Ok(fallback) };
        if let Some(draft) = Draft::named(&url) {
            return Ok(draft);
        }
        let (url, _) = split(&url);
        if let Err(error) = sealift_sprig::url::Url::parse(url.as_bytes()) {
            let location = quoted(&self.location(place));
            return Err(format!("invalid $schema in {location}: {error}").into());
        }
        let root = self.root(self.places.document(place));
        if place == root.place && url == root.url {
            return Err(format!("draft {} is not supported", quoted(url)).into());
        }
        if url == root.url {
            let Value::Map(whole) = self.places.value(root.place) else { return Ok(fallback) };
            return self.draft_of(root.place, whole, fallback);
        }
        // Metaschemas of vocabularies say of which draft they are.
        match super::draft::metaschema(url) {
            Some(_) if url.contains("/2019-09/") => Ok(&super::draft::DRAFT_2019),
            Some(_) => Ok(&super::draft::DRAFT_2020),
            None => Err(Stop::Remote(url.into())),
        }
    }

    fn only_vocabulary(map: &Map, draft: &'static Draft) -> Option<&'static str> {
        let url = text(map, "$schema").filter(|url| Draft::named(url).is_none())?;
        draft.vocabulary_at(split(&url).0)
    }
}

/// The longest URL of a schema. One within another gets longer with each level.
const MAX_URL_BYTES: usize = 64 << 10;

fn short(url: String) -> Result<Rc<str>, Stop> {
    if url.len() > MAX_URL_BYTES {
        return Err(Limit::StringBytes(MAX_URL_BYTES).into());
    }
    Ok(url.into())
}

impl Root {
    /// Returns the resource of a URL that is known to have one.
    fn resource_at_own(&self, url: &str) -> PlaceId {
        self.by_url.get(url).copied().unwrap_or(self.place)
    }
}

impl Compiler<'_> {
    fn resource_mut(&mut self, place: PlaceId) -> &mut Resource {
        let document = self.places.document(place);
        let root = self.root_mut(document);
        let (url, dialect) =
            (root.url.clone(), Dialect { draft: &super::draft::DRAFT_2020, only: None });
        root.resources.entry(place).or_insert_with(|| Resource {
            url,
            dialect,
            anchors: BTreeMap::new(),
            dynamic_anchors: Vec::new(),
        })
    }

    /// Returns a place as a URL.
    pub(super) fn location(&self, place: PlaceId) -> String {
        location(&self.roots, &self.places, place)
    }

    pub(super) fn root(&self, root: RootId) -> &Root {
        &self.roots[root.0]
    }

    pub(super) fn root_mut(&mut self, root: RootId) -> &mut Root {
        &mut self.roots[root.0]
    }
}

/// Returns a place as a URL.
pub(super) fn location(roots: &[Root], places: &Places, place: PlaceId) -> String {
    let root = &roots[places.document(place).0];
    format!("{}#{}", root.url, encoded(&places.pointer(place)))
}
