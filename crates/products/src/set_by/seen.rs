//! References in the documents of a chart, by places that stay the same when values change.

use std::ops::Range;

use sealift_discover::{Limits, Scan};
use sealift_goyaml::Node;
use sealift_helm::assembly::Document;
use sealift_inventory::{Artifact, Origin, Step};

use super::key::{self, Starts};

/// Lines around one in a text within a text which may have parts of the same reference.
const BESIDE: u32 = 3;

/// Where a reference stands: the template below the folder of the chart, the object, the key and the
/// keys in texts within.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub(super) file: String,
    pub(super) steps: Vec<String>,
}

/// A reference that was seen, or a text where one must be.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// As a finding has it.
    pub(super) spot: Spot,
    /// The same with the names of list items.
    pub(super) stable: Spot,
    /// What stands there.
    pub(super) text: String,
    /// Parts of the file's text that may have made it, when it was asked for.
    pub(super) ranges: Vec<Range<usize>>,
}

impl Spot {
    /// Returns the spot of a finding.
    pub(super) fn of(file: &str, origin: &Origin) -> Self {
        let steps = origin.steps().iter().filter_map(|step| match step {
            Step::Object(text) | Step::Key(text) => Some(text.clone()),
            Step::Text { key, .. } => Some(key.clone().unwrap_or_default()),
            _ => None,
        });
        Self { file: file.to_owned(), steps: steps.collect() }
    }
}

/// Looks for references in a document; one that cannot be read has none.
pub(super) fn look(document: &Document, prefix: &str, limits: &Limits) -> Vec<Seen> {
    let path = &document.source().path;
    let file = path.strip_prefix(prefix).unwrap_or(path);
    let Ok(text) = std::str::from_utf8(document.bytes()) else { return Vec::new() };
    let mut scan = Scan::new(limits);
    if scan.file(text, file, &Origin::new()).is_err() || scan.findings() == 0 {
        return Vec::new();
    }
    let discovery = scan.finish();
    let images = discovery.findings.iter().filter_map(|finding| match &finding.artifact {
        Artifact::Image(image) => Some((image.written(), &finding.origin)),
        _ => None,
    });
    let unresolved = discovery.unresolved.iter().map(|found| (found.text.as_str(), &found.origin));
    let page = Page::new(text, document.range().start, limits);
    images.chain(unresolved).map(|(text, origin)| page.seen(file, text, origin)).collect()
}

/// A document's nodes and lines.
struct Page<'t> {
    roots: Vec<(Node<'t>, Starts)>,
    /// Where the lines begin in the text of the file, and where the last one ends.
    lines: Vec<usize>,
}

impl<'t> Page<'t> {
    fn new(text: &'t str, start: usize, limits: &Limits) -> Self {
        let documents = sealift_goyaml::documents(text, &limits.yaml).map_while(Result::ok);
        let roots = documents.map(|root| {
            let starts = Starts::of(&root);
            (root, starts)
        });
        let ends = text.split_inclusive('\n').scan(start, |at, line| {
            *at += line.len();
            Some(*at)
        });
        Self { roots: roots.collect(), lines: std::iter::once(start).chain(ends).collect() }
    }

    fn seen(&self, file: &str, text: &str, origin: &Origin) -> Seen {
        let spot = Spot::of(file, origin);
        let mut seen =
            Seen { stable: spot.clone(), text: text.to_owned(), ranges: Vec::new(), spot };
        let line = find(origin, |step| match step {
            Step::File { line, .. } => *line,
            _ => None,
        });
        let line = line.unwrap_or(1);
        let around = line.saturating_sub(BESIDE)..=line.saturating_add(BESIDE);
        let mut lines = vec![around];
        let key = find(origin, |step| match step {
            Step::Key(key) => Some(key),
            _ => None,
        });
        if let Some(key) = key
            && let Some((target, starts)) = self.target(origin, line, key)
        {
            for step in seen.stable.steps.iter_mut().filter(|step| *step == key) {
                step.clone_from(&target.stable);
            }
            let own = target.lines(starts);
            let is_within = origin.steps().iter().any(|step| matches!(step, Step::Text { .. }));
            // Of a text within, the lines around are enough, where its lines are known.
            if !(is_within && own.first().is_some_and(|own| *own.start() < line)) {
                lines = own;
            }
        }
        seen.ranges = lines.iter().map(|lines| self.range(*lines.start(), *lines.end())).collect();
        seen
    }

    /// Follows a key from the object that it belongs to.
    fn target(
        &self,
        origin: &Origin,
        line: u32,
        key: &str,
    ) -> Option<(key::Target<'_, 't>, &Starts)> {
        let after = self.roots.partition_point(|(root, _)| root.line() <= line);
        let (root, starts) = self.roots.get(after.checked_sub(1)?)?;
        let object = find(origin, |step| match step {
            Step::Object(object) => Some(object.as_str()),
            _ => None,
        });
        let items = root.get("items").map_or(&[][..], Node::items).iter();
        let objects = std::iter::once(root).chain(items);
        let mut is_it = objects.filter(|node| object.is_none_or(|object| is_called(node, object)));
        is_it.find_map(|node| key::follow(node, key)).map(|target| (target, starts))
    }

    /// Returns where lines are in the text of the file, without the end of the last.
    fn range(&self, first: u32, last: u32) -> Range<usize> {
        let most = self.lines.len() - 1;
        let at = |line: u32| self.lines[(line as usize).min(most)];
        let start = at(first.saturating_sub(1));
        start..at(last).saturating_sub(1).max(start)
    }
}

/// Returns what the first step that has it says.
fn find<'o, T>(origin: &'o Origin, what: impl Fn(&'o Step) -> Option<T>) -> Option<T> {
    origin.steps().iter().find_map(what)
}

/// Returns whether an object is what a finding calls so: `Deployment namespace/name`.
fn is_called(node: &Node<'_>, object: &str) -> bool {
    let (kind, name) = object.split_once(' ').unwrap_or((object, ""));
    let metadata = |key| node.get("metadata").and_then(|at| at.get(key)).and_then(Node::as_str);
    let own = metadata("name").or_else(|| metadata("generateName")).unwrap_or_default();
    node.get("kind").and_then(Node::as_str) == Some(kind)
        && name.rsplit('/').next().unwrap_or_default() == own
}
