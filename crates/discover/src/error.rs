//! Why documents could not be searched.

/// Why a file could not be searched. Nothing that was found before is returned: a search is whole or an error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file is no YAML, or breaks a limit of the YAML reader.
    #[error("{file}:{line}:{column}: {}", wrong.kind)]
    Yaml {
        /// The file as its caller names it.
        file: String,
        /// Line of the mistake, from 1.
        line: u32,
        /// Column of the mistake, from 1.
        column: u32,
        /// What is wrong there.
        wrong: sealift_goyaml::Error,
    },
    /// A document, or an item of a list that is one, is a plain value. Most often it is no manifest at all, but what a
    /// program said when it failed.
    #[error("{file}:{line}:{column}: a {kind} is no object")]
    Scalar {
        /// The file as its caller names it.
        file: String,
        /// Line of the value, from 1.
        line: u32,
        /// Column of the value, from 1.
        column: u32,
        /// `string`, `number` or `boolean`.
        kind: &'static str,
    },
    /// More findings, unresolved places and addresses than [`crate::Limits::findings`].
    #[error("{file}: more than {limit} findings")]
    Findings {
        /// The file as its caller names it.
        file: String,
        /// The limit.
        limit: usize,
    },
    /// More nodes than [`crate::Limits::visits`], counting a shared alias each time it is met.
    #[error(
        "{file}: more than {limit} nodes to look at, aliases and texts in texts counted each time"
    )]
    Visits {
        /// The file as its caller names it.
        file: String,
        /// The limit.
        limit: usize,
    },
    /// Nested deeper than [`crate::Limits::depth`], texts in texts counted.
    #[error("{file}: nested deeper than {limit} levels")]
    Depth {
        /// The file as its caller names it.
        file: String,
        /// The limit.
        limit: usize,
    },
}

impl Error {
    /// Returns whether a budget was exceeded, of the YAML reader or of the search.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        use sealift_goyaml::ErrorKind as Kind;
        match self {
            Self::Yaml { wrong, .. } => {
                self.limit().is_some() || matches!(wrong.kind, Kind::Aliases)
            }
            Self::Scalar { .. } => false,
            Self::Depth { .. } | Self::Findings { .. } | Self::Visits { .. } => true,
        }
    }

    /// Returns the name of the limit of the YAML reader that was exceeded, as `limits` of a shipment has it.
    #[must_use]
    pub fn limit(&self) -> Option<&'static str> {
        use sealift_goyaml::ErrorKind as Kind;
        match self {
            Self::Yaml { wrong, .. } => match wrong.kind {
                Kind::InputBytes { .. } | Kind::AliasBytes { .. } => Some("yaml-bytes"),
                Kind::Depth { .. } => Some("yaml-depth"),
                Kind::Nodes { .. } => Some("yaml-nodes"),
                _ => None,
            },
            _ => None,
        }
    }
}
