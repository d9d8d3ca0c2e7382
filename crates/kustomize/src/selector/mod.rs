//! What selectors select.

mod label;
mod pattern;

pub use label::LabelSelectorError;
pub use pattern::SelectorError;

pub(crate) use label::LabelSelector;
pub(crate) use pattern::{IdSelector, select};
