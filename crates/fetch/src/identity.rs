//! What a lock says of a chart.

use std::fmt;

use sealift_reference::Digest;

use crate::{OciReference, address};

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

impl Identity {
    /// Whether it is the chart of that name of a repository, or of the folder of a registry, however their address is spelled.
    #[must_use]
    pub fn is_of(&self, repository: &str, name: &str) -> bool {
        let in_registry = |folder: &str| {
            let folder = folder.strip_suffix('/').unwrap_or(folder);
            format!("{folder}/{name}").parse::<OciReference>().ok()
        };
        let is_place = || match in_registry(&self.source) {
            Some(own) => in_registry(repository) == Some(own),
            None => address::is_same(&self.source, repository),
        };
        self.name == name && is_place()
    }
}

impl fmt::Display for Identity {
    /// `chart cert-manager 1.12.10 from https://charts.jetstack.io`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "chart {} {} from {}", self.name, self.version, self.source)
    }
}
