//! Nodes: read, edited, and given as values.

mod anchors;
mod comments;
pub(crate) mod edit;
mod folded;
mod from_json;
mod json;
mod node;
mod notes;
pub(crate) mod path;
mod read;
mod style;
mod tag;
mod text;
mod time;
mod value;

pub use anchors::AnchorError;
pub use json::Json;
pub use node::Node;
pub use read::ReadError;
pub(crate) use read::is_limit;
pub use value::ValueError;

pub(crate) use from_json::from_json;
pub(crate) use json::{go_syntax, to_json_text, to_pretty_json_text as pretty_json_text};
pub(crate) use node::{Data, Kind};
pub(crate) use read::first;
pub(crate) use style::Style;
pub(crate) use tag::Tag;
pub(crate) use text::{to_commented_text, to_text};
pub(crate) use value::{to_lossy_value, to_value, to_value_of};
