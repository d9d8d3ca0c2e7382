//! Fields of a document that stands in the text of a scalar.

use super::field::FieldError;
use super::lookup::{lookup, lookup_mut};
use super::match_path::visit;
use crate::yaml::{
    Data, Kind, Node, first, pretty_json_text, to_commented_text, to_json_text, to_value_of,
};

/// Changes a field of the JSON or YAML that a scalar on the path holds; `Ok(false)` where the path does not lead into one.
///
/// Mirrors `setValueInStructuredData` in `filters/replacement/replacement.go` of kustomize api v0.21.2.
pub(super) fn set(
    object: &mut Node,
    parts: &[String],
    create: Option<Kind>,
    found: &mut dyn FnMut(&mut Node) -> Result<(), FieldError>,
) -> Result<bool, FieldError> {
    let Some((to_scalar, inside, mut document)) = split(object, parts) else { return Ok(false) };
    if visit(&mut document, inside, create, found)? == 0 {
        return Ok(false);
    }
    let Some(scalar) = lookup_mut(object, to_scalar) else { return Ok(false) };
    let Some(text) = serialize(&document, scalar.text()) else { return Ok(false) };
    scalar.data = Data::Scalar(text);
    Ok(true)
}

/// Cuts the path where it runs into a scalar that holds a document.
fn split<'p>(object: &Node, parts: &'p [String]) -> Option<(&'p [String], &'p [String], Node)> {
    (1..parts.len()).find_map(|at| {
        let scalar = lookup(object, &parts[..at]).ok()??;
        let Data::Scalar(text) = &scalar.data else { return None };
        Some((&parts[..at], &parts[at..], first(text).ok()??))
    })
}

fn serialize(document: &Node, old: &str) -> Option<String> {
    if !old.trim_start().starts_with(['{', '[']) {
        return Some(to_commented_text(document, old).trim().to_owned());
    }
    let value = to_value_of(document).ok()?;
    let is_pretty = old.contains('\n') && old.contains("  ");
    Some(if is_pretty { pretty_json_text(&value) } else { to_json_text(&value) })
}
