//! Values that have their name beside them: environment variables, parameters of workflows.

use sealift_goyaml::{Node, Value};
use sealift_inventory::Confidence;

use crate::Error;
use crate::found::{Search, View};
use crate::image_key::{self, Decision};
use crate::object::{entries, get, string};
use crate::place::Place;
use crate::role::{self, Role};
use crate::shape::Shape;
use crate::split_keys::{Field, Fields};
use crate::walk::{self, Scope};

/// Returns whether all items are maps with a name and some have a plain value.
pub(crate) fn is_list(items: &[Node]) -> bool {
    items.iter().all(|item| string(entries(item), "name").is_some())
        && items.iter().any(|item| get(entries(item), "value").is_some_and(is_plain))
}

fn is_plain(node: &Node) -> bool {
    !matches!(node.value(), Value::Map(_) | Value::Seq(_) | Value::Null)
}

/// Searches a list of names with values.
pub(crate) fn list(
    search: &mut Search<'_>,
    place: &Place<'_>,
    items: &[Node],
    view: View<'_>,
    scope: Option<&Scope<'_>>,
) -> Result<(), Error> {
    let pairs: Vec<(&str, &Node<'_>)> = items.iter().filter_map(pair).collect();
    for (name, _) in &pairs {
        search.sets(name);
    }
    let any = pairs.iter().any(|(name, _)| role::is_anchor(name));
    let fields = if any { Fields::read(pairs.into_iter()) } else { Fields::default() };
    let mut rest = fields.iter().peekable();
    for item in items {
        let value = get(entries(item), "value");
        let field =
            rest.next_if(|field| value.is_some_and(|value| std::ptr::eq(field.node, value)));
        let Some(name) = string(entries(item), "name") else { continue };
        one(search, &place.named(name), (name, item), view, (field, &fields, scope))?;
    }
    Ok(())
}

fn pair<'a>(item: &'a Node<'a>) -> Option<(&'a str, &'a Node<'a>)> {
    Some((string(entries(item), "name")?, get(entries(item), "value")?))
}

/// What a value says about an image, the names beside it, and the maps around.
type Around<'a> = (Option<&'a Field<'a>>, &'a Fields<'a>, Option<&'a Scope<'a>>);

fn one(
    search: &mut Search<'_>,
    place: &Place<'_>,
    (name, item): (&str, &Node),
    view: View<'_>,
    (field, fields, scope): Around<'_>,
) -> Result<(), Error> {
    search.visit(view.depth)?;
    let view = View { depth: view.depth + 1, images: 0, ..view };
    let item = entries(item);
    if let Some(value) = get(item, "value") {
        self::value(search, &place.key("value"), (name, value), view, (field, fields))?;
    }
    // `valueFrom` names no image; a parameter may hold a default or a list of choices.
    let images = if role::is_image(name) { 2 } else { 0 };
    for (key, node) in item {
        match key.value() {
            Value::Str("name" | "value" | "valueFrom") => {}
            Value::Str(key) => {
                walk::node(search, &place.key(key), node, View { images, ..view }, scope)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn value(
    search: &mut Search<'_>,
    place: &Place<'_>,
    (name, node): (&str, &Node),
    view: View<'_>,
    (field, fields): (Option<&Field<'_>>, &Fields<'_>),
) -> Result<(), Error> {
    if let Some(field) = field {
        let decision = image_key::decide(field, fields, false, None);
        if !matches!(decision, Decision::Other) {
            return image_key::write(search, place, field, view, decision);
        }
    }
    let Value::Str(text) = node.value() else { return Ok(()) };
    let is_image = role::of(name).is_some_and(|named| named.role == Role::Image);
    if is_image && !text.trim_start().starts_with(['{', '[']) {
        return several(search, place, (node, text), view);
    }
    walk::string(search, place, (node, text), View { images: if is_image { 3 } else { 0 }, ..view })
}

/// Several images under one name: `3.4.0=quay.io/strimzi/kafka:0.34.0-kafka-3.4.0` on a line each.
fn several(
    search: &mut Search<'_>,
    place: &Place<'_>,
    (node, text): (&Node, &str),
    view: View<'_>,
) -> Result<(), Error> {
    let mut any = false;
    for part in image_key::parts(text) {
        if let Ok(shape) = Shape::read(part)
            && shape.pinned
            && shape.pathed
        {
            any = true;
            search.image(place, node.line(), view, (shape.reference, Confidence::Likely))?;
        }
    }
    if any { Ok(()) } else { walk::string(search, place, (node, text), view) }
}
