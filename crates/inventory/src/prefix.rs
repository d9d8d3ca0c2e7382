//! A registry, or a part of one.

use std::fmt;
use std::str::FromStr;

use sealift_reference::{ParseError, Repository};

/// A registry host, or a host and the beginning of a path, such as `docker.io/bitnami`; it ends at a `/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Prefix(String);

impl Prefix {
    /// Returns the text, without a `/` at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the registry host with its port.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.split('/').next().unwrap_or(&self.0)
    }

    /// Returns the path below the host; empty when the whole registry is meant.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, path)| path)
    }

    /// Returns what stands behind this prefix in the name of a repository below it; empty when it is the name itself.
    #[must_use]
    pub fn strip<'a>(&self, repository: &'a str) -> Option<&'a str> {
        let rest = repository.strip_prefix(self.as_str())?;
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Prefix {
    type Err = ParseError;

    /// Reads a host and any part of a path; one `/` at the end is taken off.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        if let Some((scheme, _)) = text.split_once("://") {
            return Err(ParseError::Scheme(scheme.to_owned()));
        }
        let text = text.strip_suffix('/').unwrap_or(text);
        let (host, path) =
            text.split_once('/').map_or((text, None), |(host, path)| (host, Some(path)));
        // A component behind the prefix keeps `library/` away and lets the grammar of repositories check the rest.
        let below = path.map_or_else(|| "x/x".to_owned(), |path| format!("{path}/x"));
        let repository = Repository::new(host, &below)?;
        Ok(Self(path.map_or_else(
            || repository.host().to_owned(),
            |path| format!("{}/{path}", repository.host()),
        )))
    }
}
