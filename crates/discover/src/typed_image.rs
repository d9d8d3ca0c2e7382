//! Places whose type says that an image stands there: what is none is told, never passed over.

use std::borrow::Cow;

use sealift_goyaml::{Node, Value};
use sealift_inventory::Confidence;

use crate::Error;
use crate::found::{Search, View};
use crate::place::Place;
use crate::shape::{self, Shape};
use crate::split_keys;

/// The kinds of Kubernetes that hold a `PodSpec`. Its API server reads their types strictly, while a custom resource may
/// have what it likes under the same keys.
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

/// Returns whether a part belongs to an object that starts pods and is no text within one.
pub(crate) fn is_workload(view: View<'_>) -> bool {
    view.texts == 0
        && view.object.is_some_and(|object| WORKLOADS.iter().any(|kind| object.is(kind)))
}

/// Searches a text that is a whole reference or a mistake.
pub(crate) fn reference(
    search: &mut Search<'_>,
    place: &Place<'_>,
    (node, text): (&Node, &str),
    view: View<'_>,
    confidence: Confidence,
) -> Result<(), Error> {
    match Shape::read(text) {
        Ok(shape) => search.image(place, node.line(), view, (shape.reference, confidence)),
        Err(error) => {
            search.unresolved(place, node.line(), view, (text, shape::reason(text, &error)))
        }
    }
}

/// Says that a value where an image must stand is of another type.
pub(crate) fn no_text(
    search: &mut Search<'_>,
    place: &Place<'_>,
    node: &Node,
    view: View<'_>,
) -> Result<(), Error> {
    let is_null = matches!(node.value(), Value::Null);
    let reason = if is_null { "the image is empty" } else { "the image is no text" };
    wrong_type(search, place, node, view, reason)
}

/// Says that a value around an image is of another type than it must be.
pub(crate) fn wrong_type(
    search: &mut Search<'_>,
    place: &Place<'_>,
    node: &Node,
    view: View<'_>,
    reason: &str,
) -> Result<(), Error> {
    let text = match node.value() {
        Value::Bool(value) => Cow::Owned(value.to_string()),
        _ => split_keys::scalar(node).unwrap_or_default(),
    };
    search.unresolved(place, node.line(), view, (&text, reason.to_owned()))
}
