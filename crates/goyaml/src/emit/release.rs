//! What differs between go-yaml v2 behind JSON, and v3.

use std::borrow::Cow;

use super::analysis::Analysis;
use super::order::{Letters, sort_by_key};
use super::passage;
use super::sink::Sink;
use crate::error::ErrorKind;
use crate::{base64, float};

/// The release of go-yaml that is mirrored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Release {
    /// go.yaml.in/yaml v2.4.3, which gets what `encoding/json` wrote: sigs.k8s.io/yaml.
    V2,
    /// go.yaml.in/yaml v3.0.4.
    V3,
}

impl Release {
    /// Whether lines past the width are folded.
    pub(super) fn folds(self) -> bool {
        self == Self::V2
    }

    /// Whether the items under a key stand no further in than the key.
    pub(super) fn has_flush_items(self) -> bool {
        self == Self::V2
    }

    pub(super) fn analysis(self, text: &str) -> Analysis {
        let mut found = Analysis::of(text, self == Self::V2);
        found.is_ambiguous |= self == Self::V3 && is_octal(text);
        found
    }

    pub(super) fn float(self, value: f64) -> Result<String, ErrorKind> {
        Ok(match (self, value) {
            (Self::V2, _) => float::to_yaml(value)?,
            (_, f64::INFINITY) => ".inf".to_owned(),
            (_, f64::NEG_INFINITY) => "-.inf".to_owned(),
            (_, value) if value.is_nan() => ".nan".to_owned(),
            (_, value) => float::general(value),
        })
    }

    /// Returns the text to write for a string; what must stand before it is written.
    pub(super) fn string<'a>(
        self,
        bytes: Cow<'a, [u8]>,
        sink: &mut Sink,
    ) -> Result<Cow<'a, str>, ErrorKind> {
        if self == Self::V2 {
            return passage::string(bytes);
        }
        Ok(text_of(bytes).unwrap_or_else(|bytes| {
            sink.begin("!!binary");
            base64::encode(&bytes).into()
        }))
    }

    /// Returns the entries of a map in the order in which they are written. Keys that are no
    /// UTF-8, which v3 writes as `!!binary`, have U+FFFD.
    pub(super) fn entries<V>(
        self,
        entries: Vec<(Cow<'_, [u8]>, V)>,
    ) -> Result<Vec<(Cow<'_, str>, V)>, ErrorKind> {
        if self == Self::V2 {
            return passage::entries(entries);
        }
        let text = |key| {
            text_of(key).unwrap_or_else(|key| String::from_utf8_lossy(&key).into_owned().into())
        };
        let entries = entries.into_iter().map(|(key, value)| (text(key), value)).collect();
        Ok(sort_by_key(entries, |(key, _)| key, Letters::FirstBehindDigits))
    }
}

/// Returns bytes as text, or back if they are none.
fn text_of(bytes: Cow<'_, [u8]>) -> Result<Cow<'_, str>, Vec<u8>> {
    match bytes {
        Cow::Borrowed(bytes) => {
            std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| bytes.to_vec())
        }
        Cow::Owned(bytes) => {
            String::from_utf8(bytes).map(Cow::Owned).map_err(std::string::FromUtf8Error::into_bytes)
        }
    }
}

/// Whether a text is a number of YAML 1.2 such as `0o17`.
fn is_octal(text: &str) -> bool {
    let digits = text.strip_prefix("0o").or_else(|| text.strip_prefix("-0o"));
    digits.is_some_and(|digits| u64::from_str_radix(&digits.replace('_', ""), 8).is_ok())
}
