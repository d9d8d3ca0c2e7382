//! The proof that claims about values hold: each value of a chart is changed in turn, everything is
//! rendered, and what moved is compared with what is claimed.
//!
//! Nothing of how claims are made is used here: values are read and changed as JSON, whole charts are
//! rendered, and references are known by the patterns of their keys.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::rc::Rc;

use sealift_discover::{Limits, Scan};
use sealift_gotemplate::Map;
use sealift_helm::assembly::Document;
use sealift_helm::chart::LoadOptions;
use sealift_helm::values::{UserValues, ValuesFile};
use sealift_helm::{Capabilities, Chart, FixedHost, Output, Profile, Settings, render};
use sealift_inventory::{Artifact, Origin, Step};
use sealift_products::set_by::{Subject, USUAL_RENDERINGS, set_by_of};
use serde_json::Value as Json;

/// What came out for one chart or for many.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// Charts that render with their default values.
    pub(crate) charts: usize,
    /// Values that were changed.
    pub(crate) leaves: usize,
    /// Those of them that move a reference.
    pub(crate) moving: usize,
    /// Those that are claimed, too.
    pub(crate) claimed: usize,
    /// Values claimed for a reference.
    pub(crate) claims: usize,
    /// Claims that no change proves.
    pub(crate) wrong: Vec<String>,
    /// Values that move a reference and are not claimed.
    pub(crate) missed: Vec<String>,
    /// Renderings that finding the claims took.
    pub(crate) renderings: usize,
    /// Values that were not tried since there were too many.
    pub(crate) untried: usize,
}

impl Figures {
    pub(crate) fn add(&mut self, other: Self) {
        self.charts += other.charts;
        self.leaves += other.leaves;
        self.moving += other.moving;
        self.claimed += other.claimed;
        self.claims += other.claims;
        self.wrong.extend(other.wrong);
        self.missed.extend(other.missed);
        self.renderings += other.renderings;
        self.untried += other.untried;
    }

    /// Returns the share of moving values that are claimed, in thousandths.
    pub(crate) fn share(&self) -> usize {
        (self.claimed * 1000).checked_div(self.moving).unwrap_or(1000)
    }
}

/// The least share, in thousandths, of moving values that must be claimed.
pub(crate) const LEAST_SHARE: usize = 950;

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { charts, leaves, moving, claimed, claims, renderings, untried, .. } = self;
        let wrong = self.wrong.len();
        write!(
            f,
            "{charts} charts, {leaves} values changed, {moving} move a reference, {claimed} of them claimed; "
        )?;
        write!(
            f,
            "{claims} claims, {wrong} wrong; {renderings} renderings, {untried} values untried"
        )
    }
}

/// Proves the claims about a chart, given as an archive. A chart that does not render with its default
/// values has none.
pub(crate) fn prove(name: &str, archive: &[u8]) -> Result<Figures, String> {
    let options = LoadOptions::default();
    let chart = Chart::from_archive(archive, &options).map_err(|error| error.to_string())?;
    let chart = without_notes(&chart);
    let capabilities = Capabilities::new(Profile::default(), Some("v1.33.0"), &[])
        .map_err(|error| error.to_string())?;
    let settings = Settings::new(Profile::default(), capabilities);
    let Ok(base) = whole(&chart, &Map::new(), &settings) else { return Ok(Figures::default()) };
    let all = defaults(&base.chart);
    let known = Known::of(&base);
    let seen = known.references(&base);
    let case = Case { name, chart, settings, all, known, seen };
    let mut figures = Figures { charts: 1, ..Figures::default() };
    let claimed = case.claimed(&mut figures)?;
    let mut leaves = Vec::new();
    scalars(&case.all, &mut Vec::new(), &mut leaves);
    for path in &leaves {
        let none = BTreeSet::new();
        case.compare(path, claimed.get(&shown(path)).unwrap_or(&none), &mut figures);
    }
    let keys: BTreeSet<_> = leaves.iter().map(|path| shown(path)).collect();
    let unknown = claimed.keys().filter(|key| !keys.contains(*key));
    figures.wrong.extend(unknown.map(|key| format!("{name}: {key} is no value")));
    Ok(figures)
}

/// A chart that renders.
struct Case<'n> {
    name: &'n str,
    chart: Chart,
    settings: Settings,
    /// All default values.
    all: Json,
    known: Known,
    seen: Vec<Reference>,
}

impl Case<'_> {
    /// Returns which references each value is claimed for.
    fn claimed(&self, figures: &mut Figures) -> Result<BTreeMap<String, BTreeSet<usize>>, String> {
        let (values, user) = (UserValues::default(), Map::new());
        let subject =
            Subject { chart: &self.chart, values: &values, user: &user, settings: &self.settings };
        let claims = set_by_of(subject, USUAL_RENDERINGS).map_err(|error| error.to_string())?;
        let mut claimed: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (at, reference) in self.seen.iter().enumerate() {
            for set_by in claims.of(&reference.file, &reference.origin, &reference.text) {
                claimed.entry(set_by.key).or_default().insert(at);
            }
        }
        figures.claims = claimed.values().map(BTreeSet::len).sum();
        figures.renderings = claims.renderings;
        figures.untried = claims.untried;
        Ok(claimed)
    }

    /// Changes one value, and compares what moves with what is claimed.
    fn compare(&self, path: &[Way], claimed: &BTreeSet<usize>, figures: &mut Figures) {
        let mut moved = BTreeSet::new();
        for change in changes(at(&self.all, path)) {
            let user = user_values(&self.all, path, change);
            if let Ok(output) = whole(&self.chart, &user, &self.settings) {
                moved.extend(moved_ones(&self.seen, &self.known.references(&output)));
            }
        }
        let (name, key) = (self.name, shown(path));
        figures.leaves += 1;
        for wrong in claimed.difference(&moved) {
            figures.wrong.push(format!("{name}: {key} does not set {}", self.seen[*wrong].shown()));
        }
        let Some(first) = moved.first() else { return };
        figures.moving += 1;
        if claimed.is_empty() {
            figures.missed.push(format!("{name}: {key} sets {}", self.seen[*first].shown()));
        } else {
            figures.claimed += 1;
        }
    }
}

/// Notes are no manifest, and those of many charts refuse any registry but their own.
fn without_notes(chart: &Chart) -> Chart {
    let templates = chart.templates.iter().filter(|file| !file.name.ends_with("NOTES.txt"));
    Chart {
        templates: templates.cloned().collect(),
        dependencies: chart.dependencies.iter().map(without_notes).collect(),
        ..chart.clone()
    }
}

fn whole(chart: &Chart, user: &Map, settings: &Settings) -> Result<Output, String> {
    let host = Rc::new(FixedHost::default());
    render(chart, user, settings, &(host as Rc<_>), &mut Vec::new())
        .map_err(|error| error.to_string())
}

/// A reference in what a chart gave.
#[derive(Clone)]
struct Reference {
    file: String,
    origin: Origin,
    /// The object and the key, without the places of list items.
    pattern: String,
    text: String,
}

impl Reference {
    /// Returns whether both stand at one place, by its keys and the places of list items.
    fn is_at(&self, other: &Self) -> bool {
        let keys = |step: &&Step| matches!(step, Step::Object(_) | Step::Key(_));
        let own = self.origin.steps().iter().filter(keys);
        self.file == other.file && own.eq(other.origin.steps().iter().filter(keys))
    }

    fn shown(&self) -> String {
        format!("{} at {}: {}", self.text, self.file, self.origin)
    }
}

/// Documents and the references in them: most do not change.
struct Known(HashMap<(String, Vec<u8>), Vec<Reference>>);

impl Known {
    fn of(output: &Output) -> Self {
        let found = |document| (id(document), in_document(document, &prefix(output)));
        Self(documents(output).map(found).collect())
    }

    fn references(&self, output: &Output) -> Vec<Reference> {
        let look = |document: &Document| match self.0.get(&id(document)) {
            Some(known) => known.clone(),
            None => in_document(document, &prefix(output)),
        };
        documents(output).flat_map(look).collect()
    }
}

fn id(document: &Document) -> (String, Vec<u8>) {
    (document.source().path.clone(), document.bytes().to_vec())
}

fn prefix(output: &Output) -> String {
    format!("{}/", output.chart.metadata.name)
}

fn documents(output: &Output) -> impl Iterator<Item = &Document> {
    output.manifests.objects.iter().chain(&output.manifests.hooks)
}

fn in_document(document: &Document, prefix: &str) -> Vec<Reference> {
    let path = &document.source().path;
    let file = path.strip_prefix(prefix).unwrap_or(path);
    let limits = Limits::default();
    let mut scan = Scan::new(&limits);
    let text = String::from_utf8_lossy(document.bytes());
    if scan.file(&text, file, &Origin::new()).is_err() {
        return Vec::new();
    }
    let discovery = scan.finish();
    let images = discovery.findings.into_iter().filter_map(|finding| match finding.artifact {
        Artifact::Image(image) => Some((image.written().to_owned(), finding.origin)),
        _ => None,
    });
    let others = discovery.unresolved.into_iter().map(|found| (found.text, found.origin));
    let reference = |(text, origin): (String, Origin)| Reference {
        file: file.to_owned(),
        pattern: pattern(file, &origin),
        origin,
        text,
    };
    images.chain(others).map(reference).collect()
}

fn pattern(file: &str, origin: &Origin) -> String {
    let mut pattern = file.to_owned();
    for step in origin.steps() {
        let text = match step {
            Step::Object(text) | Step::Key(text) => text,
            Step::Text { key, .. } => key.as_deref().unwrap_or("-"),
            _ => continue,
        };
        pattern.push(' ');
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('[') {
            pattern.push_str(before);
            rest = after.split_once(']').map_or("", |(_, rest)| rest);
            pattern.push_str("[]");
        }
        pattern.push_str(rest);
    }
    pattern
}

/// Returns the references in place of which others stand. Those of one pattern are compared in order,
/// when they are as many as before; else those of one place.
fn moved_ones(before: &[Reference], after: &[Reference]) -> BTreeSet<usize> {
    let mut moved = BTreeSet::new();
    for (pattern, places) in by_pattern(before) {
        let own: Vec<_> = places.iter().map(|&at| &before[at]).collect();
        let others: Vec<_> = after.iter().filter(|other| other.pattern == pattern).collect();
        for (pair, &at) in places.iter().enumerate() {
            let other = if own.len() == others.len() {
                Some(others[pair])
            } else {
                replaced(&before[at], &own, &others)
            };
            if other.is_some_and(|other| other.text != before[at].text) {
                moved.insert(at);
            }
        }
    }
    moved
}

fn by_pattern(references: &[Reference]) -> BTreeMap<&str, Vec<usize>> {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, reference) in references.iter().enumerate() {
        places.entry(&reference.pattern).or_default().push(at);
    }
    places
}

/// Returns what stands where a reference stood, when that is gone and the other is new: else items of
/// a list were added or taken away before it.
fn replaced<'r>(
    reference: &Reference,
    own: &[&Reference],
    others: &[&'r Reference],
) -> Option<&'r Reference> {
    let has = |list: &[&Reference], text: &str| list.iter().any(|other| other.text == text);
    let other = others.iter().copied().find(|other| other.is_at(reference))?;
    Some(other).filter(|other| !has(others, &reference.text) && !has(own, &other.text))
}

/// A step to a value.
#[derive(Clone, Debug, PartialEq)]
enum Way {
    Item(usize),
    Key(String),
}

/// Returns the values of a chart and of the charts inside, those of outer ones over those of inner ones.
fn defaults(chart: &Chart) -> Json {
    let file = chart.raw.iter().find(|file| &*file.name == "values.yaml");
    let bytes = file.map_or(&[][..], |file| file.data.as_bytes());
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut all = Json::Object(serde_json::Map::new());
    for document in sealift_goyaml::documents(text, &sealift_goyaml::Limits::default()) {
        let json = document.ok().and_then(|node| sealift_goyaml::to_json(&node).ok());
        if let Some(json) = json.and_then(|json| serde_json::from_str(&json).ok()) {
            over(&mut all, json);
        }
    }
    for inner in &chart.dependencies {
        let mut below = Json::Object(serde_json::Map::new());
        below[inner.name()] = defaults(inner);
        over(&mut below, all);
        all = below;
    }
    all
}

fn over(below: &mut Json, above: Json) {
    match (below, above) {
        (Json::Object(below), Json::Object(above)) => {
            for (key, value) in above {
                over(below.entry(key).or_insert(Json::Null), value);
            }
        }
        (below, above) => *below = above,
    }
}

fn scalars(json: &Json, path: &mut Vec<Way>, found: &mut Vec<Vec<Way>>) {
    match json {
        Json::Object(map) => map.iter().for_each(|(key, value)| {
            path.push(Way::Key(key.clone()));
            scalars(value, path, found);
            path.pop();
        }),
        Json::Array(items) => items.iter().enumerate().for_each(|(at, value)| {
            path.push(Way::Item(at));
            scalars(value, path, found);
            path.pop();
        }),
        _ => found.push(path.clone()),
    }
}

fn at<'j>(json: &'j Json, path: &[Way]) -> &'j Json {
    path.iter().fold(json, |json, way| match way {
        Way::Item(at) => &json[*at],
        Way::Key(key) => &json[key],
    })
}

/// Returns the values of a user that change one value: a map of maps, with a whole list where it is in one.
fn user_values(all: &Json, path: &[Way], change: Json) -> Map {
    let end = path.iter().position(|way| matches!(way, Way::Item(_))).unwrap_or(path.len());
    let (keys, items) = path.split_at(end);
    let mut value = at(all, keys).clone();
    let mut inner = &mut value;
    for way in items {
        inner = match way {
            Way::Item(at) => &mut inner[*at],
            Way::Key(key) => &mut inner[key],
        };
    }
    *inner = change;
    let whole = keys.iter().rev().fold(value, |value, way| match way {
        Way::Key(key) => Json::Object([(key.clone(), value)].into_iter().collect()),
        Way::Item(_) => value,
    });
    let file = ValuesFile { name: "change.yaml".to_owned(), bytes: whole.to_string().into_bytes() };
    let user = UserValues { files: vec![file], ..UserValues::default() };
    user.merge(Profile::default(), &mut |_| Err(String::new())).unwrap_or_default()
}

/// Values that may show.
fn changes(value: &Json) -> Vec<Json> {
    match value {
        Json::Null => vec!["zz9".into()],
        Json::Bool(truth) => vec![(!truth).into()],
        Json::Number(number) => vec![(number.as_f64().unwrap_or(0.0) * 2.0 + 3.0).into()],
        Json::String(text) => {
            match text.rsplit_once("sha256:").map(|(start, hex)| (start, hex.len())) {
                Some((start, 64)) => {
                    vec![format!("{start}sha256:{}", "0123456789abcdef".repeat(4)).into()]
                }
                _ if text.is_empty() => vec!["zz9".into()],
                _ => vec![format!("{text}9").into(), format!("{text}z").into(), "".into()],
            }
        }
        _ => Vec::new(),
    }
}

fn shown(path: &[Way]) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    let step = |(place, way): (usize, &Way)| match way {
        Way::Item(at) => format!("[{at}]"),
        Way::Key(key) if !key.is_empty() && key.chars().all(is_plain) => format!(".{key}"),
        Way::Key(key) => {
            let dot = if place == 0 { "." } else { "" };
            format!("{dot}[\"{}\"]", key.replace('\\', "\\\\").replace('"', "\\\""))
        }
    };
    path.iter().enumerate().map(step).collect()
}
