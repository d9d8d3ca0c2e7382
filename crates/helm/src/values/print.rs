//! Values in messages.

use sealift_gotemplate::{Value, sprintf};

/// The longest value that a message shows.
const MOST: usize = 1 << 20;

/// Returns a value as Go prints it by a format; nothing when it is too large for a message.
pub(crate) fn printed(format: &str, value: &Value) -> String {
    sprintf(&format.into(), std::slice::from_ref(value), MOST)
        .map(|text| text.to_string())
        .unwrap_or_default()
}
