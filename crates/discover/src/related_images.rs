//! `spec.relatedImages` of a `ClusterServiceVersion`: all images that an operator may start.
//!
//! <https://olm.operatorframework.io/docs/tasks/creating-operator-manifests/>

use sealift_goyaml::{Node, Value};
use sealift_inventory::Confidence;

use crate::found::{Search, View};
use crate::object::{entries, get};
use crate::place::Place;
use crate::walk::{self, Scope};
use crate::{Error, typed_image};

/// Searches the list.
pub(crate) fn list(
    search: &mut Search<'_>,
    place: &Place<'_>,
    items: &[Node],
    view: View<'_>,
    scope: &Scope<'_>,
) -> Result<(), Error> {
    walk::each(place, items, |here, item| related(search, here, item, view, scope))
}

fn related(
    search: &mut Search<'_>,
    place: &Place<'_>,
    item: &Node,
    view: View<'_>,
    scope: &Scope<'_>,
) -> Result<(), Error> {
    let image = get(entries(item), "image");
    match image.map(|node| (node, node.value())) {
        Some((node, Value::Str(text))) => {
            let place = place.key("image");
            return typed_image::reference(search, &place, (node, text), view, Confidence::Certain);
        }
        // A custom resource may have a list of that name in which the image is in parts.
        None | Some((_, Value::Map(_))) => {}
        Some((node, _)) => typed_image::no_text(search, &place.key("image"), node, view)?,
    }
    walk::node(search, place, item, View { images: 2, ..view }, Some(scope))
}
