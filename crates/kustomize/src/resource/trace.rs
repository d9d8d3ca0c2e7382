//! Which changes gave which texts of an object.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::origin::Texts;
use super::{Resource, Step};
use crate::kustomization::TextLines;
use crate::yaml::Node;

/// Fields of kustomizations that put texts in the place of others, and leave everything else where it is.
const REPLACING: [&str; 3] = ["images", "replacements", "transformers"];

/// What one step did to an object.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// The number of the step.
    step: usize,
    given: Vec<Given>,
}

/// A text that was not there before, by its hash.
#[derive(Clone, Copy, Debug)]
struct Given {
    text: u64,
    /// What stood there before, where that is known.
    before: Option<u64>,
}

/// The texts of an object before a step.
#[derive(Clone, Debug)]
pub(crate) struct Before(Vec<u64>);

impl Resource {
    /// Remembers what the object is now.
    pub(crate) fn begin_trace(&mut self) {
        self.before = Some(Before(texts(&self.node)));
    }

    pub(crate) fn end_trace(&mut self) {
        self.before = None;
    }

    pub(crate) fn is_traced(&self) -> bool {
        self.before.is_some()
    }

    /// Notes what has changed the object, and where that is traced the texts that are new.
    pub(crate) fn note(&mut self, step: &Step) {
        self.steps.push(step.clone());
        let Some(Before(before)) = self.before.take() else { return };
        let after = texts(&self.node);
        let given = if REPLACING.contains(&step.field) && before.len() == after.len() {
            let pairs = before.iter().zip(&after).filter(|(before, after)| before != after);
            pairs.map(|(before, text)| Given { text: *text, before: Some(*before) }).collect()
        } else {
            let there: BTreeSet<_> = before.iter().collect();
            let new = after.iter().filter(|text| !there.contains(text));
            new.map(|text| Given { text: *text, before: None }).collect()
        };
        self.changes.push(Change { step: self.steps.len() - 1, given });
        self.before = Some(Before(after));
    }

    /// Returns the steps that gave a text of the object as it is now, or the texts that it is a part of, in their order; none for
    /// what stood there from the beginning. Known only where [`Options::is_traced`](crate::Options::is_traced) asked for it.
    #[must_use]
    pub fn set_by(&self, text: &str) -> Vec<Step> {
        let mut wanted = self.texts_with(text);
        let mut claimed = Vec::new();
        for change in self.changes.iter().rev() {
            let gave: Vec<_> =
                change.given.iter().filter(|given| wanted.contains(&given.text)).collect();
            if gave.is_empty() {
                continue;
            }
            claimed.push(self.steps[change.step].at(gave.iter().map(|given| given.text)));
            wanted.extend(gave.iter().filter_map(|given| given.before));
        }
        claimed.reverse();
        claimed
    }

    /// The text if the object has it, else all that hold it.
    fn texts_with(&self, text: &str) -> BTreeSet<u64> {
        let scalars = || scalars(&self.node).map(Node::text);
        if scalars().any(|scalar| scalar == text) {
            return BTreeSet::from([hash(text)]);
        }
        scalars().filter(|scalar| scalar.contains(text)).map(hash).collect()
    }
}

/// Returns the lines on which the texts of patches stand; of a text that comes twice, the first.
pub(crate) fn lines_of<'n>(nodes: impl Iterator<Item = &'n Node>, lines: TextLines) -> Texts {
    let mut all = Texts::new();
    for scalar in nodes.flat_map(scalars) {
        all.entry(hash(scalar.text())).or_insert_with(|| lines.line(scalar.line));
    }
    all.retain(|_, line| *line > 0);
    all
}

/// The hashes of all texts of a node, in its order.
fn texts(node: &Node) -> Vec<u64> {
    scalars(node).map(|scalar| hash(scalar.text())).collect()
}

/// All scalars and empty collections of a node, in its order; keys are none.
fn scalars(node: &Node) -> impl Iterator<Item = &Node> {
    let mut rest = vec![node];
    std::iter::from_fn(move || {
        while let Some(node) = rest.pop() {
            rest.extend(node.items().iter().rev());
            rest.extend(node.entries().iter().rev().map(|(_, value)| value));
            if node.items().is_empty() && node.entries().is_empty() {
                return Some(node);
            }
        }
        None
    })
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
