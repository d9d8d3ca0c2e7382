//! Annotations that name images.

use sealift_goyaml::{Node, Value};

use crate::found::{Search, View};
use crate::image_key::{self, Decision};
use crate::object::Entries;
use crate::place::Place;
use crate::role;
use crate::split_keys::Fields;
use crate::walk::{self, Scope};
use crate::{Error, embedded_text};

/// The annotation that says when Helm applies an object.
pub(crate) const HELM_HOOK: &str = "helm.sh/hook";

/// A copy of the object as it was applied before.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Custom resources that a console offers as a start.
const EXAMPLES: [&str; 2] = ["alm-examples", "operatorframework.io/initialization-resource"];

/// Searches `metadata` of an object or of a template of pods.
pub(crate) fn metadata(
    search: &mut Search<'_>,
    place: &Place<'_>,
    metadata: Entries<'_>,
    view: View<'_>,
    scope: &Scope<'_>,
) -> Result<(), Error> {
    search.visit(view.depth)?;
    let view = View { depth: view.depth + 1, ..view };
    for (name, value) in metadata {
        let Value::Str(key) = name.value() else { continue };
        let here = place.key(key);
        match (key, value.value()) {
            ("annotations", Value::Map(map)) => annotations(search, &here, map, view)?,
            ("labels" | "managedFields", _) => {}
            // Some custom resources keep more in `metadata` than Kubernetes knows.
            (_, Value::Map(_) | Value::Seq(_)) => {
                walk::node(search, &here, value, view, Some(scope))?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn annotations(
    search: &mut Search<'_>,
    place: &Place<'_>,
    map: Entries<'_>,
    view: View<'_>,
) -> Result<(), Error> {
    // Links in annotations are for people.
    let view = View { addresses: false, ..view };
    for (name, value) in map {
        search.visit(view.depth)?;
        let (Value::Str(key), Value::Str(text)) = (name.value(), value.value()) else { continue };
        if key != LAST_APPLIED {
            annotation(search, &place.key(key), (key, value, text), view)?;
        }
    }
    Ok(())
}

fn annotation(
    search: &mut Search<'_>,
    place: &Place<'_>,
    (key, node, text): (&str, &Node, &str),
    view: View<'_>,
) -> Result<(), Error> {
    if EXAMPLES.contains(&key) {
        return embedded_text::text(search, place, (node, text), view.example());
    }
    let fields = Fields::read(role::is_image(key).then_some((key, node)).into_iter());
    let Some(field) = fields.iter().next() else {
        return walk::string(search, place, (node, text), view);
    };
    match image_key::decide(field, &fields, false, None) {
        Decision::Other => walk::string(search, place, (node, text), View { images: 3, ..view }),
        decision => image_key::write(search, place, field, view, decision),
    }
}
