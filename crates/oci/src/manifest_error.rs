//! Why a manifest, index or config was refused.

use sealift_reference::MediaType;

/// Why the bytes of a manifest, index or config cannot be used.
///
/// None of these is transient: the same bytes give the same error. Keys are cut to 100 characters and otherwise as received, so
/// the text must pass the print gate of the command line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// `data` beside a descriptor is not the content that the descriptor names.
    #[error("`{at}.data` is not the content that its descriptor names")]
    Data {
        /// Where in the document.
        at: String,
    },
    /// Something that must be a digest is none, or one of an unknown algorithm.
    #[error("`{at}.digest` cannot be used")]
    Digest {
        /// Where in the document.
        at: String,
        /// What is wrong with it.
        source: sealift_reference::ParseError,
    },
    /// A key that readers without case take for another one (Go; also `ſ` and the Kelvin sign).
    #[error("key `{key}` is read as `{known}` by programs that ignore case")]
    FoldedKey {
        /// As it stands in the document.
        key: String,
        /// What it would replace.
        known: &'static str,
    },
    /// The media type inside contradicts the one that the parent or the server gave.
    #[error("the document says that it is `{document}`, and the {by} says `{given}`")]
    MediaType {
        /// What the document calls itself.
        document: MediaType,
        /// What was said about it.
        given: MediaType,
        /// Who said so: `descriptor` or `server`.
        by: &'static str,
    },
    /// A key that must be there is absent.
    #[error("`{at}` is missing")]
    Missing {
        /// Where in the document.
        at: String,
    },
    /// The bytes are no JSON.
    #[error("not JSON: line {line}, column {column}")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// A key stands twice in one object: some readers take the first, some the last.
    #[error("key `{key}` stands twice in one object")]
    RepeatedKey {
        /// As it stands in the document.
        key: String,
    },
    /// An image of Docker's first schema, which current clients cannot pull.
    #[error("schema 1 image, current clients cannot pull it")]
    Schema1,
    /// The sizes of the children do not fit in a 64-bit number together.
    #[error("the sizes of all children add up to more than 2^64 bytes")]
    SizeSum,
    /// JSON nested deeper than [`crate::limits::JSON_DEPTH`].
    #[error("JSON is nested deeper than {limit} levels")]
    TooDeep {
        /// The budget.
        limit: usize,
    },
    /// More bytes than [`crate::limits::MANIFEST_BYTES`].
    #[error("document of {size_bytes} bytes, the limit is {limit_bytes}")]
    TooLarge {
        /// What it has.
        size_bytes: u64,
        /// The budget.
        limit_bytes: u64,
    },
    /// A list longer than its budget.
    #[error("`{key}` has {count} entries, the limit is {limit}")]
    TooMany {
        /// The list.
        key: &'static str,
        /// What it has.
        count: usize,
        /// The budget.
        limit: usize,
    },
    /// The document is an index and a manifest at once, so that two readers may run two different images.
    #[error("the document has both `{first}` and `{second}`")]
    TwoKinds {
        /// One of the two keys.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// A value of a wrong type or out of range.
    #[error("`{at}` is not {want}")]
    Type {
        /// Where in the document.
        at: String,
        /// What it must be.
        want: &'static str,
    },
}

impl ManifestError {
    /// Returns the class of refusal that the hostile test cases name: `ambiguous`, `digest`, `limit` or `type`.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::FoldedKey { .. } | Self::RepeatedKey { .. } | Self::TwoKinds { .. } => {
                "ambiguous"
            }
            Self::Data { .. } | Self::Digest { .. } => "digest",
            Self::TooDeep { .. } | Self::TooLarge { .. } | Self::TooMany { .. } => "limit",
            Self::MediaType { .. }
            | Self::Missing { .. }
            | Self::NotJson { .. }
            | Self::Schema1
            | Self::SizeSum
            | Self::Type { .. } => "type",
        }
    }
}
