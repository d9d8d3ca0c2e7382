//! Why a text is no reference, digest or platform.

/// Why a text is not what it was parsed as. Each text stands alone: it names the part that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// The text is empty.
    #[error("empty where an image reference must be")]
    Empty,
    /// The text holds a placeholder of a template or of a shell.
    #[error("`{0}` is filled in later: not a reference yet")]
    Template(String),
    /// The text holds a space, a tab or a line break, or begins or ends with one.
    #[error("white space is not allowed in a reference")]
    Space,
    /// The text begins with a scheme such as `https://`.
    #[error("a reference has no scheme: leave `{0}://` out")]
    Scheme(String),
    /// A character that no reference can hold.
    #[error("the character `{}` is not allowed in a reference", .0.escape_debug())]
    Character(char),
    /// No name before the tag or the digest.
    #[error("the name before `{0}` is missing")]
    NoName(char),
    /// A registry host without a path behind it.
    #[error("`{0}` is a registry host; the path of the image is missing")]
    NoPath(String),
    /// The whole text is 64 hex digits, which readers take for an image id.
    #[error("64 hex digits alone are an image id, not a name")]
    ImageId,
    /// A host without `.`, without port, that is not `localhost`.
    #[error(
        "`{0}` is no registry host: it has no `.` and no port, so it would be read as a path at docker.io"
    )]
    HostIsPath(String),
    /// A label of the host is empty: the host begins or ends with `.`, or holds `..`.
    #[error("the host `{0}` has an empty label")]
    HostEmptyLabel(String),
    /// A label of the host begins or ends with `-`.
    #[error("the label `{0}` of the host begins or ends with `-`")]
    HostHyphen(String),
    /// A character that is not allowed in a host.
    #[error("the character `{}` is not allowed in the host `{}`", .character.escape_debug(), .host)]
    HostCharacter {
        /// The host as written.
        host: String,
        /// The first wrong character.
        character: char,
    },
    /// An IPv6 address without brackets.
    #[error("`{0}`: an IPv6 address stands in brackets, as in `[::1]:5000`")]
    Ipv6Brackets(String),
    /// An IPv6 address with a zone.
    #[error("`{0}`: an IPv6 address with a zone cannot name a registry")]
    Ipv6Zone(String),
    /// Brackets around something else than an IPv6 address of hex groups.
    #[error("`{0}` is no IPv6 address of hex groups")]
    Ipv6(String),
    /// A `:` behind the host without a port.
    #[error("the port of the host is empty")]
    EmptyPort,
    /// A port that is no number, 0 or above 65535.
    #[error("`{0}` is no port: ports are 1 to 65535")]
    Port(String),
    /// The path holds `//` or begins with `/`.
    #[error("the path `{0}` has an empty component")]
    EmptyComponent(String),
    /// The path ends with `/`.
    #[error("the path `{0}` ends with `/`")]
    TrailingSlash(String),
    /// A component of the path has capitals.
    #[error("`{0}` has capitals: a path is in lower case")]
    Capitals(String),
    /// A component of the path begins or ends with a separator.
    #[error("`{0}` begins or ends with a separator: it must begin and end with a letter or digit")]
    SeparatorAtEdge(String),
    /// A component of the path holds separators in a row that may not follow each other.
    #[error(
        "`{component}`: `{separator}` is no separator; `.`, `_`, `__` and any number of `-` are"
    )]
    Separator {
        /// The component.
        component: String,
        /// The separators as they stand in a row.
        separator: String,
    },
    /// A character that is not allowed in a path.
    #[error("the character `{}` is not allowed in `{}`", .character.escape_debug(), .component)]
    PathCharacter {
        /// The component.
        component: String,
        /// The first wrong character.
        character: char,
    },
    /// The path is longer than 255 characters.
    #[error("the path has {0} characters; at most 255 are allowed")]
    PathTooLong(usize),
    /// Nothing behind the `:` of a tag.
    #[error("the tag is empty")]
    EmptyTag,
    /// More than one tag.
    #[error("`{0}`: a reference has one tag")]
    TwoTags(String),
    /// A tag that begins with `.` or `-`.
    #[error("the tag `{0}` begins with a separator")]
    TagStart(String),
    /// A character that is not allowed in a tag.
    #[error("the character `{}` is not allowed in the tag `{}`", .character.escape_debug(), .tag)]
    TagCharacter {
        /// The tag as written.
        tag: String,
        /// The first wrong character.
        character: char,
    },
    /// The tag is longer than 128 characters.
    #[error("the tag has {0} characters; at most 128 are allowed")]
    TagTooLong(usize),
    /// More than one digest.
    #[error("a reference has one digest")]
    TwoDigests,
    /// No `algorithm:hex`.
    #[error("`{0}` is no digest: expected `sha256:` and 64 hex digits")]
    DigestForm(String),
    /// A digest of an algorithm that is not sha256 or sha512.
    #[error("the digest algorithm `{0}` is not supported: sha256 and sha512 are")]
    UnsupportedAlgorithm(String),
    /// A digest of the wrong length.
    #[error("a {algorithm} digest has {want} hex digits, this one has {got}")]
    DigestLength {
        /// The name of the algorithm.
        algorithm: &'static str,
        /// Hex digits of a digest of that algorithm.
        want: usize,
        /// Characters that stand there.
        got: usize,
    },
    /// A digest with capitals.
    #[error("the digest has capitals: hex digits are in lower case")]
    DigestCapitals,
    /// A digest with something else than hex digits.
    #[error("the character `{}` is no hex digit", .0.escape_debug())]
    DigestCharacter(char),
    /// A text that is no `os/architecture[/variant]`.
    #[error(
        "`{0}` is no platform: expected os/architecture or os/architecture/variant, such as linux/amd64"
    )]
    Platform(String),
}

impl ParseError {
    /// Returns whether the text is a template whose result may be a reference.
    #[must_use]
    pub fn is_template(&self) -> bool {
        matches!(self, Self::Template(_))
    }
}
