//! Fields at the end of a path with conditions that may fit many.

use sealift_goregex::Regex;

use super::field::FieldError;
use super::lookup::condition;
use crate::yaml::edit::{append, check_kind};
use crate::yaml::{Data, Kind, Node, first, path, to_text};

/// Calls a function with each field at the end of a path, which is created if a kind is given; returns how many there are.
///
/// `[key=value]` fits every item whose text matches the value as a regular expression, `*` every item.
/// Mirrors `PathMatcher` in `yaml/match.go` of kyaml v0.21.2.
pub(super) fn visit(
    node: &mut Node,
    parts: &[String],
    create: Option<Kind>,
    found: &mut dyn FnMut(&mut Node) -> Result<(), FieldError>,
) -> Result<usize, FieldError> {
    let Some((part, rest)) = parts.split_first() else {
        found(node)?;
        return Ok(1);
    };
    if let Some(index) = path::index(part) {
        return visit_index(node, index, rest, create, found);
    }
    if path::is_list_index(part) {
        return visit_condition(node, part, rest, create, found);
    }
    if part == "*" {
        check_kind(node, Kind::Seq)?;
        let mut count = 0;
        for item in node.items_mut() {
            count += visit(item, rest, create, found)?;
        }
        return Ok(count);
    }
    visit_field(node, part, rest, create, found)
}

/// The kind of what is created before a part. `getPathPartKind` of kyaml.
fn kind_before(rest: &[String], last: Kind) -> Kind {
    match rest.first() {
        Some(next) if path::is_list_index(next) || path::index(next).is_some() => Kind::Seq,
        Some(next) if !next.is_empty() => Kind::Map,
        _ => last,
    }
}

fn visit_field(
    node: &mut Node,
    name: &str,
    rest: &[String],
    create: Option<Kind>,
    found: &mut dyn FnMut(&mut Node) -> Result<(), FieldError>,
) -> Result<usize, FieldError> {
    if !node.is_null() {
        check_kind(node, Kind::Map)?;
    }
    let is_there = !node.is_null() && node.get(name).is_some();
    match create {
        None if !is_there => return Ok(0),
        Some(last) if !is_there => {
            append(node, Node::scalar(name), Node::of_kind(kind_before(rest, last)));
        }
        _ => {}
    }
    let Some(field) = node.get_mut(name) else { return Ok(0) };
    if matches!(field.data, Data::Scalar(_)) && !rest.is_empty() {
        return visit_embedded(field, rest, create);
    }
    visit(field, rest, create, found)
}

/// A path that leads into the text of a scalar finds the fields of the document in it; what is changed there is lost.
fn visit_embedded(
    field: &Node,
    rest: &[String],
    create: Option<Kind>,
) -> Result<usize, FieldError> {
    let read = first(field.text()).map_err(|error| FieldError::Other(error.to_string()))?;
    match read {
        Some(mut document) => visit(&mut document, rest, create, &mut |_| Ok(())),
        None => Ok(0),
    }
}

fn visit_index(
    node: &mut Node,
    index: usize,
    rest: &[String],
    create: Option<Kind>,
    found: &mut dyn FnMut(&mut Node) -> Result<(), FieldError>,
) -> Result<usize, FieldError> {
    check_kind(node, Kind::Seq)?;
    let count = node.items().len();
    if let (Some(last), Data::Seq(items)) = (create.filter(|_| count == index), &mut node.data) {
        items.push(Node::of_kind(kind_before(rest, last)));
    }
    match node.items_mut().get_mut(index) {
        Some(item) => visit(item, rest, create, found),
        None => Err(FieldError::Other(format!(
            "index {index} specified but only {count} elements found"
        ))),
    }
}

fn visit_condition(
    node: &mut Node,
    part: &str,
    rest: &[String],
    create: Option<Kind>,
    found: &mut dyn FnMut(&mut Node) -> Result<(), FieldError>,
) -> Result<usize, FieldError> {
    let (name, value) = condition(part)?;
    check_kind(node, Kind::Seq)?;
    let count = matching(node, (name, value), rest, create, found)?;
    let (Some(_), 0) = (create, count) else { return Ok(count) };
    let text = Node::scalar(value);
    let item = if name.is_empty() { text } else { Node::map(vec![(Node::scalar(name), text)]) };
    if let Data::Seq(items) = &mut node.data {
        items.push(item);
    }
    matching(node, (name, value), rest, create, found)
}

fn matching(
    node: &mut Node,
    (name, value): (&str, &str),
    rest: &[String],
    create: Option<Kind>,
    found: &mut dyn FnMut(&mut Node) -> Result<(), FieldError>,
) -> Result<usize, FieldError> {
    let pattern = Regex::new(value).map_err(|error| FieldError::Other(error.to_string()))?;
    let mut count = 0;
    for item in node.items_mut() {
        let text = if name.is_empty() { Some(to_text(item)) } else { item.get(name).map(to_text) };
        if !text.is_some_and(|text| pattern.is_match(text.trim().as_bytes())) {
            continue;
        }
        count += if name.is_empty() {
            found(item)?;
            1
        } else {
            visit(item, rest, create, found)?
        };
    }
    Ok(count)
}
