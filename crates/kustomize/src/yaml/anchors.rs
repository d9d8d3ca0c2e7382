//! Aliases and merge keys, replaced by what they stand for.

use super::node::{Data, Node};
use super::tag::Tag;
use crate::limits::{self, Exceeded};

/// Why aliases or merge keys cannot be replaced.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnchorError {
    /// An alias inside what it names.
    #[error("an anchor contains itself")]
    SelfReference,
    /// Two `<<` in one mapping.
    #[error("duplicate merge key")]
    RepeatedMerge,
    /// The value of `<<`, or an item of it, is no mapping.
    #[error("map merge requires map or sequence of maps as the value")]
    Merge,
    /// The document is too deep, or aliases make too much of it.
    #[error(transparent)]
    Limit(#[from] Exceeded),
}

/// The anchors of a document, by number.
#[derive(Default)]
pub(super) struct Anchors {
    /// `None` while the node is still being read.
    nodes: Vec<Option<Node>>,
}

impl Anchors {
    /// Begins an anchor and returns its number.
    pub(super) fn open(&mut self) -> usize {
        self.nodes.push(None);
        self.nodes.len() - 1
    }

    /// Ends an anchor.
    pub(super) fn close(&mut self, number: usize, node: &Node) {
        if let Some(place) = self.nodes.get_mut(number) {
            *place = Some(node.clone());
        }
    }

    /// Replaces every alias and merge key below a node.
    ///
    /// Mirrors `deAnchor` in `yaml/rnode.go` of kyaml v0.21.2, with a limit on what aliases may stand for.
    pub(super) fn replace(&self, root: &mut Node) -> Result<(), AnchorError> {
        let mut work = Work { anchors: self, made: 0 };
        work.node(root, 0)
    }
}

struct Work<'a> {
    anchors: &'a Anchors,
    /// Nodes made of aliases so far.
    made: usize,
}

impl Work<'_> {
    fn node(&mut self, node: &mut Node, depth: usize) -> Result<(), AnchorError> {
        limits::depth(depth)?;
        if let Data::Alias(number) = node.data {
            *node = self.target(number)?;
            return self.node(node, depth + 1);
        }
        if matches!(node.data, Data::Map(_)) {
            self.merge(node)?;
            repeat_null_keys(node);
        }
        match &mut node.data {
            Data::Map(entries) => entries.iter_mut().try_for_each(|(key, value)| {
                self.node(key, depth + 1)?;
                self.node(value, depth + 1)
            }),
            Data::Seq(items) => items.iter_mut().try_for_each(|item| self.node(item, depth + 1)),
            Data::Scalar(_) | Data::Alias(_) => Ok(()),
        }
    }

    fn target(&mut self, number: usize) -> Result<Node, AnchorError> {
        let target = self.anchors.nodes.get(number).and_then(Option::as_ref);
        let target = target.ok_or(AnchorError::SelfReference)?;
        self.made += size(target);
        limits::nodes(self.made)?;
        Ok(target.clone())
    }

    /// Puts the entries of what is merged behind the mapping's own, which win.
    fn merge(&mut self, node: &mut Node) -> Result<(), AnchorError> {
        let Data::Map(entries) = &mut node.data else { return Ok(()) };
        let mut merges = entries.iter().filter(|(key, _)| key.tag == Tag::Merge);
        let Some((_, value)) = merges.next() else { return Ok(()) };
        if merges.next().is_some() {
            return Err(AnchorError::RepeatedMerge);
        }
        let sources = self.sources(&value.clone(), true)?;
        let cleared = entries.iter().position(|(key, _)| key.text() == "<<");
        if let Some(at) = cleared {
            entries.remove(at);
        }
        let own = entries.clone();
        for source in sources.iter().map(Node::entries).chain([own.as_slice()]) {
            for (key, value) in source {
                match entries.iter_mut().find(|(known, _)| known.text() == key.text()) {
                    Some(entry) => *entry = (key.clone(), value.clone()),
                    None => entries.push((key.clone(), value.clone())),
                }
            }
        }
        Ok(())
    }

    /// The mappings that are merged, the last one of a list first.
    fn sources(&mut self, value: &Node, may_be_list: bool) -> Result<Vec<Node>, AnchorError> {
        match &value.data {
            Data::Map(_) => Ok(vec![value.clone()]),
            Data::Alias(number) => match self.target(*number)? {
                target @ Node { data: Data::Map(_), .. } => Ok(vec![target]),
                _ => Err(AnchorError::Merge),
            },
            Data::Seq(items) if may_be_list => {
                let mut sources = Vec::new();
                for item in items.iter().rev() {
                    sources.extend(self.sources(item, false)?);
                }
                Ok(sources)
            }
            _ => Err(AnchorError::Merge),
        }
    }
}

/// A key that is a null written as a word comes twice, which is refused when it is written.
///
/// kyaml sets every entry of a mapping anew and looks for the key `""` then, which it takes a null for.
fn repeat_null_keys(node: &mut Node) {
    let Data::Map(entries) = &mut node.data else { return };
    let is_lost = |(key, _): &&(Node, Node)| key.is_null() && !key.text().is_empty();
    let again: Vec<_> = entries.iter().filter(is_lost).cloned().collect();
    entries.extend(again);
}

/// Nodes of a tree, itself included.
fn size(node: &Node) -> usize {
    1 + match &node.data {
        Data::Map(entries) => entries.iter().map(|(key, value)| size(key) + size(value)).sum(),
        Data::Seq(items) => items.iter().map(size).sum(),
        Data::Scalar(_) | Data::Alias(_) => 0,
    }
}
