//! Where Go's scanner and libyaml part ways.

/// Whose reading of a doubtful text to follow.
///
/// go-yaml v2 was translated from libyaml 0.1; libyaml went on. The product
/// reads as Go does. The other dialect exists so that this reader can be
/// compared, event by event, with a libyaml in the same process: a difference
/// between the two readers is then a mistake and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// go.yaml.in/yaml v2.4.3, as sigs.k8s.io/yaml 1.6.0 uses it.
    Go,
    /// libyaml 0.2.5.
    Libyaml,
}

impl Dialect {
    /// In the flow context, whether `?` ends a plain scalar.
    pub(crate) fn question_mark_ends_plain(self) -> bool {
        self == Self::Go
    }

    /// In the flow context, whether `:` before an indicator is refused inside a plain scalar.
    pub(crate) fn refuses_colon_before_indicator(self) -> bool {
        self == Self::Libyaml
    }

    /// Whether a tag may hold `,`, `[` and `]` outside `!<…>`.
    pub(crate) fn tag_may_hold_flow_indicators(self) -> bool {
        self == Self::Go
    }

    /// Whether an empty flow collection may be an implicit key.
    ///
    /// go-yaml forgets that the `[` of `[]` might start a key, so that `[]: x`
    /// reads as the document `[]` and something that no caller looks at.
    pub(crate) fn empty_collection_may_be_key(self) -> bool {
        self == Self::Libyaml
    }

    /// Whether a byte order mark is passed over at the start of every line.
    ///
    /// go-yaml means to, but looks for the mark at the start of its buffer. A
    /// mark inside the text is a character like others there; two at the start
    /// make it lose the first character of each line, so we refuse those.
    pub(crate) fn passes_byte_order_marks(self) -> bool {
        self == Self::Libyaml
    }

    /// What the escape `\c` stands for, where only one of the two knows it.
    pub(crate) fn extra_escape(self, escape: u8) -> Option<char> {
        match (self, escape) {
            (Self::Go, b'\'') => Some('\''),
            (Self::Libyaml, b'/') => Some('/'),
            _ => None,
        }
    }

    /// Digits that a part of a `%YAML` version may have.
    pub(crate) fn version_digits(self) -> usize {
        match self {
            Self::Go => 2,
            Self::Libyaml => 9,
        }
    }

    /// Whether a document of this version is read.
    pub(crate) fn reads_version(self, major: u32, minor: u32) -> bool {
        major == 1 && (minor == 1 || (minor == 2 && self == Self::Libyaml))
    }
}
