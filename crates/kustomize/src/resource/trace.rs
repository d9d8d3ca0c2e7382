//! Which changes gave which texts of an object.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Range;

use super::{Resource, Step};
use crate::yaml::Node;

/// Fields of kustomizations that put texts in the place of others, and leave everything else where it is.
const REPLACING: [&str; 3] = ["images", "replacements", "transformers"];

/// What one transformer did to an object.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// The steps that it noted.
    steps: Range<usize>,
    given: Vec<Given>,
}

/// A text that was not there before, by its hash.
#[derive(Clone, Copy, Debug)]
struct Given {
    text: u64,
    /// What stood there before, where that is known.
    before: Option<u64>,
}

/// What an object was before a transformer ran.
#[derive(Clone, Debug)]
pub(crate) struct Before {
    steps: usize,
    texts: Vec<u64>,
}

impl Resource {
    /// Remembers what the object is now.
    pub(crate) fn begin_trace(&mut self) {
        self.before = Some(Before { steps: self.steps.len(), texts: texts(&self.node) });
    }

    /// Notes what has changed since, if that was noted as a step.
    pub(crate) fn end_trace(&mut self) {
        let Some(before) = self.before.take() else { return };
        let steps = before.steps..self.steps.len();
        let Some(last) = self.steps[steps.clone()].last() else { return };
        let after = texts(&self.node);
        let is_replacing = REPLACING.contains(&last.field) && before.texts.len() == after.len();
        let given = if is_replacing {
            let pairs = before.texts.iter().zip(&after).filter(|(before, after)| before != after);
            pairs.map(|(before, text)| Given { text: *text, before: Some(*before) }).collect()
        } else {
            let there: BTreeSet<_> = before.texts.iter().collect();
            let new = after.iter().filter(|text| !there.contains(text));
            new.map(|text| Given { text: *text, before: None }).collect()
        };
        self.changes.push(Change { steps, given });
    }

    /// Returns the steps that gave a text of the object as it is now, in their order; none for what stood there from the
    /// beginning. Known only where [`Options::is_traced`](crate::Options::is_traced) asked for it.
    #[must_use]
    pub fn set_by(&self, text: &str) -> Vec<&Step> {
        let mut wanted = BTreeSet::from([hash(text)]);
        let mut claimed: Vec<&Step> = Vec::new();
        for change in self.changes.iter().rev() {
            let gave: Vec<_> =
                change.given.iter().filter(|given| wanted.contains(&given.text)).collect();
            if gave.is_empty() {
                continue;
            }
            claimed.extend(self.steps[change.steps.clone()].iter().rev());
            wanted.extend(gave.iter().filter_map(|given| given.before));
        }
        claimed.reverse();
        claimed
    }
}

/// The hashes of all texts of a node, in its order, without an end to how deep it may be: it was read within a limit.
fn texts(node: &Node) -> Vec<u64> {
    let mut texts = Vec::new();
    let mut rest = vec![node];
    while let Some(node) = rest.pop() {
        rest.extend(node.items().iter().rev());
        rest.extend(node.entries().iter().rev().map(|(_, value)| value));
        if node.items().is_empty() && node.entries().is_empty() {
            texts.push(hash(node.text()));
        }
    }
    texts
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
