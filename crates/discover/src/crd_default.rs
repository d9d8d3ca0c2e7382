//! Defaults in the schemas of custom resources: what runs when the user says nothing.
//!
//! Descriptions and examples in schemas are documentation and are not looked at.

use sealift_goyaml::{Node, Value};

use crate::Error;
use crate::found::{Search, View};
use crate::image_key::{self, Decision};
use crate::object::{Entries, entries, get};
use crate::place::Place;
use crate::role;
use crate::split_keys::Fields;
use crate::walk;

/// Searches a `CustomResourceDefinition`.
pub(crate) fn definition(
    search: &mut Search<'_>,
    place: &Place<'_>,
    map: Entries<'_>,
    view: View<'_>,
) -> Result<(), Error> {
    let Some(spec) = get(map, "spec").map(entries) else { return Ok(()) };
    let place = place.key("spec");
    if let Some(schema) = get(spec, "validation").and_then(|node| get(entries(node), SCHEMA)) {
        self::schema(search, &place.key("validation").key(SCHEMA), schema, view)?;
    }
    let Some(Value::Seq(versions)) = get(spec, "versions").map(Node::value) else { return Ok(()) };
    walk::each(&place.key("versions"), versions, |here, version| {
        let schema = get(entries(version), "schema").and_then(|node| get(entries(node), SCHEMA));
        schema.map_or(Ok(()), |schema| {
            self::schema(search, &here.key("schema").key(SCHEMA), schema, view)
        })
    })
}

const SCHEMA: &str = "openAPIV3Schema";

/// Searches a schema and all schemas below it.
pub(crate) fn schema(
    search: &mut Search<'_>,
    place: &Place<'_>,
    node: &Node,
    view: View<'_>,
) -> Result<(), Error> {
    search.visit(view.depth)?;
    let view = View { depth: view.depth + 1, ..view };
    for (name, value) in entries(node) {
        let Value::Str(key) = name.value() else { continue };
        let here = place.key(key);
        match (key, value.value()) {
            ("properties", Value::Map(map)) => properties(search, &here, map, view)?,
            ("items" | "additionalProperties" | "not", Value::Map(_)) => {
                schema(search, &here, value, view)?;
            }
            ("allOf" | "anyOf" | "oneOf", Value::Seq(items)) => {
                walk::each(&here, items, |here, item| schema(search, here, item, view))?;
            }
            ("default", Value::Map(_) | Value::Seq(_)) => {
                walk::node(search, &here, value, view, None)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn properties(
    search: &mut Search<'_>,
    place: &Place<'_>,
    map: Entries<'_>,
    view: View<'_>,
) -> Result<(), Error> {
    defaults(search, place, map, view)?;
    for (name, value) in map {
        if let Value::Str(name) = name.value() {
            schema(search, &place.key(name), value, view)?;
        }
    }
    Ok(())
}

/// The defaults of properties beside each other are read as the values they are when the user says nothing.
fn defaults(
    search: &mut Search<'_>,
    place: &Place<'_>,
    map: Entries<'_>,
    view: View<'_>,
) -> Result<(), Error> {
    let pairs = || map.iter().filter_map(pair);
    let in_image = place.is_below_image();
    let fields = if in_image || pairs().any(|(name, _)| role::is_anchor(name)) {
        Fields::read(pairs())
    } else {
        Fields::default()
    };
    let mut rest = fields.iter().peekable();
    for (name, node) in pairs() {
        let field = rest.next_if(|field| std::ptr::eq(field.node, node));
        let Value::Str(text) = node.value() else { continue };
        let property = place.key(name);
        let here = property.key("default");
        let decision = field
            .map_or(Decision::Other, |field| image_key::decide(field, &fields, in_image, None));
        match (field, decision) {
            (Some(field), decision) if !matches!(decision, Decision::Other) => {
                image_key::write(search, &here, field, view, decision)?;
            }
            // An address in a schema is an example more often than not.
            _ if text.contains("://") => {}
            _ => walk::string(search, &here, (node, text), view)?,
        }
    }
    Ok(())
}

fn pair<'a>((name, schema): &'a (Node<'a>, Node<'a>)) -> Option<(&'a str, &'a Node<'a>)> {
    let Value::Str(name) = name.value() else { return None };
    Some((name, get(entries(schema), "default")?))
}
