//! `spec.relatedImages` of a `ClusterServiceVersion`: all images that an operator may start.
//!
//! <https://olm.operatorframework.io/docs/tasks/creating-operator-manifests/>

use sealift_goyaml::{Node, Value};
use sealift_inventory::Confidence;

use crate::Error;
use crate::found::{Search, View};
use crate::object::{entries, get};
use crate::place::Place;
use crate::shape::{self, Shape};
use crate::walk::{self, Scope};

/// Searches the list.
pub(crate) fn list(
    search: &mut Search<'_>,
    place: &Place<'_>,
    items: &[Node],
    view: View<'_>,
    scope: &Scope<'_>,
) -> Result<(), Error> {
    for (i, item) in items.iter().enumerate() {
        let here = place.index(i);
        match get(entries(item), "image").map(|node| (node, node.value())) {
            Some((node, Value::Str(text))) => {
                image(search, &here.key("image"), (node, text), view)?;
            }
            _ => walk::node(search, &here, item, View { images: 2, ..view }, Some(scope))?,
        }
    }
    Ok(())
}

fn image(
    search: &mut Search<'_>,
    place: &Place<'_>,
    (node, text): (&Node, &str),
    view: View<'_>,
) -> Result<(), Error> {
    match Shape::read(text) {
        Ok(shape) => search.image(place, node.line(), view, (shape.reference, Confidence::Certain)),
        Err(error) => {
            search.unresolved(place, node.line(), view, (text, shape::reason(text, &error)))
        }
    }
}
