//! Strings of any bytes.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

use crate::origin::{Origin, Source};

/// A string as Go has it: any bytes, cheap to clone, never changed.
///
/// It may remember where its bytes come from. A string without an [`Origin`]
/// costs one empty word for it, and nothing else in this crate costs anything
/// until a host makes a string that has one. Comparing ignores origins.
#[derive(Clone)]
pub struct Str(Rc<Data>);

struct Data {
    bytes: Box<[u8]>,
    origin: Option<Box<Origin>>,
}

impl Str {
    /// Returns a string that remembers where its bytes come from.
    #[must_use]
    pub fn with_origin(bytes: impl Into<Vec<u8>>, origin: Origin) -> Self {
        let origin = Some(Box::new(origin));
        Self(Rc::new(Data { bytes: bytes.into().into_boxed_slice(), origin }))
    }

    /// Returns a string of which all bytes come from one place.
    #[must_use]
    pub fn from_source(bytes: impl Into<Vec<u8>>, source: Source) -> Self {
        let bytes = bytes.into();
        let origin = Origin::whole(bytes.len(), source);
        Self::with_origin(bytes, origin)
    }

    /// Returns the bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0.bytes
    }

    /// Returns the text, with U+FFFD in place of bytes that are no character.
    #[must_use]
    pub fn to_text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.as_bytes())
    }

    /// Returns where the bytes come from, when that is known.
    #[must_use]
    pub fn origin(&self) -> Option<&Origin> {
        self.0.origin.as_deref()
    }

    /// Returns the number of bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.bytes.len()
    }

    /// Returns whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.bytes.is_empty()
    }

    /// Returns a part of the string, with its part of the origin.
    ///
    /// # Panics
    ///
    /// When the range is not inside the string.
    #[must_use]
    pub fn part(&self, range: std::ops::Range<usize>) -> Self {
        let bytes = &self.as_bytes()[range.clone()];
        let Some(origin) = self.origin() else { return Self::from(bytes) };
        let mut kept = Origin::default();
        kept.copy(origin, range, 0);
        if kept.is_empty() { Self::from(bytes) } else { Self::with_origin(bytes, kept) }
    }

    /// Returns a new string that was made from this one as a whole: all of it has
    /// the sources of this one.
    #[must_use]
    pub fn derive(&self, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        let Some(origin) = self.origin() else { return Self::from(bytes) };
        let mut derived = Origin::default();
        derived.derive(origin, 0..bytes.len());
        Self::with_origin(bytes, derived)
    }
}

impl From<Vec<u8>> for Str {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Rc::new(Data { bytes: bytes.into_boxed_slice(), origin: None }))
    }
}

impl From<&[u8]> for Str {
    fn from(bytes: &[u8]) -> Self {
        Self::from(bytes.to_vec())
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Self {
        Self::from(text.as_bytes())
    }
}

impl From<String> for Str {
    fn from(text: String) -> Self {
        Self::from(text.into_bytes())
    }
}

impl Borrow<[u8]> for Str {
    fn borrow(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl PartialEq for Str {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Str {}

impl PartialOrd for Str {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Str {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl std::hash::Hash for Str {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_text(), f)
    }
}

impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}
