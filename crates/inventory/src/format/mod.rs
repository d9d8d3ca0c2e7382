//! Reading and writing of the YAML files that are ours.

mod error;
mod head;
mod message;
mod nearest;
pub(crate) mod parsed;
mod tagged;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use error::FormatError;
pub use head::{API_VERSION, ApiVersion};
pub(crate) use nearest::nearest;
pub(crate) use tagged::{Leading, read_first_key};

use crate::format::head::Head;

/// How much a file may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Bytes of the text.
    pub(crate) bytes: u64,
    /// Scalars, lists and maps.
    pub(crate) nodes: usize,
}

/// Reads one document strictly: every key is known and stands once, every value has its type.
pub(crate) fn read<T: DeserializeOwned>(
    file: &str,
    text: &str,
    bounds: Bounds,
    kind: Option<&'static str>,
) -> Result<T, FormatError> {
    if text.len() as u64 > bounds.bytes {
        let message =
            format!("the file has {} bytes; at most {} are read", text.len(), bounds.bytes);
        return Err(FormatError::of_file(file, message));
    }
    serde_saphyr::from_str_with_options(text, options(bounds)).map_err(|error| {
        let wrong_head = kind.and_then(|kind| Head::read(text, options(bounds))?.mismatch(kind));
        match wrong_head {
            Some(message) => FormatError::of_file(file, message),
            None => message::explain(file, text, error.without_snippet()),
        }
    })
}

fn options(bounds: Bounds) -> serde_saphyr::Options {
    serde_saphyr::options! {
        with_snippet: false,
        strict_booleans: true,
        merge_keys: serde_saphyr::MergeKeyPolicy::Error,
        budget: serde_saphyr::budget! {
            max_nodes: bounds.nodes,
            max_events: bounds.nodes.saturating_mul(2),
            max_total_scalar_bytes: usize::try_from(bounds.bytes).unwrap_or(usize::MAX),
            max_documents: 1,
        },
    }
}

/// Writes block style, so that a changed value is a changed line.
pub(crate) fn write(value: &impl Serialize) -> String {
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    serde_saphyr::to_string_with_options(value, options)
        .expect("our types have string keys and no anchors")
}
