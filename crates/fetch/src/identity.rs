//! What a lock says of a chart.

use std::fmt;

use sealift_reference::Digest;

/// Which chart it was, for a lock's `inputs` and `artifacts`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    /// The repository without what is secret in it, or the path as it was typed.
    pub source: String,
    /// As in `Chart.yaml`.
    pub name: String,
    /// As in `Chart.yaml`.
    pub version: String,
    /// Of the archive as received; of a folder that of its names and bytes.
    pub digest: Digest,
}

impl fmt::Display for Identity {
    /// `chart cert-manager 1.12.10 from https://charts.jetstack.io`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "chart {} {} from {}", self.name, self.version, self.source)
    }
}
