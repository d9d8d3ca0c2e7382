//! Tags of nodes, in the short form that go-yaml v3 keeps.

use sealift_goyaml::v3::Plain;

/// What a node is said to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    /// Not said: the text decides when it is written.
    Empty,
    Null,
    Bool,
    Int,
    Float,
    Str,
    Timestamp,
    Merge,
    Map,
    Seq,
    Binary,
    /// Any other, in its short form.
    Other(Box<str>),
}

const LONG_PREFIX: &str = "tag:yaml.org,2002:";

impl Tag {
    /// The tag that a text without quotes and without a tag has.
    pub(crate) fn of_plain(text: &str) -> Self {
        match Plain::of(text) {
            Plain::Null => Self::Null,
            Plain::Bool(_) => Self::Bool,
            Plain::Int(_) | Plain::Uint(_) => Self::Int,
            Plain::Float(_) => Self::Float,
            Plain::Timestamp => Self::Timestamp,
            Plain::Merge => Self::Merge,
            Plain::Str => Self::Str,
        }
    }

    /// Reads a full tag such as `tag:yaml.org,2002:int`.
    pub(crate) fn of_full(tag: &str) -> Self {
        let Some(short) = tag.strip_prefix(LONG_PREFIX) else {
            return Self::Other(tag.into());
        };
        match short {
            "null" => Self::Null,
            "bool" => Self::Bool,
            "int" => Self::Int,
            "float" => Self::Float,
            "str" => Self::Str,
            "timestamp" => Self::Timestamp,
            "merge" => Self::Merge,
            "map" => Self::Map,
            "seq" => Self::Seq,
            "binary" => Self::Binary,
            _ => Self::Other(format!("!!{short}").into()),
        }
    }

    /// The short form.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Empty => "",
            Self::Null => "!!null",
            Self::Bool => "!!bool",
            Self::Int => "!!int",
            Self::Float => "!!float",
            Self::Str => "!!str",
            Self::Timestamp => "!!timestamp",
            Self::Merge => "!!merge",
            Self::Map => "!!map",
            Self::Seq => "!!seq",
            Self::Binary => "!!binary",
            Self::Other(name) => name,
        }
    }
}
