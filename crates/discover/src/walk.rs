//! The walk through maps, lists and strings, which hands each kind of place to its rule.

use sealift_goyaml::{Node, Value};
use sealift_inventory::Confidence;

use crate::found::{Search, View};
use crate::object::{Entries, get};
use crate::place::Place;
use crate::{
    Error, address, annotation, args, crd_default, embedded_text, env, image_key, loose_text,
    pod_spec, role, shape,
};

/// The maps around a value, innermost first: a registry or a tag may be given once for many images.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) map: Entries<'a>,
    pub(crate) up: Option<&'a Self>,
}

/// Keys whose values are for people or are too large and never name what is started.
const SKIPPED: [&str; 10] = [
    "base64data",
    "caBundle",
    "description",
    "documentation",
    "imagePullSecrets",
    "labels",
    "managedFields",
    "matchLabels",
    "nodeSelector",
    "x-descriptors",
];

/// Searches a value and all below it.
pub(crate) fn node(
    search: &mut Search<'_>,
    place: &Place<'_>,
    node: &Node,
    view: View<'_>,
    scope: Option<&Scope<'_>>,
) -> Result<(), Error> {
    match node.value() {
        Value::Map(entries) => map(search, place, entries, view, scope),
        Value::Seq(items) => list(search, place, items, view, scope),
        Value::Str(text) => string(search, place, (node, text), view),
        _ => Ok(()),
    }
}

fn map(
    search: &mut Search<'_>,
    place: &Place<'_>,
    entries: Entries<'_>,
    view: View<'_>,
    scope: Option<&Scope<'_>>,
) -> Result<(), Error> {
    search.visit(view.depth)?;
    let view = View { depth: view.depth + 1, images: view.images.saturating_sub(1), ..view };
    let scope = Scope { map: entries, up: scope };
    let decided = image_key::map(search, place, view, &scope)?;
    for (name, value) in entries {
        let Value::Str(key) = name.value() else { continue };
        if decided.contains(key) || SKIPPED.contains(&key) {
            continue;
        }
        entry(search, &place.key(key), (key, value), view, &scope)?;
    }
    Ok(())
}

/// Searches the value of a key, by the rule for that key where there is one.
pub(crate) fn entry(
    search: &mut Search<'_>,
    place: &Place<'_>,
    (key, value): (&str, &Node),
    view: View<'_>,
    scope: &Scope<'_>,
) -> Result<(), Error> {
    match (key, value.value()) {
        ("metadata", Value::Map(metadata)) => {
            annotation::metadata(search, place, metadata, view, scope)
        }
        ("openAPIV3Schema", _) => crd_default::schema(search, place, value, view),
        ("containers" | "initContainers" | "ephemeralContainers", _) => {
            pod_spec::containers(search, place, value, view, scope)
        }
        ("volumes", Value::Seq(items)) => pod_spec::volumes(search, place, items, view, scope),
        ("relatedImages", Value::Seq(items)) => {
            crate::related_images::list(search, place, items, view, scope)
        }
        ("_example", Value::Str(text)) => string(search, place, (value, text), view.example()),
        // What a form offers, and the choice it makes for those who make none.
        ("options", Value::Seq(items)) => list(search, place, items, view.optional(), Some(scope)),
        ("value", Value::Str(text)) if get(scope.map, "options").is_some() => {
            string(search, place, (value, text), view.optional())
        }
        // Links for people: of dashboards, alerts, packages.
        ("annotations" | "link" | "links" | "maintainers" | "provider" | "runbook_url", _) => {
            node(search, place, value, View { addresses: false, ..view }, Some(scope))
        }
        ("args" | "command", Value::Seq(items)) => args::list(search, place, items, view, scope),
        _ => {
            let images = if role::is_image(key) { LEVELS } else { view.images };
            node(search, place, value, View { images, ..view }, Some(scope))
        }
    }
}

/// How far below an image-like key plain values are references: `images: {proxy: {value: …}}`.
const LEVELS: u8 = 3;

fn list(
    search: &mut Search<'_>,
    place: &Place<'_>,
    items: &[Node],
    view: View<'_>,
    scope: Option<&Scope<'_>>,
) -> Result<(), Error> {
    search.visit(view.depth)?;
    if env::is_list(items) {
        return env::list(search, place, items, view, scope);
    }
    if args::is_list(items) {
        return args::items(search, place, items, view, &args::Variables::new());
    }
    let view = View { depth: view.depth + 1, ..view };
    each(place, items, |here, item| node(search, here, item, view, scope))
}

/// Looks at the items of a list, each at its place.
pub(crate) fn each(
    place: &Place<'_>,
    items: &[Node],
    mut look: impl FnMut(&Place<'_>, &Node) -> Result<(), Error>,
) -> Result<(), Error> {
    items.iter().enumerate().try_for_each(|(i, item)| look(&place.index(i), item))
}

/// Searches a string that no rule for its key has taken.
pub(crate) fn string(
    search: &mut Search<'_>,
    place: &Place<'_>,
    (node, text): (&Node, &str),
    view: View<'_>,
) -> Result<(), Error> {
    search.visit(view.depth)?;
    if embedded_text::is_text(text) {
        return embedded_text::text(search, place, (node, text), view);
    }
    if let Some(url) = address::url(text, place.last_key()) {
        return search.address(place, node.line(), view, url);
    }
    if view.images > 0 {
        return image_key::below(search, place, (node, text), view);
    }
    if text.contains(char::is_whitespace) {
        return loose_text::words(search, place, (node.line(), text), view);
    }
    if view.secret {
        return Ok(());
    }
    for part in text.split(',') {
        if let Some(reference) = shape::sure(part) {
            search.image(place, node.line(), view, (reference, Confidence::Likely))?;
        }
    }
    Ok(())
}
