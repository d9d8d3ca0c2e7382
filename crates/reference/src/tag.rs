//! Tags.

use std::fmt;
use std::str::FromStr;

use crate::ParseError;

/// The longest tag of the distribution spec.
const MAX_CHARACTERS: usize = 128;

/// A tag: a word character, then up to 127 word characters, `.` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag(String);

impl Tag {
    /// Returns the tag `latest`, which a reference with neither tag nor digest means.
    #[must_use]
    pub fn latest() -> Self {
        Self("latest".to_owned())
    }

    /// Returns the text of the tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Tag {
    type Err = ParseError;

    fn from_str(tag: &str) -> Result<Self, ParseError> {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if tag.is_empty() {
            return Err(ParseError::EmptyTag);
        }
        if tag.contains(':') {
            return Err(ParseError::TwoTags(tag.to_owned()));
        }
        if let Some(character) = tag.chars().find(|c| !word(*c) && *c != '.' && *c != '-') {
            return Err(ParseError::TagCharacter { tag: tag.to_owned(), character });
        }
        if !tag.starts_with(word) {
            return Err(ParseError::TagStart(tag.to_owned()));
        }
        if tag.len() > MAX_CHARACTERS {
            return Err(ParseError::TagTooLong(tag.len()));
        }
        Ok(Self(tag.to_owned()))
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
