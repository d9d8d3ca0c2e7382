//! Strategic merge of a patch into an object.

use super::associative;
use crate::limits::Exceeded;
use crate::openapi::{Comments, Known, Schema};
use crate::resource::meta;
use crate::yaml::edit::{WrongKind, append, check_kind, clear, put_field};
use crate::yaml::{Data, Kind, Node, Style, to_text};

/// Why a patch cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// The object has one kind of node where the patch has another.
    #[error(transparent)]
    Kind(#[from] WrongKind),
    /// A `$patch` has a value that means nothing.
    #[error("unknown patch strategy '{0}'")]
    Strategy(String),
    /// A patch has a scalar where a map or a list is needed.
    #[error("no implemented strategic merge patch strategy for '{0}'")]
    NoStrategy(String),
    /// The items of the lists have names in one of them only.
    #[error("conflicting merge keys [name,]")]
    Names,
    /// More in comments than is read.
    #[error(transparent)]
    Limit(#[from] Exceeded),
}

/// What `$patch` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directive {
    Replace,
    Delete,
    Merge,
}

pub(super) const DIRECTIVE: &str = "$patch";

/// What a merge gives.
///
/// kyaml passes nodes by reference, so that it shows whether the result is the object's node, changed, or the patch's.
#[derive(Debug)]
pub(super) enum Merged {
    /// Nothing: the field is removed.
    Nothing,
    /// The node of the object, changed in place.
    Own(Node),
    /// The node of the patch, or a new one.
    Other(Node),
    /// A null that stays although a null removes a field.
    KeptNull(Node),
}

impl Merged {
    fn into_node(self) -> Option<Node> {
        match self {
            Self::Nothing => None,
            Self::Own(node) | Self::Other(node) | Self::KeptNull(node) => Some(node),
        }
    }
}

/// Merges a patch into an object; `None` where the patch removes it.
///
/// Mirrors `yaml/walk` and `yaml/merge2` of kyaml v0.21.2 with new list items first.
pub(crate) fn merge(
    object: Node,
    patch: Node,
    schema: &Schema,
) -> Result<Option<Node>, MergeError> {
    merge_inferring(object, patch, schema, false)
}

/// As [`merge`]; `infers` when lists of which nothing is known are merged if their items have names, which no build does.
pub(crate) fn merge_inferring(
    object: Node,
    patch: Node,
    schema: &Schema,
    infers: bool,
) -> Result<Option<Node>, MergeError> {
    let mut comments = Comments::default();
    comments.add(&object, schema)?;
    comments.add(&patch, schema)?;
    let walk = Walk { schema, comments: &comments, infers };
    Ok(walk.node(Some(object), Some(patch), None, false)?.into_node())
}

#[derive(Clone, Copy)]
pub(super) struct Walk<'s> {
    schema: &'s Schema,
    /// What comments say of types.
    comments: &'s Comments,
    infers: bool,
}

fn is_missing(node: Option<&Node>) -> bool {
    node.is_none_or(Node::is_null)
}

impl<'s> Walk<'s> {
    /// Merges two nodes. `is_same` when both are one node of the patch, which is new in the object.
    ///
    /// Recursion is as deep as the documents.
    pub(super) fn node(
        self,
        own: Option<Node>,
        patch: Option<Node>,
        known: Option<Known<'s>>,
        is_same: bool,
    ) -> Result<Merged, MergeError> {
        let known = self
            .said(own.as_ref())
            .or_else(|| self.said(patch.as_ref()))
            .or(known)
            .or_else(|| self.known(own.as_ref()))
            .or_else(|| self.known(patch.as_ref()));
        let own = with_note_of(own, patch.as_ref());
        let there =
            |node: &Option<Node>| node.as_ref().filter(|node| !node.is_null()).map(Node::kind);
        let kind = there(&own).or_else(|| there(&patch)).unwrap_or(Kind::Map);
        for node in [&own, &patch].into_iter().flatten() {
            check_kind(node, kind)?;
        }
        match kind {
            Kind::Map => self.map(own, patch, known, is_same),
            Kind::Seq => match known.map(Known::merge_keys) {
                Some(Some(keys)) => associative::merge(self, own, patch, (known, keys), is_same),
                None if self.infers => associative::merge_inferring(self, own, patch, is_same),
                _ => Ok(either(own, patch)),
            },
            Kind::Scalar => Ok(either(own, patch)),
        }
    }

    /// What the comment of a node that is no null says.
    fn said(self, node: Option<&Node>) -> Option<Known<'s>> {
        self.comments.known(node.filter(|node| !node.is_null())?, self.schema)
    }

    /// What the comment of the value of a field says, or that of its key.
    fn said_of_field(self, map: Option<&Node>, name: &str) -> Option<Known<'s>> {
        let map = map.filter(|_| !self.comments.is_empty())?;
        let (key, value) = map.entries().iter().find(|(key, _)| key.text() == name)?;
        let said = |node| self.comments.known(node, self.schema);
        said(value).or_else(|| said(key))
    }

    fn known(self, node: Option<&Node>) -> Option<Known<'s>> {
        let node = node.filter(|node| !node.is_null())?;
        let value = |field| node.get(field).filter(|value| !value.is_nil_or_empty());
        value("kind")?;
        value("apiVersion")?;
        self.schema.of_kind(meta::api_version(node), meta::kind(node))
    }

    fn map(
        self,
        own: Option<Node>,
        mut patch: Option<Node>,
        known: Option<Known<'s>>,
        is_same: bool,
    ) -> Result<Merged, MergeError> {
        let mut own = with_style_of(own, patch.as_ref());
        if is_missing(own.as_ref()) {
            return self.new_map(own, patch, known);
        }
        if patch.as_ref().is_some_and(Node::is_null) {
            return Ok(Merged::Nothing);
        }
        match directive(patch.as_mut())? {
            Directive::Delete => return Ok(Merged::Nothing),
            Directive::Replace => return self.other(patch, known),
            Directive::Merge if is_same => own.clone_from(&patch),
            Directive::Merge => {}
        }
        let Some(mut own) = own else { return Ok(Merged::Nothing) };
        self.fields(&mut own, patch, known, is_same)?;
        Ok(if is_same { Merged::Other(own) } else { Merged::Own(own) })
    }

    /// The object has no map here, or a null.
    fn new_map(
        self,
        own: Option<Node>,
        mut patch: Option<Node>,
        known: Option<Known<'s>>,
    ) -> Result<Merged, MergeError> {
        if matches!(directive(patch.as_mut()), Ok(Directive::Delete)) {
            return Ok(Merged::Nothing);
        }
        match (patch, own) {
            (None, Some(own)) if !own.text().is_empty() => Ok(Merged::KeptNull(own)),
            (patch, _) => self.other(patch, known),
        }
    }

    /// The node of the patch is walked with itself, so that directives and nulls in it go.
    fn other(self, patch: Option<Node>, known: Option<Known<'s>>) -> Result<Merged, MergeError> {
        let Some(mut node) = patch else { return Ok(Merged::Nothing) };
        if node.kind() == Kind::Map {
            let same = node.clone();
            self.fields(&mut node, Some(same), known, true)?;
        }
        Ok(Merged::Other(node))
    }

    fn fields(
        self,
        own: &mut Node,
        patch: Option<Node>,
        known: Option<Known<'s>>,
        is_same: bool,
    ) -> Result<(), MergeError> {
        let mut rest = patch;
        for key in field_names(own, rest.as_ref()) {
            let style = key_style(rest.as_ref(), &key).or_else(|| key_style(Some(own), &key));
            let field = self
                .said_of_field(Some(own), &key)
                .or_else(|| self.said_of_field(rest.as_ref(), &key))
                .or_else(|| known.and_then(|known| known.field(&key)));
            let theirs = rest.as_mut().and_then(|patch| take(patch, &key));
            if theirs.is_none() && !needs_walk(own, &key) {
                continue;
            }
            let ours = own.get_mut(&key).map(|value| std::mem::replace(value, Node::scalar("")));
            let shape = ours.as_ref().map(|ours| (ours.style, ours.line));
            let ours = if is_same { ours.and(theirs.clone()) } else { ours };
            let merged = self.node(ours, theirs, field, is_same)?;
            restore(own, &key, shape);
            set(own, &key, style.unwrap_or_default(), merged)?;
        }
        Ok(())
    }
}

/// Puts back what a field must have for a value to be set: its style and its line.
fn restore(own: &mut Node, key: &str, shape: Option<(Style, u32)>) {
    if let (Some((style, line)), Some(place)) = (shape, own.get_mut(key)) {
        place.style = style;
        place.line = line;
    }
}

/// Whether a field that no patch has can change: a null without text goes, and so does what is below a map or a list that is merged.
fn needs_walk(own: &Node, key: &str) -> bool {
    own.get(key).is_some_and(|value| value.is_null() || value.kind() != Kind::Scalar)
}

/// The names of all fields, sorted, each once.
fn field_names(own: &Node, patch: Option<&Node>) -> Vec<String> {
    let patch = patch.map_or(&[][..], Node::entries);
    let keys = own.entries().iter().chain(patch).map(|(key, _)| key.text().to_owned());
    let mut names: Vec<String> = keys.collect();
    names.sort();
    names.dedup();
    names
}

fn key_style(node: Option<&Node>, key: &str) -> Option<Style> {
    let entry = node?.entries().iter().find(|(known, _)| known.text() == key);
    entry.map(|(known, _)| known.style)
}

fn take(node: &mut Node, key: &str) -> Option<Node> {
    let Data::Map(entries) = &mut node.data else { return None };
    let entry = entries.iter_mut().find(|(known, _)| known.text() == key)?;
    Some(std::mem::replace(&mut entry.1, Node::scalar("")))
}

/// Mirrors how `walkMap` in `yaml/walk/map.go` of kyaml v0.21.2 sets a field.
fn set(own: &mut Node, key: &str, key_style: Style, merged: Merged) -> Result<(), MergeError> {
    match merged {
        Merged::Nothing => drop(clear(own, key)?),
        Merged::Own(node) | Merged::Other(node) if node.is_null() => drop(clear(own, key)?),
        Merged::Own(node) => {
            if let Some(place) = own.get_mut(key) {
                *place = node;
            }
        }
        Merged::Other(node) | Merged::KeptNull(node) if own.get(key).is_some() => {
            put_field(own, key, node)?;
        }
        Merged::Other(node) | Merged::KeptNull(node) => {
            append(own, Node { style: key_style, ..Node::scalar(key) }, node);
        }
    }
    Ok(())
}

pub(super) fn either(own: Option<Node>, patch: Option<Node>) -> Merged {
    match (own, patch) {
        (_, Some(patch)) => Merged::Other(patch),
        (Some(own), None) => Merged::Own(own),
        (None, None) => Merged::Nothing,
    }
}

/// What the patch says of a type takes the place of what the object says. `SetComments` of kyaml.
fn with_note_of(own: Option<Node>, patch: Option<&Node>) -> Option<Node> {
    let mut own = own?;
    if let Some(patch) = patch {
        own.note = patch.note.clone().or(&own.note);
    }
    Some(own)
}

/// An empty collection is written as the patch's is. `SetStyle` of kyaml.
pub(super) fn with_style_of(own: Option<Node>, patch: Option<&Node>) -> Option<Node> {
    let mut own = own?;
    let is_empty = own.entries().is_empty() && own.items().is_empty();
    if let (true, true, Some(patch)) = (own.kind() != Kind::Scalar, is_empty, patch) {
        own.style = patch.style;
    }
    Some(own)
}

/// Reads `$patch` of a map or of a list, and removes it.
///
/// Mirrors `yaml/merge2/smpdirective.go` of kyaml v0.21.2.
pub(super) fn directive(patch: Option<&mut Node>) -> Result<Directive, MergeError> {
    let Some(patch) = patch else { return Ok(Directive::Merge) };
    match &mut patch.data {
        Data::Map(_) => {
            let Some(found) = patch.get(DIRECTIVE) else { return Ok(Directive::Merge) };
            let directive = parse(found.text())?;
            clear(patch, DIRECTIVE)?;
            Ok(directive)
        }
        Data::Seq(items) => {
            let found = items.iter().find(|item| item.get(DIRECTIVE).is_some());
            let Some(found) = found.filter(|item| item.entries().len() < 2) else {
                return Ok(Directive::Merge);
            };
            let text = found.get(DIRECTIVE).map_or("", Node::text).to_owned();
            let directive = parse(&text)?;
            items.retain(|item| {
                let is_it = item.get(DIRECTIVE).is_some_and(|value| value.text() == text);
                let is_empty = item.kind() == Kind::Map && item.entries().is_empty();
                !(is_it || item.is_null() || is_empty)
            });
            Ok(directive)
        }
        _ => Err(MergeError::NoStrategy(to_text(patch))),
    }
}

fn parse(text: &str) -> Result<Directive, MergeError> {
    match text {
        "replace" => Ok(Directive::Replace),
        "delete" => Ok(Directive::Delete),
        "merge" => Ok(Directive::Merge),
        other => Err(MergeError::Strategy(other.to_owned())),
    }
}
