//! Kind, name, labels and annotations of an object.

use std::collections::BTreeMap;

use crate::yaml::Kind;
use crate::yaml::Node;
use crate::yaml::edit::{WrongKind, clear, field_or_create, set_field};

pub(crate) type Strings = BTreeMap<String, String>;

const METADATA: &str = "metadata";
const ANNOTATIONS: &str = "annotations";
const LABELS: &str = "labels";

pub(crate) fn kind(object: &Node) -> &str {
    object.get("kind").map_or("", Node::text)
}

pub(crate) fn api_version(object: &Node) -> &str {
    object.get("apiVersion").map_or("", Node::text)
}

pub(crate) fn name(object: &Node) -> &str {
    string(object, "name")
}

pub(crate) fn namespace(object: &Node) -> &str {
    string(object, "namespace")
}

fn metadata(object: &Node) -> Option<&Node> {
    object.get(METADATA).filter(|metadata| !metadata.is_nil_or_empty())
}

fn string<'n>(object: &'n Node, field: &str) -> &'n str {
    let found = metadata(object).and_then(|metadata| metadata.get(field));
    found.filter(|value| !value.is_nil_or_empty()).map_or("", Node::text)
}

pub(crate) fn labels(object: &Node) -> Strings {
    strings(object, LABELS)
}

pub(crate) fn annotations(object: &Node) -> Strings {
    strings(object, ANNOTATIONS)
}

pub(crate) fn annotation<'n>(object: &'n Node, key: &str) -> Option<&'n str> {
    metadata(object)?.get(ANNOTATIONS)?.get(key).map(Node::text)
}

/// The texts of a map, as they are written: a null is `null` or `~`.
fn strings(object: &Node, field: &str) -> Strings {
    let found = metadata(object).and_then(|metadata| metadata.get(field));
    let entries = found.map_or(&[][..], Node::entries);
    let mut strings = Strings::new();
    for (key, value) in entries {
        strings.insert(key.text().to_owned(), value.text().to_owned());
    }
    strings
}

pub(crate) fn set_labels(object: &mut Node, labels: &Strings) -> Result<(), WrongKind> {
    set_strings(object, LABELS, labels)
}

pub(crate) fn set_annotations(object: &mut Node, annotations: &Strings) -> Result<(), WrongKind> {
    set_strings(object, ANNOTATIONS, annotations)
}

/// Writes a map anew, all values being strings; an empty one is removed. `setMapInMetadata` of kyaml v0.21.2.
fn set_strings(object: &mut Node, field: &str, strings: &Strings) -> Result<(), WrongKind> {
    let Some(metadata) = field_or_create(object, METADATA, Kind::Map)? else { return Ok(()) };
    clear(metadata, field)?;
    if strings.is_empty() {
        return Ok(());
    }
    let Some(map) = field_or_create(metadata, field, Kind::Map)? else { return Ok(()) };
    strings.iter().try_for_each(|(key, value)| set_field(map, key, Node::string(value.as_str())))
}

/// Sets one annotation, after empty annotations were removed. `AnnotationSetter` of kyaml v0.21.2.
pub(crate) fn set_annotation(object: &mut Node, key: &str, value: &str) -> Result<(), WrongKind> {
    set_string(object, ANNOTATIONS, key, value)
}

pub(crate) fn set_label(object: &mut Node, key: &str, value: &str) -> Result<(), WrongKind> {
    set_string(object, LABELS, key, value)
}

fn set_string(object: &mut Node, field: &str, key: &str, value: &str) -> Result<(), WrongKind> {
    let Some(metadata) = field_or_create(object, METADATA, Kind::Map)? else { return Ok(()) };
    if field == ANNOTATIONS && metadata.get(field).is_some_and(|map| map.entries().is_empty()) {
        clear(metadata, field)?;
    }
    let Some(map) = field_or_create(metadata, field, Kind::Map)? else { return Ok(()) };
    let style = crate::yaml::Style::SINGLE_QUOTED;
    set_field(map, key, Node { style, ..Node::string(value) })
}

pub(crate) fn set_kind(object: &mut Node, kind: &str) -> Result<(), WrongKind> {
    set_field(object, "kind", Node::scalar(kind))
}

pub(crate) fn set_api_version(object: &mut Node, api_version: &str) -> Result<(), WrongKind> {
    set_field(object, "apiVersion", Node::scalar(api_version))
}

pub(crate) fn set_name(object: &mut Node, name: &str) -> Result<(), WrongKind> {
    set_metadata(object, "name", name)
}

fn set_metadata(object: &mut Node, field: &str, text: &str) -> Result<(), WrongKind> {
    match field_or_create(object, METADATA, Kind::Map)? {
        Some(metadata) => set_field(metadata, field, Node::scalar(text)),
        None => Ok(()),
    }
}

/// Sets the namespace; an empty one is removed.
pub(crate) fn set_namespace(object: &mut Node, namespace: &str) -> Result<(), WrongKind> {
    if !namespace.is_empty() {
        return set_metadata(object, "namespace", namespace);
    }
    match object.get_mut(METADATA) {
        Some(metadata) => clear(metadata, "namespace").map(|_| ()),
        None => Ok(()),
    }
}
