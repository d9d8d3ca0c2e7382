//! From the text of a scalar to its value, as go-yaml v2's `resolve.go`.

use std::borrow::Cow;

use crate::base64;
use crate::error::{ErrorKind, excerpt};
use crate::event::FullTag;
use crate::node::{Content, Style};
use crate::number::{Number, parse_number};
use crate::timestamp::is_timestamp;

/// The tag of a merge key.
pub(crate) const MERGE_TAG: &str = "tag:yaml.org,2002:merge";
const BINARY_TAG: &str = "tag:yaml.org,2002:binary";

/// The tags whose text go-yaml looks at; the text of any other is a string.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Bool,
    Float,
    Int,
    Null,
    Str,
    Timestamp,
}

impl Tag {
    const ALL: [(&str, Self); 6] = [
        ("tag:yaml.org,2002:bool", Self::Bool),
        ("tag:yaml.org,2002:float", Self::Float),
        ("tag:yaml.org,2002:int", Self::Int),
        ("tag:yaml.org,2002:null", Self::Null),
        ("tag:yaml.org,2002:str", Self::Str),
        ("tag:yaml.org,2002:timestamp", Self::Timestamp),
    ];

    fn of(tag: &FullTag) -> Option<Self> {
        Self::ALL.into_iter().find(|(name, _)| tag.is(name)).map(|(_, tag)| tag)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Bool => "!!bool",
            Self::Float => "!!float",
            Self::Int => "!!int",
            Self::Null => "!!null",
            Self::Str => "!!str",
            Self::Timestamp => "!!timestamp",
        }
    }
}

/// Returns the value of a scalar.
///
/// # Errors
///
/// [`ErrorKind::Tag`] and [`ErrorKind::Base64`] when the text does not fit the tag.
pub(crate) fn resolve<'t>(
    value: Cow<'t, str>,
    tag: Option<&FullTag>,
    style: Style,
) -> Result<Content<'t>, ErrorKind> {
    let Some(tag) = tag else {
        return Ok(if style == Style::Plain { resolve_plain(value) } else { Content::Str(value) });
    };
    if tag.is(BINARY_TAG) {
        let bytes = base64::decode(value.as_bytes()).ok_or(ErrorKind::Base64)?;
        return Ok(Content::Str(base64::to_text(bytes).into()));
    }
    match Tag::of(tag) {
        None | Some(Tag::Str) => Ok(Content::Str(value)),
        Some(tag) => resolve_tagged(value, tag),
    }
}

fn resolve_plain(value: Cow<'_, str>) -> Content<'_> {
    match looks_like(&value) {
        Some(content) => content,
        None => Content::Str(value),
    }
}

/// The text must be what the tag says; an integer is a float too.
fn resolve_tagged(value: Cow<'_, str>, tag: Tag) -> Result<Content<'_>, ErrorKind> {
    let found = looks_like(&value);
    let from = match &found {
        Some(Content::Bool(_)) => Tag::Bool,
        Some(Content::Float(_)) => Tag::Float,
        Some(Content::Int(_) | Content::Uint(_)) => Tag::Int,
        Some(Content::Null) => Tag::Null,
        _ if tag == Tag::Timestamp && is_timestamp(&value) => return Ok(Content::Str(value)),
        _ => Tag::Str,
    };
    match (tag, found) {
        (Tag::Float, Some(Content::Int(number))) => {
            #[expect(clippy::cast_precision_loss, reason = "Go converts the same way")]
            let number = number as f64;
            Ok(Content::Float(number))
        }
        (tag, Some(content)) if tag == from => Ok(content),
        _ => Err(ErrorKind::Tag { from: from.name(), text: excerpt(&value), to: tag.name() }),
    }
}

/// What a text without quotes stands for, unless it is a string.
pub(crate) fn looks_like<'t>(text: &str) -> Option<Content<'t>> {
    let first = text.as_bytes().first().copied().unwrap_or(b'~');
    match first {
        b'0'..=b'9' | b'+' | b'-' | b'.' => match parse_number(text)? {
            Number::Int(number) => Some(Content::Int(number)),
            Number::Uint(number) => Some(Content::Uint(number)),
            Number::Float(number) => Some(Content::Float(number)),
        },
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        _ => None,
    }
}

fn word<'t>(text: &str) -> Option<Content<'t>> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Some(Content::Bool(true))
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(Content::Bool(false))
        }
        "" | "~" | "null" | "Null" | "NULL" => Some(Content::Null),
        _ => None,
    }
}
