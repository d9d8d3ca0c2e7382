//! References to images and other artifacts in registries.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::{Digest, Lint, ParseError, Repository, Tag, lint};

/// A reference to an artifact in a registry, which remembers how it was written.
///
/// `nginx` is `docker.io/library/nginx:latest`. Tag and digest are kept together: the digest decides what the bytes are,
/// the tag names them at the target. Equality, order and hash ignore the written text.
#[derive(Clone)]
pub struct Reference {
    written: String,
    repository: Repository,
    tag: Option<Tag>,
    digest: Option<Digest>,
}

impl Reference {
    /// Makes a reference of its parts. With neither tag nor digest the tag is `latest`.
    #[must_use]
    pub fn new(repository: Repository, tag: Option<Tag>, digest: Option<Digest>) -> Self {
        let tag = if tag.is_none() && digest.is_none() { Some(Tag::latest()) } else { tag };
        let mut reference = Self { written: String::new(), repository, tag, digest };
        reference.written = reference.to_string();
        reference
    }

    /// Returns the text that was parsed; of a reference made of its parts, the canonical text.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Returns the host and the path.
    #[must_use]
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// Returns the registry host with its port.
    #[must_use]
    pub fn host(&self) -> &str {
        self.repository.host()
    }

    /// Returns the path below the host.
    #[must_use]
    pub fn path(&self) -> &str {
        self.repository.path()
    }

    /// Returns the tag: the written one, `latest` when neither tag nor digest was written, none when only a digest was.
    #[must_use]
    pub fn tag(&self) -> Option<&Tag> {
        self.tag.as_ref()
    }

    /// Returns the digest, if one was written.
    #[must_use]
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// Returns what is probably not meant by this reference.
    #[must_use]
    pub fn lint(&self) -> Option<Lint> {
        lint::of(&self.written, self.host())
    }

    fn parts(&self) -> (&Repository, Option<&Tag>, Option<&Digest>) {
        (&self.repository, self.tag.as_ref(), self.digest.as_ref())
    }
}

impl FromStr for Reference {
    type Err = ParseError;

    /// Reads `[host/]path[:tag][@digest]`. Nothing is trimmed, no scheme is taken off.
    ///
    /// # Errors
    ///
    /// The first part that breaks the grammar.
    fn from_str(written: &str) -> Result<Self, ParseError> {
        check_text(written)?;
        let (name, digest) = match written.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (written, None),
        };
        let (name, tag) = split_tag(name)?;
        if name.is_empty() {
            return Err(ParseError::NoName(if tag.is_some() { ':' } else { '@' }));
        }
        let repository = Repository::from_name(name)?;
        let tag = tag.map(str::parse).transpose()?;
        let digest = digest.map(str::parse).transpose()?;
        let parsed = Self::new(repository, tag, digest);
        Ok(Self { written: written.to_owned(), ..parsed })
    }
}

/// Finds what makes the whole text something else than a reference, so that the error says that and not a detail.
fn check_text(written: &str) -> Result<(), ParseError> {
    if written.is_empty() {
        return Err(ParseError::Empty);
    }
    if let Some(start) = written.find("{{").or_else(|| written.find('$')) {
        let placeholder = written[start..].chars().take(40).collect();
        return Err(ParseError::Template(placeholder));
    }
    if written.contains(char::is_whitespace) {
        return Err(ParseError::Space);
    }
    if let Some((scheme, _)) = written.split_once("://") {
        return Err(ParseError::Scheme(scheme.to_owned()));
    }
    if let Some(character) = written.chars().find(|c| !c.is_ascii() || c.is_ascii_control()) {
        return Err(ParseError::Character(character));
    }
    let is_id =
        written.len() == 64 && written.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if is_id { Err(ParseError::ImageId) } else { Ok(()) }
}

/// The tag begins at the first `:` behind the last `/`: a `:` before that belongs to the port.
fn split_tag(name: &str) -> Result<(&str, Option<&str>), ParseError> {
    let last = name.rfind('/').map_or(0, |slash| slash + 1);
    if last == 0 && name.starts_with('[') {
        return Err(ParseError::NoPath(name.to_owned()));
    }
    match name[last..].find(':') {
        Some(colon) => Ok((&name[..last + colon], Some(&name[last + colon + 1..]))),
        None => Ok((name, None)),
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reference({self})")
    }
}

impl PartialEq for Reference {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for Reference {}

impl Hash for Reference {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

impl PartialOrd for Reference {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Reference {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts().cmp(&other.parts())
    }
}
