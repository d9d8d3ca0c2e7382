//! Why values could not be made.

use std::fmt;

use sealift_gotemplate::Limit;

use super::SchemaLimit;

/// Why values could not be made one, or are not what a chart takes.
///
/// The texts are Helm's where Helm has one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A `--set` argument cannot be read.
    #[error("failed parsing {flag} data: {message}")]
    Set {
        /// The flag that the argument belongs to.
        flag: Flag,
        /// What is wrong with the argument.
        message: String,
    },
    /// A `--set` argument says an index or a nesting beyond Helm's bounds.
    #[error("failed parsing {flag} data: {message}")]
    SetLimit {
        /// The flag that the argument belongs to.
        flag: Flag,
        /// The bound.
        message: String,
    },
    /// A `--set-json` argument cannot be read.
    #[error("failed parsing --set-json data{}{argument}", if *.object { " JSON: " } else { " " })]
    SetJson {
        /// The argument, as it was written.
        argument: String,
        /// Whether the argument is an object, rather than keys with values.
        object: bool,
    },
    /// A file of values cannot be read.
    #[error("failed to parse {file}: {message}")]
    File {
        /// The file, as it was named.
        file: String,
        /// What is wrong with it.
        message: String,
    },
    /// What is said of a sub-chart is not a map.
    #[error("type mismatch on {chart}: {value}")]
    TypeMismatch {
        /// The name of the sub-chart.
        chart: String,
        /// What is said of it, as Go's `%t` prints it.
        value: String,
    },
    /// An entry of `import-values` is neither a text nor a map. Helm passes over it.
    #[error("dependency {chart}: import-values[{place}] is neither a text nor a map")]
    Import {
        /// The name of the dependency.
        chart: String,
        /// The place of the entry, from 0.
        place: usize,
    },
    /// Values are not what schemas ask for, or a schema is none: the text names the charts.
    #[error(
        "values don't meet the specifications of the schema(s) in the following chart(s):\n{0}"
    )]
    Schema(String),
    /// A schema refers to a document that is not part of it. Helm opens the file or asks the server.
    #[error("the schema of chart {chart} refers to {url}, which is outside of it")]
    RemoteSchema {
        /// The name of the chart.
        chart: String,
        /// What the schema refers to.
        url: String,
    },
    /// Values are larger or deeper than is allowed.
    #[error(transparent)]
    Limit(#[from] Limit),
    /// Checking values against schemas takes more than is allowed.
    #[error(transparent)]
    SchemaLimit(#[from] SchemaLimit),
    /// A chart with all that its aliases make of it has too many charts.
    #[error("the chart has more than {0} charts when its aliases are counted")]
    Charts(usize),
    /// Charts contain one another too deep.
    #[error("charts are nested more than {0} deep")]
    Nesting(usize),
}

impl Error {
    /// Returns whether a bound was reached, rather than something wrong found.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        matches!(
            self,
            Self::Charts(_)
                | Self::Limit(_)
                | Self::Nesting(_)
                | Self::SchemaLimit(_)
                | Self::SetLimit { .. }
        )
    }

    /// Returns the name of the limit that was reached, if it is one that can be set.
    #[must_use]
    pub fn limit(&self) -> Option<&'static str> {
        if let Self::SchemaLimit(limit) = self { Some(limit.name()) } else { None }
    }

    /// Returns the class of a refusal: `limit` or `remote`; `None` for what is only wrong.
    #[must_use]
    pub fn class(&self) -> Option<&'static str> {
        match self {
            Self::RemoteSchema { .. } => Some("remote"),
            error if error.is_limit() => Some("limit"),
            _ => None,
        }
    }
}

/// A flag of the `--set` family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// `--set`: values have the types that they look like.
    Set,
    /// `--set-string`: all values are strings.
    String,
    /// `--set-file`: values are what is in the files that are named.
    File,
    /// `--set-literal`: all after the `=` is one string.
    Literal,
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Set => "--set",
            Self::String => "--set-string",
            Self::File => "--set-file",
            Self::Literal => "--set-literal",
        })
    }
}
