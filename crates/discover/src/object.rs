//! Documents and the objects in them: kinds, lists, and which parts of which kind are looked at.

use std::fmt;

use sealift_goyaml::{Node, Value};

use crate::found::{Search, View};
use crate::place::Place;
use crate::{Error, annotation, crd_default, secret, walk};

/// What an object is called: `Deployment istio-system/istiod`.
pub(crate) struct Object<'a> {
    kind: &'a str,
    namespace: Option<&'a str>,
    name: Option<&'a str>,
}

impl fmt::Display for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind)?;
        match (self.namespace, self.name) {
            (Some(namespace), Some(name)) => write!(f, " {namespace}/{name}"),
            (None, Some(name)) => write!(f, " {name}"),
            (_, None) => Ok(()),
        }
    }
}

impl<'a> Object<'a> {
    /// Reads the identity of an object. `None` when the map is no object.
    fn of(map: Entries<'a>) -> Option<Self> {
        let kind = string(map, "kind").filter(|_| get(map, "apiVersion").is_some())?;
        let metadata = get(map, "metadata").map_or(&[][..], entries);
        let text = |key| string(metadata, key).filter(|text| !text.is_empty());
        Some(Self {
            kind,
            namespace: text("namespace"),
            name: text("name").or_else(|| text("generateName")),
        })
    }

    pub(crate) fn is(&self, kind: &str) -> bool {
        self.kind == kind
    }
}

/// Searches a document: an object, a list of objects, or any other map.
pub(crate) fn document(
    search: &mut Search<'_>,
    place: &Place<'_>,
    node: &Node,
    view: View<'_>,
) -> Result<(), Error> {
    search.visit(view.depth)?;
    let view = View { depth: view.depth + 1, ..view };
    match node.value() {
        Value::Seq(items) => items.iter().try_for_each(|item| document(search, place, item, view)),
        Value::Map(map) => match list_items(map) {
            Some(items) => items.iter().try_for_each(|item| document(search, place, item, view)),
            None => object(search, place, (node, map), view),
        },
        Value::Null => Ok(()),
        // A text within may have a line of words between its documents.
        _ if view.texts > 0 => Ok(()),
        Value::Str(_) => Err(scalar(search, node, "string")),
        Value::Bool(_) => Err(scalar(search, node, "boolean")),
        Value::Int(_) | Value::Uint(_) | Value::Float(_) => Err(scalar(search, node, "number")),
    }
}

fn scalar(search: &Search<'_>, node: &Node, kind: &'static str) -> Error {
    let (file, line, column) = (search.file.to_owned(), node.line(), node.column());
    Error::Scalar { file, line, column, kind }
}

/// Returns the items of `kind: List` and of every other list of objects, such as `DeploymentList`.
fn list_items(map: Entries<'_>) -> Option<&[Node<'_>]> {
    let is_list = string(map, "kind").is_some_and(|kind| kind.ends_with("List"));
    match get(map, "items").filter(|_| is_list)?.value() {
        Value::Seq(items) if items.iter().all(|item| get(entries(item), "kind").is_some()) => {
            Some(items)
        }
        _ => None,
    }
}

fn object(
    search: &mut Search<'_>,
    place: &Place<'_>,
    (node, map): (&Node<'_>, Entries<'_>),
    view: View<'_>,
) -> Result<(), Error> {
    let Some(object) = Object::of(map) else {
        return walk::node(search, place, node, view, None);
    };
    search.found.discovery.objects += 1;
    search.namespace(object.namespace.unwrap_or_default());
    let view = if view.texts == 0 { View { object: Some(&object), ..view } } else { view };
    match object.kind {
        // They name rights, never images; in a platform they are a third of all text.
        "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding" => Ok(()),
        "CustomResourceDefinition" => crd_default::definition(search, place, map, view),
        "Namespace" => {
            search.namespace(object.name.unwrap_or_default());
            walk::node(search, place, node, view, None)
        }
        "Secret" => secret::secret(search, place, map, view),
        _ if is_test(map) => walk::node(search, place, node, view.optional(), None),
        _ if is_template(&object) => walk::node(search, place, node, view.optional(), None),
        _ => walk::node(search, place, node, view, None),
    }
}

/// A `ConfigMap` that is called a template or an example holds what a user may choose to start.
fn is_template(object: &Object<'_>) -> bool {
    let says = |word| object.name.is_some_and(|name| name.contains(word));
    object.is("ConfigMap") && (says("template") || says("example") || says("sample"))
}

/// Helm starts these only on `helm test`.
fn is_test(map: Entries<'_>) -> bool {
    let annotations =
        get(map, "metadata").and_then(|metadata| get(entries(metadata), "annotations"));
    let hook =
        annotations.and_then(|annotations| string(entries(annotations), annotation::HELM_HOOK));
    hook.is_some_and(|hook| hook.split(',').any(|hook| hook.trim().starts_with("test")))
}

/// The keys and values of a map.
pub(crate) type Entries<'a> = &'a [(Node<'a>, Node<'a>)];

/// Returns the value of a key.
pub(crate) fn get<'a>(map: Entries<'a>, key: &str) -> Option<&'a Node<'a>> {
    map.iter()
        .find(|(name, _)| matches!(name.value(), Value::Str(text) if text == key))
        .map(|(_, value)| value)
}

/// Returns the value of a key when it is a string.
pub(crate) fn string<'a>(map: Entries<'a>, key: &str) -> Option<&'a str> {
    match get(map, key)?.value() {
        Value::Str(text) => Some(text),
        _ => None,
    }
}

/// Returns the entries of a map; none of anything else.
pub(crate) fn entries<'a>(node: &'a Node<'a>) -> Entries<'a> {
    match node.value() {
        Value::Map(map) => map,
        _ => &[],
    }
}
