//! Where tags live: a registry host and a path below it.

use std::fmt;
use std::str::FromStr;

use crate::{ParseError, host, path};

/// A registry host and a path, such as `docker.io/library/nginx`.
///
/// The host is in lower case, may be a name, an IPv4 or a bracketed IPv6 address with a port, and is always printed. At
/// `docker.io` a path of one component stands below `library/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Repository {
    host: String,
    path: String,
}

impl Repository {
    /// Makes a repository of a host and a path.
    ///
    /// # Errors
    ///
    /// The first part that breaks the grammar; [`ParseError::HostIsPath`] for a host that a reader of the printed form would
    /// take for a path at docker.io.
    pub fn new(host: &str, path: &str) -> Result<Self, ParseError> {
        let host = host::parse(host)?;
        let hub = host == host::DOCKER_HUB && !path.contains('/');
        // An empty path stays empty, so that the error names what was written.
        let path =
            if hub && !path.is_empty() { format!("library/{path}") } else { path.to_owned() };
        path::check(&path)?;
        Ok(Self { host, path })
    }

    /// Reads a name as people write it: without a host it is at docker.io.
    pub(crate) fn from_name(name: &str) -> Result<Self, ParseError> {
        match name.split_once('/') {
            Some((first, "")) if host::is_host(first) => Err(ParseError::NoPath(first.to_owned())),
            Some((first, rest)) if host::is_host(first) => Self::new(first, rest),
            _ => Self::new(host::DOCKER_HUB, name),
        }
    }

    /// Returns the host with its port, such as `registry.corp:5000`.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the path below the host, such as `library/nginx`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.host, self.path)
    }
}

impl FromStr for Repository {
    type Err = ParseError;

    /// Reads `host/path`; the host is not implied.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text.split_once('/') {
            None if text.is_empty() => Err(ParseError::Empty),
            None | Some((_, "")) => Err(ParseError::NoPath(text.trim_end_matches('/').to_owned())),
            Some((host, path)) => Self::new(host, path),
        }
    }
}
