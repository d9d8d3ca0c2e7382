//! YAML and JSON documents within strings: values of `ConfigMap`s, of charts, of annotations.

use sealift_goyaml::{Node, Style, Value};
use sealift_inventory::Confidence;

use crate::found::{Search, View};
use crate::place::{Place, Text};
use crate::{Error, loose_text, object, role};

/// Returns whether a string is more than one word or number: lines, or a document in JSON.
pub(crate) fn is_text(text: &str) -> bool {
    text.contains('\n') || text.len() > 2 && text.trim_start().starts_with(['{', '['])
}

/// Searches a string as the documents it holds, else as plain text.
pub(crate) fn text(
    search: &mut Search<'_>,
    place: &Place<'_>,
    (node, text): (&Node, &str),
    view: View<'_>,
) -> Result<(), Error> {
    if !is_worth(text) {
        return Ok(());
    }
    let documents = if view.texts < search.limits.texts { parse(search, text) } else { Vec::new() };
    if documents.is_empty() {
        let here = place.text(layer("text", node, view));
        return loose_text::lines(search, &here, text, view);
    }
    let format = if text.trim_start().starts_with(['{', '[']) { "json" } else { "yaml" };
    let here = place.text(layer(format, node, view));
    let cap = view.cap.max(Confidence::Likely);
    let view = View { texts: view.texts + 1, depth: view.depth + 1, cap, ..view };
    documents.iter().try_for_each(|document| object::document(search, &here, document, view))
}

/// Returns how lines within a string lie in the text around it.
pub(crate) fn layer(format: &'static str, node: &Node, view: View<'_>) -> Text {
    // The text of a Secret may have been decoded: its lines stand nowhere.
    let as_it_is = node.style() == Style::Literal && !view.secret;
    Text { format, line: node.line(), first_line: as_it_is.then(|| node.content_line()) }
}

/// Returns whether a string is worth the parsing. Most long strings name neither images nor addresses.
fn is_worth(text: &str) -> bool {
    role::mentions_image(text)
        || role::mentions(text, b"repositor")
        || text.contains("://")
        || loose_text::has_reference(text)
}

/// Returns all documents; none when one of them is no YAML, or when all are plain words.
fn parse<'t>(search: &Search<'_>, text: &'t str) -> Vec<Node<'t>> {
    let documents: Result<Vec<Node<'_>>, _> =
        sealift_goyaml::documents(text, &search.limits.yaml).collect();
    let documents = documents.unwrap_or_default();
    let is_tree = |node: &Node| matches!(node.value(), Value::Map(_) | Value::Seq(_));
    if documents.iter().any(is_tree) { documents } else { Vec::new() }
}
