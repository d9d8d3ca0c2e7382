//! From values to nodes, as kustomize does after a JSON patch.

use sealift_goyaml::v3::{Plain, float_text, is_ambiguous};

use super::json::Json;
use super::node::{Data, Node};
use super::style::Style;
use super::tag::Tag;

/// Returns the nodes that go-yaml v3 reads from what it writes for a value.
///
/// Mirrors `UnmarshalJSON` of `RNode` in kyaml v0.21.2: every number is a float64, keys are sorted by the encoder of go-yaml v3
/// (which no output shows, since it is sorted again).
pub(crate) fn from_json(value: &Json<'_>) -> Node {
    match value {
        Json::Null => Node::tagged("null", Tag::Null),
        Json::Bool(value) => Node::tagged(value.to_string(), Tag::Bool),
        #[expect(clippy::cast_precision_loss, reason = "Go converts the same way")]
        Json::Int(value) => number(*value as f64),
        #[expect(clippy::cast_precision_loss, reason = "Go converts the same way")]
        Json::Uint(value) => number(*value as f64),
        Json::Float(value) => number(*value),
        Json::Str(text) => string(text),
        Json::Seq(items) => Node {
            tag: Tag::Seq,
            style: empty_style(items.is_empty()),
            ..Node::seq(items.iter().map(from_json).collect())
        },
        Json::Map(entries) => Node {
            tag: Tag::Map,
            style: empty_style(entries.is_empty()),
            ..Node::map(
                entries.iter().map(|(key, value)| (string(key), from_json(value))).collect(),
            )
        },
    }
}

/// `[]` and `{}` are flow collections when they are read again.
fn empty_style(is_empty: bool) -> Style {
    if is_empty { Style::FLOW } else { Style::PLAIN }
}

fn number(value: f64) -> Node {
    let text = float_text(value);
    let tag = Tag::of_plain(&text);
    Node::tagged(text, tag)
}

fn string(text: &str) -> Node {
    let style = if text.contains('\n') {
        Style::LITERAL
    } else if Plain::of(text) != Plain::Str || is_old(text) {
        Style::DOUBLE_QUOTED
    } else {
        Style::PLAIN
    };
    Node::new(Data::Scalar(text.to_owned()), Tag::Str, style)
}

/// What YAML 1.1 takes for a boolean.
fn is_old(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic()) && is_ambiguous(text)
}
