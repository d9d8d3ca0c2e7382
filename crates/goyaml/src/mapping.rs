//! The entries of a mapping while it is read: merge keys and repeated keys.

use std::collections::BTreeSet;

use crate::error::ErrorKind;
use crate::node::{Content, Node, Value};
use crate::{gosyntax, key};

/// Below so many entries, comparing all pairs is faster than sorting.
const FEW: usize = 16;

/// What the next value belongs to.
enum Pending<'t> {
    /// Nothing: the next node is a key.
    Nothing,
    Key(Node<'t>),
    Merge,
    /// A key that is refused once its value is known, which the error names.
    Refused(ErrorKind),
}

/// A mapping that is not complete.
pub(crate) struct Entries<'t> {
    entries: Vec<(Node<'t>, Node<'t>)>,
    pending: Pending<'t>,
}

impl<'t> Entries<'t> {
    pub(crate) fn new() -> Self {
        Self { entries: Vec::new(), pending: Pending::Nothing }
    }

    /// Whether the next node is a key.
    pub(crate) fn wants_key(&self) -> bool {
        matches!(self.pending, Pending::Nothing)
    }

    /// Whether the next node is the value of a merge key.
    pub(crate) fn wants_merge(&self) -> bool {
        matches!(self.pending, Pending::Merge)
    }

    /// Takes a merge key.
    pub(crate) fn merge_key(&mut self) {
        self.pending = Pending::Merge;
    }

    /// Takes a key or a value.
    pub(crate) fn push(&mut self, node: Node<'t>) -> Result<(), ErrorKind> {
        match std::mem::replace(&mut self.pending, Pending::Nothing) {
            Pending::Nothing => {
                self.pending = match as_key(node) {
                    Ok(key) => Pending::Key(key),
                    Err(refused @ ErrorKind::Key { .. }) => Pending::Refused(refused),
                    Err(error) => return Err(error),
                }
            }
            Pending::Refused(ErrorKind::Key { key, kind, .. }) => {
                return Err(ErrorKind::Key { key, kind, value: gosyntax::argument(&node).into() });
            }
            Pending::Refused(error) => return Err(error),
            Pending::Key(key) => self.entries.push((key, node)),
            Pending::Merge => self.merge(&node)?,
        }
        Ok(())
    }

    /// The entries of what is merged are set here and now: a key before `<<` is
    /// overwritten, one after it overwrites. Of several mappings the first wins.
    fn merge(&mut self, node: &Node<'t>) -> Result<(), ErrorKind> {
        match node.value() {
            Value::Map(entries) => self.entries.extend_from_slice(entries),
            Value::Seq(items) if !node.is_alias => {
                if items.iter().any(|item| !matches!(item.value(), Value::Map(_))) {
                    return Err(ErrorKind::Merge);
                }
                for item in items.iter().rev() {
                    self.entries.extend_from_slice(item.entries());
                }
            }
            _ => return Err(ErrorKind::Merge),
        }
        Ok(())
    }

    /// Returns the first entry whose key stood before.
    pub(crate) fn repeated(&self) -> Option<&(Node<'t>, Node<'t>)> {
        let mut seen = BTreeSet::new();
        self.entries.iter().find(|(key, _)| !seen.insert(key.as_str()))
    }

    /// Ends the mapping: of a repeated key the last value stays, at the first place.
    pub(crate) fn finish(self) -> Vec<(Node<'t>, Node<'t>)> {
        let mut entries = self.entries;
        if entries.len() <= FEW {
            dedupe_few(&mut entries);
        } else {
            dedupe_many(&mut entries);
        }
        entries
    }
}

/// Makes the key a string.
fn as_key(mut node: Node<'_>) -> Result<Node<'_>, ErrorKind> {
    if !matches!(node.content, Content::Str(_)) {
        node.content = Content::Str(key::to_text(&node)?);
    }
    Ok(node)
}

fn dedupe_few(entries: &mut Vec<(Node<'_>, Node<'_>)>) {
    let mut at = 1;
    while at < entries.len() {
        let earlier =
            entries[..at].iter().position(|(key, _)| key.as_str() == entries[at].0.as_str());
        match earlier {
            Some(earlier) => entries[earlier] = entries.remove(at),
            None => at += 1,
        }
    }
}

fn dedupe_many(entries: &mut Vec<(Node<'_>, Node<'_>)>) {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    // Stable, so that equal keys stay in the order of the text.
    order.sort_by(|&a, &b| entries[a].0.as_str().cmp(&entries[b].0.as_str()));
    let mut dropped = vec![false; entries.len()];
    let mut last_to_first = Vec::new();
    for same in order.chunk_by(|&a, &b| entries[a].0.as_str() == entries[b].0.as_str()) {
        let [first, .., last] = *same else { continue };
        last_to_first.push((last, first));
        for &index in &same[1..] {
            dropped[index] = true;
        }
    }
    for (last, first) in last_to_first {
        entries.swap(last, first);
    }
    let mut dropped = dropped.into_iter();
    entries.retain(|_| !dropped.next().unwrap_or(false));
}
