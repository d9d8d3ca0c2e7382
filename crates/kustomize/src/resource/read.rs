//! From text to objects.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::rc::Rc;

use super::error::ResourceError;
use super::lines::take_lines;
use super::origin::Place;
use super::{Resource, meta};
use crate::yaml::{self, Data, Json, Node, to_json_text};

/// Reads the objects of a text; `file` is where it stands.
///
/// Mirrors `ByteReader` in `kio/byteio_reader.go` of kyaml v0.21.2 and `RNodesFromBytes` in `resource/factory.go` of kustomize api v0.21.2.
pub(crate) fn read(text: &str, file: &Rc<str>) -> Result<Vec<Resource>, ResourceError> {
    let text: Cow<'_, str> =
        if text.contains("\r\n") { text.replace("\r\n", "\n").into() } else { text.into() };
    let nodes = without_bad(documents(&text)?)?;
    let resource = |node: Node| {
        let line = node.line;
        Resource::new(node, Place { file: Rc::clone(file), line })
    };
    Ok(expand_lists(nodes)?.into_iter().map(resource).collect())
}

/// Makes an object of a node that was made here.
pub(crate) fn from_node(node: Node, place: Place) -> Resource {
    Resource::new(node, place)
}

/// Reads the documents of a text. Of each part between separators only the first document counts.
fn documents(text: &str) -> Result<Vec<Node>, ResourceError> {
    let parts = split(text)?;
    let is_only = parts.len() == 1;
    let mut nodes = Vec::new();
    for (part, line) in parts {
        let node = yaml::first(part).map_err(ResourceError::Malformed)?;
        let Some(mut node) = node.filter(|node| !node.is_null()) else { continue };
        if line > 0 {
            shift(&mut node, line);
        }
        if is_only && is_wrapper(&node) {
            if let Some(Data::Seq(items)) = take(node, "items").map(|items| items.data) {
                nodes.extend(items);
            }
        } else {
            nodes.push(node);
        }
    }
    Ok(nodes)
}

/// Cuts a text at its separators, which may have a comment behind them, and counts the lines before each part.
fn split(text: &str) -> Result<Vec<(&str, u32)>, ResourceError> {
    let mut parts = Vec::new();
    let (mut start, mut line, mut from) = (0, 0, 0);
    while let Some(at) = text[from..].find("\n---").map(|at| from + at) {
        let Some(end) = text[at + 1..].find('\n').map(|end| at + 1 + end) else { break };
        let behind = text[at + 4..end].trim();
        if !behind.is_empty() && !behind.starts_with('#') {
            return Err(ResourceError::Separator(text[at..end].trim().to_owned()));
        }
        parts.push((&text[start..=at], line));
        line += lines(&text[start..=end]);
        start = end + 1;
        from = start;
    }
    parts.push((&text[start..], line));
    Ok(parts)
}

fn lines(text: &str) -> u32 {
    u32::try_from(text.bytes().filter(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX)
}

/// Counts lines from the start of the file.
fn shift(node: &mut Node, lines: u32) {
    node.line += lines;
    match &mut node.data {
        Data::Map(entries) => entries.iter_mut().for_each(|(key, value)| {
            shift(key, lines);
            shift(value, lines);
        }),
        Data::Seq(items) => items.iter_mut().for_each(|item| shift(item, lines)),
        Data::Scalar(_) | Data::Alias(_) => {}
    }
}

fn is_wrapper(node: &Node) -> bool {
    matches!(meta::kind(node), "List" | "ResourceList")
        && (node.get("items").is_some() || node.get("functionConfig").is_some())
}

fn take(node: Node, field: &str) -> Option<Node> {
    let Data::Map(entries) = node.data else { return None };
    entries.into_iter().find(|(key, _)| key.text() == field).map(|(_, value)| value)
}

/// Drops empty nodes and refuses those that are no objects. Mirrors `GetMeta` and `GetValidatedMetadata` of kyaml v0.21.2.
fn without_bad(nodes: Vec<Node>) -> Result<Vec<Node>, ResourceError> {
    let nodes: Vec<Node> = nodes.into_iter().filter(|node| !node.is_nil_or_empty()).collect();
    nodes.iter().try_for_each(check)?;
    Ok(nodes)
}

/// Refuses what is no object: it must have a kind and, unless it is a list, a name.
pub(crate) fn check(node: &Node) -> Result<(), ResourceError> {
    let is_there = |field: &str| node.get(field).is_some_and(|value| !value.is_nil_or_empty());
    let fields = ["apiVersion", "kind", "metadata"];
    if !fields.into_iter().any(is_there) {
        return Err(ResourceError::NoMetadata);
    }
    let kind = if is_there("kind") { meta::kind(node) } else { "" };
    let about = || {
        let parts = [meta::api_version(node), kind, meta::name(node), meta::namespace(node)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    match kind {
        "" => Err(ResourceError::NoKind(about())),
        kind if kind.ends_with("List") => Ok(()),
        _ if meta::name(node).is_empty() => Err(ResourceError::NoName(about())),
        _ => Ok(()),
    }
}

/// Puts the items of `*List` objects behind all others.
fn expand_lists(nodes: Vec<Node>) -> Result<Vec<Node>, ResourceError> {
    let mut result = Vec::with_capacity(nodes.len());
    let mut rest = VecDeque::from(nodes);
    while let Some(node) = rest.pop_front() {
        if !meta::kind(&node).ends_with("List") {
            result.push(node);
            continue;
        }
        match items_of(&node)? {
            Some(items) => rest.extend(items),
            None => result.push(node),
        }
    }
    Ok(result)
}

/// The items of a list, written and read again as kustomize does; `None` where it has none.
fn items_of(list: &Node) -> Result<Option<Vec<Node>>, ResourceError> {
    let kind = || meta::kind(list).to_owned();
    let value =
        yaml::to_value(list).map_err(|cause| ResourceError::List { kind: kind(), cause })?;
    let found = match value.get("items") {
        None => return Ok(None),
        Some(Json::Null) => return Ok(Some(Vec::new())),
        Some(Json::Seq(items)) => {
            let mut nodes = Vec::new();
            let written = list.get("items").map_or(&[][..], Node::items);
            for (at, item) in items.iter().enumerate() {
                let mut read = without_bad(documents(&to_json_text(item))?)?;
                if let (Some(written), [one]) = (written.get(at), &mut read[..]) {
                    take_lines(one, written);
                }
                nodes.append(&mut read);
            }
            return Ok(Some(nodes));
        }
        Some(Json::Map(_)) => "map[string]interface {}",
        Some(Json::Str(_)) => "string",
        Some(Json::Bool(_)) => "bool",
        Some(Json::Float(_)) => "float64",
        Some(Json::Int(_) | Json::Uint(_)) => "int",
    };
    Err(ResourceError::Items { kind: kind(), found })
}
