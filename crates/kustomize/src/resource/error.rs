//! Why a text holds no objects.

use crate::yaml::edit::WrongKind;
use crate::yaml::{ReadError, ValueError};

/// Why a text holds no objects.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResourceError {
    /// It is not YAML.
    #[error("MalformedYAMLError: {0}")]
    Malformed(ReadError),
    /// A `---` has something behind it.
    #[error("invalid document separator: {0}")]
    Separator(String),
    /// A document is no object.
    #[error("missing Resource metadata: a document has neither apiVersion nor kind nor metadata")]
    NoMetadata,
    /// An object has no kind.
    #[error("missing kind in object {{{0}}}")]
    NoKind(String),
    /// An object has no name.
    #[error("missing metadata.name in object {{{0}}}")]
    NoName(String),
    /// A list cannot be taken apart.
    #[error("trouble expanding list of {kind}: {cause}")]
    List {
        /// The kind of the list.
        kind: String,
        /// What is wrong in it.
        cause: ValueError,
    },
    /// The items of a list are no list.
    #[error("expected array in {kind}/items, but found {found}")]
    Items {
        /// The kind of the list.
        kind: String,
        /// What is there.
        found: &'static str,
    },
    /// A node of the object is not what it must be.
    #[error(transparent)]
    Kind(#[from] WrongKind),
}

impl ResourceError {
    /// Whether the text itself is wrong, so that there is no use in taking its name for a folder.
    pub(crate) fn is_malformed(&self) -> bool {
        matches!(self, Self::Malformed(_))
    }
}
