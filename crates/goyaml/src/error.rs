//! Why a text could not be read.

/// Why a text could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}:{column}: {kind}")]
pub struct Error {
    /// Line of the text, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong there.
    pub kind: ErrorKind,
    /// The line that go-yaml names in [`Error::go_text`], or 0 where it names none. It can be
    /// another than `line`: go-yaml forgets to count from 1, or means the place where it noticed.
    pub go_line: u32,
}

impl Error {
    /// Returns an error for which go-yaml names no line; lines and columns count from 1.
    #[must_use]
    pub fn new(line: u32, column: u32, kind: ErrorKind) -> Self {
        Self { line, column, kind, go_line: 0 }
    }

    /// Returns the text that `YAMLToJSON` of sigs.k8s.io/yaml has for the error, such as
    /// `yaml: line 3: did not find expected key`.
    ///
    /// Mirrors `parser.fail` in `decode.go` of go.yaml.in/yaml v2.4.3.
    #[must_use]
    pub fn go_text(&self) -> String {
        match &self.kind {
            ErrorKind::Character(_) => "yaml: control characters are not allowed".to_owned(),
            ErrorKind::Key { key, kind, value } => {
                let kind = if *kind == "null" { "%!s(<nil>)" } else { kind };
                format!("unsupported map key of type: {kind}, key: {key}, value: {value}")
            }
            kind @ ErrorKind::NotFinite(_) => kind.to_string(),
            ErrorKind::UnknownAnchor(name) => format!("yaml: unknown anchor '{name}' referenced"),
            ErrorKind::SelfReference(name) => {
                format!("yaml: anchor '{name}' value contains itself")
            }
            kind @ ErrorKind::RepeatedKey(_) => {
                format!("yaml: unmarshal errors:\n  line {}: {kind}", self.go_line)
            }
            kind if self.go_line == 0 => format!("yaml: {kind}"),
            kind => format!("yaml: line {}: {kind}", self.go_line),
        }
    }
}

/// The first characters of a text, for a message.
pub(crate) fn excerpt(text: &str) -> String {
    const CHARACTERS: usize = 200;
    text.chars().take(CHARACTERS).collect()
}

/// What is wrong at a place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The document repeats itself through aliases more than Go allows.
    #[error("document contains excessive aliasing")]
    Aliases,
    /// Aliases stand for too much text. Go counts nodes only, so that a long text
    /// under a short name is free there.
    #[error("aliases stand for more than {limit} bytes of text")]
    AliasBytes {
        /// [`Limits::input_bytes`](crate::Limits::input_bytes).
        limit: usize,
    },
    /// A `!!binary` scalar is no base64.
    #[error("!!binary value contains invalid base64 data")]
    Base64,
    /// A character that YAML does not allow, even in a comment.
    #[error("control characters are not allowed: U+{:04X}", u32::from(*.0))]
    Character(char),
    /// Collections are nested too deeply.
    #[error("exceeded max depth of {limit}")]
    Depth {
        /// [`Limits::depth`](crate::Limits::depth).
        limit: usize,
    },
    /// The text is too long.
    #[error("the text has {found} bytes, more than the limit of {limit}")]
    InputBytes {
        /// [`Limits::input_bytes`](crate::Limits::input_bytes).
        limit: usize,
        /// The length of the text.
        found: usize,
    },
    /// A mapping key that is a collection, as Go would write it.
    #[error("invalid map key: {0}")]
    CollectionKey(String),
    /// A mapping key that JSON cannot have: a null, or a number above 2⁶³−1.
    #[error("unsupported map key: {kind}")]
    Key {
        /// The key, as Go would write it.
        key: Box<str>,
        /// Its type: `null` or `uint64`.
        kind: &'static str,
        /// The value, as Go would write it.
        value: Box<str>,
    },
    /// The value of a merge key `<<` is neither a mapping nor a sequence of mappings.
    #[error("map merge requires map or sequence of maps as the value")]
    Merge,
    /// The document has too many nodes.
    #[error("the document has more than {limit} nodes")]
    Nodes {
        /// [`Limits::nodes`](crate::Limits::nodes).
        limit: usize,
    },
    /// JSON has no infinity and no NaN.
    #[error("json: unsupported value: {0}")]
    NotFinite(&'static str),
    /// A mapping has a key twice, and that is refused.
    #[error("key {0:?} already set in map")]
    RepeatedKey(String),
    /// An alias inside the very value it names.
    #[error("anchor `{0}` value contains itself")]
    SelfReference(String),
    /// The text is not YAML 1.1, as libyaml understands it.
    #[error("{0}")]
    Syntax(&'static str),
    /// The text of a scalar does not fit its explicit tag.
    #[error("cannot decode {from} `{text}` as a {to}")]
    Tag {
        /// What the text looks like, such as `!!str`.
        from: &'static str,
        /// The start of the text.
        text: String,
        /// The tag that was written, such as `!!int`.
        to: &'static str,
    },
    /// An alias to an anchor that does not exist before it.
    #[error("unknown anchor `{0}` referenced")]
    UnknownAnchor(String),
}
