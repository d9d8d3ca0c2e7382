//! Names below a target registry.

use std::fmt;
use std::str::FromStr;

use sealift_reference::{ParseError, Reference, Repository, Tag};

use crate::limits::NAME_CHARACTERS;
use crate::{NamingError, Prefix};

/// A path and a tag below a target registry, such as `istio/pilot:1.17.8`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TargetName {
    path: String,
    tag: Tag,
}

impl TargetName {
    /// Makes a name of a path and a tag.
    ///
    /// # Errors
    ///
    /// What the grammar of references refuses in the path.
    pub fn new(path: &str, tag: Tag) -> Result<Self, ParseError> {
        check_path(path)?;
        Ok(Self { path: path.to_owned(), tag })
    }

    /// Returns the path below the target registry.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the tag.
    #[must_use]
    pub fn tag(&self) -> &Tag {
        &self.tag
    }

    /// Returns this name with another tag.
    #[must_use]
    pub fn with_tag(&self, tag: Tag) -> Self {
        Self { path: self.path.clone(), tag }
    }

    /// Returns the reference that this name is below `registry`.
    ///
    /// # Errors
    ///
    /// [`NamingError::TooLong`] when host and path are longer than 255 characters together.
    pub fn at(&self, registry: &Prefix) -> Result<Reference, NamingError> {
        let repository: Repository = format!("{registry}/{}", self.path).parse()?;
        let characters = repository.host().len() + 1 + repository.path().len();
        if characters > NAME_CHARACTERS {
            return Err(NamingError::TooLong { name: repository.to_string(), characters });
        }
        Ok(Reference::new(repository, Some(self.tag.clone()), None))
    }
}

/// A path has the grammar that it has at any host.
pub(crate) fn check_path(path: &str) -> Result<(), ParseError> {
    Repository::new("localhost", path).map(|_| ())
}

impl fmt::Display for TargetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path, self.tag)
    }
}

impl FromStr for TargetName {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let (path, tag) = text.split_once(':').ok_or(ParseError::EmptyTag)?;
        Self::new(path, tag.parse()?)
    }
}
