//! Keys that are named for an image, in any kind of object and in any map.

use std::collections::HashSet;

use sealift_goyaml::{Node, Value};
use sealift_inventory::Confidence;
use sealift_reference::Reference;

use crate::found::{Search, View};
use crate::object::Entries;
use crate::object::get;
use crate::place::Place;
use crate::role::{self, Role};
use crate::shape::{self, Shape};
use crate::split_keys::{Field, Fields, Inherited};
use crate::walk::Scope;
use crate::{Error, embedded_text};

/// What a field holds.
pub(crate) enum Decision {
    /// A reference, or what is likely none but may be one.
    Image(Reference, Confidence),
    /// A name without a tag, which means `latest` unless what reads it adds one.
    Untagged(Reference),
    /// The name of a variable that holds the image.
    Variable,
    /// Text where an image must be, and why it is none.
    Unresolved(String, String),
    /// A part of another field, or a switch: nothing more to look for.
    Nothing,
    /// Not this rule's: a text with parts, an address.
    Other,
}

/// Decides the image-like keys of a map and returns the keys that need no further look.
pub(crate) fn map<'a>(
    search: &mut Search<'_>,
    place: &Place<'_>,
    view: View<'_>,
    scope: &Scope<'a>,
) -> Result<HashSet<&'a str>, Error> {
    let is_image = role::is_image(place.last_key());
    if !is_image && !keys(scope.map).any(|(key, _)| role::is_anchor(key)) {
        return Ok(HashSet::new());
    }
    let mut fields = Fields::read(keys(scope.map));
    if is_image || get(scope.map, "newTag").is_some() {
        name_as_repository(&mut fields, scope.map);
    }
    let mut decided = HashSet::new();
    for field in fields.iter() {
        let decision = decide(field, &fields, is_image, Some(scope));
        if matches!(decision, Decision::Other) {
            continue;
        }
        write(search, &place.key(field.name), field, view, decision)?;
        decided.insert(field.name);
    }
    Ok(decided)
}

/// `image: {name: …, tag: …}` and kustomize's `{name, newTag}`: the name is the repository when nothing else is.
fn name_as_repository<'a>(fields: &mut Fields<'a>, map: Entries<'a>) {
    if fields.iter().any(|field| matches!(field.named.role, Role::Repository | Role::Image)) {
        return;
    }
    if let Some((name, node)) = keys(map).find(|(key, _)| *key == "name")
        && let Value::Str(text) = node.value()
    {
        let named = role::Named { role: Role::Repository, stem: Vec::new(), is_plain: true };
        fields.push(Field { name, named, node, value: text.into() });
    }
}

fn keys(map: Entries<'_>) -> impl Iterator<Item = (&str, &Node<'_>)> {
    map.iter().filter_map(|(key, value)| match key.value() {
        Value::Str(key) => Some((key, value)),
        _ => None,
    })
}

/// Writes down a decision.
pub(crate) fn write(
    search: &mut Search<'_>,
    place: &Place<'_>,
    field: &Field<'_>,
    view: View<'_>,
    decision: Decision,
) -> Result<(), Error> {
    let line = field.node.line();
    match decision {
        // A password may look like a name; only what is written as an image is told.
        Decision::Image(_, Confidence::Possible) if view.secret => Ok(()),
        Decision::Image(reference, confidence) => {
            search.image(place, line, view, (reference, confidence))
        }
        Decision::Untagged(reference) => {
            // Values of charts and settings in texts mostly say elsewhere which tag is added.
            let is_plain = view.texts == 0;
            let confidence = if is_plain { Confidence::Likely } else { Confidence::Possible };
            search.image(place, line, view, (reference, confidence))
        }
        Decision::Variable => search.asks(place, line, view, field.value.trim()),
        Decision::Unresolved(text, reason) => search.unresolved(place, line, view, (&text, reason)),
        Decision::Nothing | Decision::Other => Ok(()),
    }
}

/// Decides what a field holds, from its name, its value and the fields beside it.
pub(crate) fn decide(
    field: &Field<'_>,
    beside: &Fields<'_>,
    in_image: bool,
    scope: Option<&Scope<'_>>,
) -> Decision {
    let text = field.value.trim();
    match field.named.role {
        Role::Image if text.is_empty() || shape::is_switch(text) => Decision::Nothing,
        Role::Image if shape::is_image_variable(text) => Decision::Variable,
        Role::Image if embedded_text::is_text(text) && !is_template(text) => Decision::Other,
        Role::Image => image(field, text, beside, scope),
        Role::Repository if beside.same(field, Role::Image).is_some() => Decision::Nothing,
        Role::Repository => repository(field, text, beside, in_image),
        _ => Decision::Other,
    }
}

/// Returns whether a value is nothing but what a template puts in.
fn is_template(text: &str) -> bool {
    text.starts_with("{{") && !text.contains('\n')
}

fn image(
    field: &Field<'_>,
    text: &str,
    beside: &Fields<'_>,
    scope: Option<&Scope<'_>>,
) -> Decision {
    let shape = match Shape::read(text) {
        Ok(shape) => shape,
        Err(error) if shape::is_placeholder(text) && !text.contains("://") => {
            return Decision::Unresolved(text.to_owned(), shape::reason(text, &error));
        }
        Err(_) => return Decision::Other,
    };
    if shape.hosted && shape.pinned {
        return Decision::Image(shape.reference, Confidence::Likely);
    }
    let (prefix, pin) = other_parts(field, &shape, beside, scope);
    if prefix.is_some() || pin.is_some() {
        return joined(prefix, text, pin.as_deref(), shape.pinned);
    }
    alone(field, shape, text, scope)
}

/// The registry and the tag or digest that a value lacks and a field beside it gives, or one in the maps around.
fn other_parts(
    field: &Field<'_>,
    shape: &Shape,
    beside: &Fields<'_>,
    scope: Option<&Scope<'_>>,
) -> (Option<String>, Option<String>) {
    let prefix = if shape.hosted { None } else { beside.prefix(field) };
    let pin = if shape.pinned { None } else { beside.pin(field) };
    let is_bare = !shape.hosted && !shape.pinned && field.named.stem.is_empty();
    if !is_bare || prefix.is_some() && pin.is_some() {
        return (prefix, pin);
    }
    let around = Inherited::of(scope);
    (prefix.or(around.prefix), pin.or(around.pin))
}

/// Decides what a value is that nothing beside or around it completes.
fn alone(field: &Field<'_>, shape: Shape, text: &str, scope: Option<&Scope<'_>>) -> Decision {
    if shape.is_named() {
        return if shape.pinned {
            Decision::Image(shape.reference, Confidence::Likely)
        } else {
            Decision::Untagged(shape.reference)
        };
    }
    if field.name == "image" && scope.is_some_and(|scope| is_container(scope.map)) {
        return Decision::Image(shape.reference, Confidence::Likely);
    }
    // `imageFeatures: layering`, `IMAGE_RETRIES: "3"`: words and numbers about images.
    let is_word = text.contains(|c: char| c.is_ascii_alphabetic());
    if field.named.is_plain && is_word && !shape.pathed {
        Decision::Image(shape.reference, Confidence::Possible)
    } else {
        Decision::Other
    }
}

/// Returns whether a map has what only a container has beside its image.
fn is_container(map: Entries<'_>) -> bool {
    const KEYS: [&str; 6] =
        ["args", "command", "env", "imagePullPolicy", "livenessProbe", "volumeMounts"];
    KEYS.iter().any(|key| get(map, key).is_some())
}

fn repository(field: &Field<'_>, text: &str, beside: &Fields<'_>, in_image: bool) -> Decision {
    let says_image = in_image || role::mentions_image(field.name);
    let Ok(shape) = Shape::read(text) else {
        return Decision::Other;
    };
    if shape.pinned {
        let confidence =
            if says_image || shape.is_sure() { Confidence::Likely } else { Confidence::Possible };
        return Decision::Image(shape.reference, confidence);
    }
    let prefix = if shape.hosted { None } else { beside.prefix(field) };
    let pin = beside.pin(field);
    // `newName` alone keeps the tag of the manifest.
    let is_bare_name = field.name == "name" && !shape.pathed;
    if pin.is_none() && (!says_image || field.name == "newName" || is_bare_name) {
        return Decision::Other;
    }
    joined(prefix, text, pin.as_deref(), false)
}

fn joined(prefix: Option<String>, text: &str, pin: Option<&str>, pinned: bool) -> Decision {
    let mut whole = prefix.map_or_else(String::new, |prefix| format!("{prefix}/"));
    whole.push_str(text);
    if let Some(pin) = pin {
        whole.push_str(pin);
    } else if !pinned {
        let reason = "a repository without a tag or digest: what starts it adds one".to_owned();
        return Decision::Unresolved(whole, reason);
    }
    match whole.parse() {
        Ok(reference) => Decision::Image(reference, Confidence::Likely),
        Err(error) => Decision::Unresolved(whole, error.to_string()),
    }
}

/// Searches a plain value below an image-like key: an item of `images`, a value of `images.json`.
pub(crate) fn below(
    search: &mut Search<'_>,
    place: &Place<'_>,
    (node, text): (&Node, &str),
    view: View<'_>,
) -> Result<(), Error> {
    let is_item = place.is_item();
    for part in parts(text) {
        let Ok(shape) = Shape::read(part) else { continue };
        let is_image =
            if is_item { shape.pinned || shape.hosted } else { shape.pinned && shape.pathed };
        if is_image {
            search.image(place, node.line(), view, (shape.reference, Confidence::Likely))?;
        }
    }
    Ok(())
}

/// The references in a value that may hold several, each perhaps with its name: `3.4.0=quay.io/a/b:1, …`.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
    let parts = parts.filter(|part| !part.is_empty());
    parts.map(|part| part.split_once('=').map_or(part, |(_, reference)| reference))
}
