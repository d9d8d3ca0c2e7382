//! How artifacts are named at the target.

mod charts;
mod host;
mod names;
mod rules;

use sealift_reference::{Digest, ParseError, Reference, Repository, Tag};
use serde::{Deserialize, Serialize};

pub use charts::Charts;
pub use names::Names;
pub use rules::NamingRules;

use crate::TargetName;
use crate::format::parsed;
use crate::target::check_path;

/// Whether the source host is part of a target name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// The path without the host, as a mirror in containerd's `hosts.toml` is asked.
    #[default]
    Flat,
    /// The host before the path, `host:5000` as `host_5000`.
    KeepHost,
}

/// The tag of what was named by digest alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum UntaggedAs {
    /// The hex digits of the digest, so that no garbage collection takes it.
    #[default]
    Hex,
    /// `latest`, as KKP's own mirroring does.
    Latest,
}

/// The rule that turns the name of a source into the name at the target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Naming {
    /// Whether the source host is part of the name.
    pub layout: Layout,
    /// Stands before every name; ends with `/`.
    #[serde(with = "parsed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub prefix: PathPrefix,
    /// Where charts of classic repositories go.
    pub charts: Charts,
    /// Above 0, deeper paths are folded with `-`: for registries that allow few path elements.
    pub max_depth: u32,
    /// Set by products that have their own rule; no key of the file.
    #[serde(skip)]
    pub untagged_as: UntaggedAs,
}

/// Why an artifact has no name at the target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NamingError {
    /// The name would be no reference.
    #[error("the target name is no reference: {0}")]
    Grammar(#[from] ParseError),
    /// Two sources would have one name and are not the same bytes.
    #[error(transparent)]
    Taken(Box<Taken>),
    /// The name with its host is longer than clients take.
    #[error("`{name}` has {characters} characters; CRI-O and podman pull at most 255")]
    TooLong {
        /// Host and path.
        name: String,
        /// Its length.
        characters: usize,
    },
}

/// Two sources that would have one name at the target and are not the same bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{first}` ({first_digest}) and `{second}` ({second_digest}) would both be `{target}`; \
     `naming: {{layout: keep-host}}` keeps hosts apart"
)]
pub struct Taken {
    /// The name that both would have.
    pub target: TargetName,
    /// The first source.
    pub first: Reference,
    /// What it is.
    pub first_digest: Digest,
    /// The other source.
    pub second: Reference,
    /// What that is.
    pub second_digest: Digest,
}

impl Naming {
    /// Returns the name of a source at the target. Whether another source has the same one is seen by [`Naming::assign`].
    ///
    /// # Errors
    ///
    /// [`NamingError::Grammar`] when prefix, host and path together are no path.
    pub fn target(&self, source: &Reference) -> Result<TargetName, NamingError> {
        let path = match self.layout {
            Layout::Flat => source.path().to_owned(),
            Layout::KeepHost => format!("{}/{}", host::to_component(source.host()), source.path()),
        };
        let tag = source.tag().cloned().map_or_else(|| self.tag_of_untagged(source), Ok)?;
        Ok(TargetName::new(&self.fold(&format!("{}{path}", self.prefix)), tag)?)
    }

    /// Returns the source of a name, where the name alone tells it: the layout keeps the host and folds nothing.
    #[must_use]
    pub fn source(&self, target: &TargetName) -> Option<Reference> {
        if self.layout != Layout::KeepHost || self.max_depth > 0 {
            return None;
        }
        let (component, path) =
            target.path().strip_prefix(self.prefix.as_str())?.split_once('/')?;
        let repository = Repository::new(&host::from_component(component)?, path).ok()?;
        match hex_digest(target.tag()) {
            Some(digest) => Some(Reference::new(repository, None, Some(digest))),
            None => Some(Reference::new(repository, Some(target.tag().clone()), None)),
        }
    }

    /// Names many sources at once, each with the digest that it stands for.
    ///
    /// Where one source has a tag twice with unlike digests, the reference without a digest keeps the tag, else the
    /// first; the others are tagged by their hex digits.
    ///
    /// # Errors
    ///
    /// [`NamingError::Taken`] when two repositories would share a name and are unlike.
    pub fn assign<'a, I>(&self, sources: I) -> Result<Names, NamingError>
    where
        I: IntoIterator<Item = (&'a Reference, &'a Digest)>,
    {
        Names::assign(|source| self.target(source), sources)
    }

    fn tag_of_untagged(&self, source: &Reference) -> Result<Tag, NamingError> {
        match (self.untagged_as, source.digest()) {
            (UntaggedAs::Hex, Some(digest)) => Ok(digest.hex().parse()?),
            _ => Ok(Tag::latest()),
        }
    }

    /// Joins the innermost components with `-` until the path is no deeper than allowed.
    pub(crate) fn fold(&self, path: &str) -> String {
        let depth = self.max_depth as usize;
        let components: Vec<_> = path.split('/').collect();
        if depth == 0 || components.len() <= depth {
            return path.to_owned();
        }
        let (kept, folded) = components.split_at(depth - 1);
        kept.iter().copied().chain([folded.join("-").as_str()]).collect::<Vec<_>>().join("/")
    }
}

/// The digest whose hex digits a tag is.
fn hex_digest(tag: &Tag) -> Option<Digest> {
    let algorithm = match tag.as_str().len() {
        64 => "sha256",
        128 => "sha512",
        _ => return None,
    };
    format!("{algorithm}:{tag}").parse().ok()
}

/// The beginning of a path: empty, or components that each end with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PathPrefix(String);

impl PathPrefix {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for PathPrefix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

impl std::str::FromStr for PathPrefix {
    type Err = PathPrefixError;

    fn from_str(text: &str) -> Result<Self, PathPrefixError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let Some(path) = text.strip_suffix('/') else {
            return Err(PathPrefixError::NoSlash(text.to_owned()));
        };
        check_path(path)?;
        Ok(Self(text.to_owned()))
    }
}

/// Why a text is not the beginning of a path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathPrefixError {
    /// It does not end with `/`.
    #[error("a prefix of paths ends with `/`: write `{0}/`")]
    NoSlash(String),
    /// It is no path.
    #[error(transparent)]
    Grammar(#[from] ParseError),
}
