//! From the lines of what is written of an object to those that it was read from.

use std::collections::BTreeMap;

use super::Resource;
use crate::yaml::{Data, Node, first};

impl Resource {
    /// Returns for each line of what [`Resource::to_yaml`] wrote the line of the object's file from which it came; where nothing
    /// there did, that of what is around it. 0 for what no file has.
    ///
    /// Known only where [`Options::is_traced`](crate::Options::is_traced) asked for it.
    #[must_use]
    pub fn lines(&self, written: &str) -> Vec<u32> {
        let mut lines = vec![0; written.lines().count()];
        if let Ok(Some(node)) = first(written) {
            pair(&node, &self.node, self.place.line, &mut lines);
        }
        let mut last = self.place.line;
        for line in &mut lines {
            // A text goes on over several lines.
            last = if *line == 0 { last } else { *line };
            *line = last;
        }
        lines
    }
}

/// Notes for each node that is written where it was read. What is inside comes later, and its line counts.
fn pair(written: &Node, own: &Node, around: u32, lines: &mut [u32]) {
    let mut rest = vec![(written, own, around)];
    while let Some((written, own, around)) = rest.pop() {
        let line = if own.line == 0 { around } else { own.line };
        note(lines, written.line, line);
        rest.extend(written.items().iter().zip(own.items()).map(|(one, own)| (one, own, line)));
        let known: BTreeMap<&str, &(Node, Node)> =
            own.entries().iter().map(|entry| (entry.0.text(), entry)).collect();
        for (key, value) in written.entries() {
            let Some((own_key, own_value)) = known.get(key.text()) else { continue };
            note(lines, key.line, if own_key.line == 0 { line } else { own_key.line });
            rest.push((value, own_value, line));
        }
    }
}

fn note(lines: &mut [u32], written: u32, line: u32) {
    let index = written.checked_sub(1).and_then(|index| usize::try_from(index).ok());
    if let Some(place) = index.and_then(|index| lines.get_mut(index)) {
        *place = line;
    }
}

/// Forgets the lines of a node, which are those of another file than its object's. Recursion is as deep as the node was read.
pub(crate) fn forget_lines(node: &mut Node) {
    node.line = 0;
    match &mut node.data {
        Data::Map(entries) => entries.iter_mut().for_each(|(key, value)| {
            forget_lines(key);
            forget_lines(value);
        }),
        Data::Seq(items) => items.iter_mut().for_each(forget_lines),
        Data::Scalar(_) | Data::Alias(_) => {}
    }
}

/// Gives a node that was made of another one the lines of that one: by keys, of lists that are as long by number, of others by
/// name. Recursion is as deep as the nodes were read.
pub(crate) fn take_lines(node: &mut Node, old: &Node) {
    node.line = old.line;
    let is_as_long = node.items().len() == old.items().len();
    let named = if is_as_long { BTreeMap::new() } else { by_name(old.items()) };
    for (at, item) in node.items_mut().iter_mut().enumerate() {
        let called = || named.get(item.get("name")?.text()).copied();
        if let Some(same) = if is_as_long { old.items().get(at) } else { called() } {
            take_lines(item, same);
        }
    }
    let known: BTreeMap<&str, &(Node, Node)> =
        old.entries().iter().map(|entry| (entry.0.text(), entry)).collect();
    if let Data::Map(entries) = &mut node.data {
        for (key, value) in entries {
            if let Some((old_key, old_value)) = known.get(key.text()) {
                key.line = old_key.line;
                take_lines(value, old_value);
            }
        }
    }
}

/// The items that have a name; of two that have the same the first.
fn by_name(items: &[Node]) -> BTreeMap<&str, &Node> {
    items.iter().rev().filter_map(|item| Some((item.get("name")?.text(), item))).collect()
}
