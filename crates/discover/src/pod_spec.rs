//! Containers and image volumes of a `PodSpec`, wherever it stands.
//!
//! <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/>

use sealift_goyaml::{Node, Value};
use sealift_inventory::Confidence;

use crate::found::{Search, View};
use crate::object::{Entries, entries, get, string};
use crate::place::Place;
use crate::shape::{self, Shape};
use crate::walk::{self, Scope};
use crate::{Error, args};

/// Searches `containers`, `initContainers` or `ephemeralContainers`.
pub(crate) fn containers(
    search: &mut Search<'_>,
    place: &Place<'_>,
    items: &[Node],
    view: View<'_>,
    scope: &Scope<'_>,
) -> Result<(), Error> {
    for (i, item) in items.iter().enumerate() {
        let here = place.index(i);
        match item.value() {
            Value::Map(map) => container(search, &here, map, view, scope)?,
            _ => walk::node(search, &here, item, view, Some(scope))?,
        }
    }
    Ok(())
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
            _ => walk::entry(search, &here, (key, value), view, &scope)?,
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
    // Templates leave blanks at the end, which the API server refuses only in the name itself.
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return empty(search, place, node, view);
    }
    let confidence = if view.texts == 0 { Confidence::Certain } else { Confidence::Likely };
    match Shape::read(trimmed) {
        // Istio's injector replaces it: https://istio.io/latest/docs/setup/additional-setup/gateway/
        Ok(_) if trimmed == "auto" => {
            let reason = "the sidecar injector fills it in".to_owned();
            search.unresolved(place, node.line(), view, (text, reason))
        }
        Ok(shape) => search.image(place, node.line(), view, (shape.reference, confidence)),
        Err(error) => {
            search.unresolved(place, node.line(), view, (text, shape::reason(text, &error)))
        }
    }
}

/// Kubernetes refuses an empty image in a workload; in a custom resource or a text an operator fills it in from what it
/// is told elsewhere, in a place that has a finding of its own.
fn empty(
    search: &mut Search<'_>,
    place: &Place<'_>,
    node: &Node,
    view: View<'_>,
) -> Result<(), Error> {
    let is_workload = view.texts == 0
        && view.object.is_some_and(|object| WORKLOADS.iter().any(|kind| object.is(kind)));
    if !is_workload {
        return Ok(());
    }
    search.unresolved(place, node.line(), view, ("", "the image is empty".to_owned()))
}

const WORKLOADS: [&str; 9] = [
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Job",
    "Pod",
    "PodTemplate",
    "ReplicaSet",
    "ReplicationController",
    "StatefulSet",
];

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
    for (i, item) in items.iter().enumerate() {
        let here = place.index(i);
        let volume = get(entries(item), "image")
            .filter(|volume| string(entries(volume), "reference").is_some());
        match volume {
            Some(volume) => image_volume(search, &here.key("image"), volume, view)?,
            None => walk::node(search, &here, item, view, Some(scope))?,
        }
    }
    Ok(())
}

fn image_volume(
    search: &mut Search<'_>,
    place: &Place<'_>,
    volume: &Node,
    view: View<'_>,
) -> Result<(), Error> {
    match get(entries(volume), "reference").map(|node| (node, node.value())) {
        Some((node, Value::Str(text))) => {
            image(search, &place.key("reference"), (node, text), view)
        }
        _ => Ok(()),
    }
}
