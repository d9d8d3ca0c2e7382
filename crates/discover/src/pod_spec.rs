//! Containers and image volumes of a `PodSpec`, wherever it stands.
//!
//! <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/>

use sealift_goyaml::{Node, Value};
use sealift_inventory::Confidence;

use crate::found::{Search, View};
use crate::object::{Entries, entries, get};
use crate::place::Place;
use crate::shape::Shape;
use crate::walk::{self, Scope};
use crate::{Error, args, typed_image};

/// Searches `containers`, `initContainers` or `ephemeralContainers`.
pub(crate) fn containers(
    search: &mut Search<'_>,
    place: &Place<'_>,
    node: &Node,
    view: View<'_>,
    scope: &Scope<'_>,
) -> Result<(), Error> {
    match node.value() {
        Value::Seq(items) => {
            return walk::each(place, items, |here, item| match item.value() {
                Value::Map(map) => container(search, here, map, view, scope),
                _ => no_container(search, here, item, view, scope),
            });
        }
        Value::Null => {}
        _ if typed_image::is_workload(view) && place.is_in("spec") => {
            typed_image::wrong_type(search, place, node, view, "the containers are no list")?;
        }
        _ => {}
    }
    walk::node(search, place, node, view, Some(scope))
}

fn no_container(
    search: &mut Search<'_>,
    place: &Place<'_>,
    node: &Node,
    view: View<'_>,
    scope: &Scope<'_>,
) -> Result<(), Error> {
    if typed_image::is_workload(view) {
        typed_image::wrong_type(search, place, node, view, "the container is no map")?;
    }
    walk::node(search, place, node, view, Some(scope))
}

fn container(
    search: &mut Search<'_>,
    place: &Place<'_>,
    map: Entries<'_>,
    view: View<'_>,
    scope: &Scope<'_>,
) -> Result<(), Error> {
    search.visit(view.depth)?;
    let view = View { depth: view.depth + 1, images: 0, ..view };
    let scope = Scope { map, up: Some(scope) };
    let variables = args::variables(map);
    for (name, value) in map {
        let Value::Str(key) = name.value() else { continue };
        let here = place.key(key);
        match (key, value.value()) {
            ("image", Value::Str(text)) => image(search, &here, (value, text), view)?,
            ("args" | "command", Value::Seq(items)) => {
                args::items(search, &here, items, view, &variables)?;
            }
            _ => {
                if key == "image" && typed_image::is_workload(view) {
                    typed_image::no_text(search, &here, value, view)?;
                }
                walk::entry(search, &here, (key, value), view, &scope)?;
            }
        }
    }
    Ok(())
}

/// The image of a container: the one kind of place that must hold a reference.
fn image(
    search: &mut Search<'_>,
    place: &Place<'_>,
    (node, text): (&Node, &str),
    view: View<'_>,
) -> Result<(), Error> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return empty(search, place, node, view);
    }
    // Istio's injector replaces it: https://istio.io/latest/docs/setup/additional-setup/gateway/
    if trimmed == "auto" {
        let reason = "the sidecar injector fills it in".to_owned();
        return search.unresolved(place, node.line(), view, (trimmed, reason));
    }
    // The API server refuses blanks around the image of a pod: `validateContainersOnlyForPod` of Kubernetes, in
    // pkg/apis/core/validation. What reads a text may take them away.
    if view.texts == 0 && trimmed != text && Shape::read(trimmed).is_ok() {
        let reason = "white space around the image, which Kubernetes refuses".to_owned();
        return search.unresolved(place, node.line(), view, (trimmed, reason));
    }
    let confidence = if view.texts == 0 { Confidence::Certain } else { Confidence::Likely };
    typed_image::reference(search, place, (node, trimmed), view, confidence)
}

/// Kubernetes refuses an empty image in a workload; in a custom resource or a text an operator fills it in from what it
/// is told elsewhere, in a place that has a finding of its own.
fn empty(
    search: &mut Search<'_>,
    place: &Place<'_>,
    node: &Node,
    view: View<'_>,
) -> Result<(), Error> {
    if !typed_image::is_workload(view) {
        return Ok(());
    }
    search.unresolved(place, node.line(), view, ("", "the image is empty".to_owned()))
}

/// Searches volumes, of which one kind is an image.
///
/// <https://kubernetes.io/docs/concepts/storage/volumes/#image>
pub(crate) fn volumes(
    search: &mut Search<'_>,
    place: &Place<'_>,
    items: &[Node],
    view: View<'_>,
    scope: &Scope<'_>,
) -> Result<(), Error> {
    walk::each(place, items, |here, item| volume(search, here, item, view, scope))
}

fn volume(
    search: &mut Search<'_>,
    place: &Place<'_>,
    item: &Node,
    view: View<'_>,
    scope: &Scope<'_>,
) -> Result<(), Error> {
    let reference = get(entries(item), "image").and_then(|image| get(entries(image), "reference"));
    if let Some(node) = reference {
        let volume = place.key("image");
        let here = volume.key("reference");
        if let Value::Str(text) = node.value() {
            return image(search, &here, (node, text), view);
        }
        if typed_image::is_workload(view) {
            typed_image::no_text(search, &here, node, view)?;
        }
    }
    walk::node(search, place, item, view, Some(scope))
}
