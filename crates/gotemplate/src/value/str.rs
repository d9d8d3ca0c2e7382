//! Strings of any bytes.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

use smallvec::SmallVec;

use crate::origin::{Origin, Source};

/// A string as Go has it: any bytes, cheap to clone, never changed.
///
/// It may remember where its bytes come from. A string without an [`Origin`]
/// costs one empty word for it, and nothing else in this crate costs anything
/// until a host makes a string that has one. Comparing ignores origins.
///
/// A part of a string shares its bytes.
#[derive(Clone)]
pub struct Str {
    data: Rc<Data>,
    /// The part of the bytes that is the string: all, when there is an origin.
    start: u32,
    end: u32,
}

struct Data {
    bytes: Bytes,
    origin: Option<Box<Origin>>,
}

/// Most strings are names and short values: so many bytes need no memory of their own.
type Bytes = SmallVec<[u8; INLINE_BYTES]>;

const INLINE_BYTES: usize = 24;

/// As many times as long as a part, and as many bytes more, is a string that the part keeps
/// alive rather than to be copied from it.
const SHARED_TIMES: usize = 8;
const SHARED_BYTES: usize = 1024;

impl Str {
    /// Returns a string that remembers where its bytes come from.
    #[must_use]
    pub fn with_origin(bytes: impl Into<Vec<u8>>, origin: Origin) -> Self {
        Self::build(bytes.into().into(), Some(Box::new(origin)))
    }

    fn build(bytes: Bytes, origin: Option<Box<Origin>>) -> Self {
        let end = u32::try_from(bytes.len()).expect("what is read and made is bounded by limits");
        Self { data: Rc::new(Data { bytes, origin }), start: 0, end }
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
        &self.data.bytes[self.start as usize..self.end as usize]
    }

    /// Returns the text, with U+FFFD in place of bytes that are no character.
    #[must_use]
    pub fn to_text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.as_bytes())
    }

    /// Returns where the bytes come from, when that is known.
    #[must_use]
    pub fn origin(&self) -> Option<&Origin> {
        self.data.origin.as_deref()
    }

    /// Returns the number of bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    /// Returns whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Returns a part of the string, with its part of the origin.
    ///
    /// # Panics
    ///
    /// When the range is not inside the string.
    #[must_use]
    pub fn part(&self, range: std::ops::Range<usize>) -> Self {
        let is_long = self.data.bytes.len() > range.len() * SHARED_TIMES + SHARED_BYTES;
        if is_long && self.origin().is_none() {
            return Self::from(&self.as_bytes()[range]);
        }
        self.shared_part(range)
    }

    /// Returns a part of the string which keeps all of it alive, unless there is an origin.
    ///
    /// # Panics
    ///
    /// When the range is not inside the string.
    #[must_use]
    pub fn shared_part(&self, range: std::ops::Range<usize>) -> Self {
        let bytes = &self.as_bytes()[range.clone()];
        let Some(origin) = self.origin() else {
            let at = |offset: usize| self.start + u32::try_from(offset).unwrap_or(u32::MAX);
            let data = Rc::clone(&self.data);
            return Self { data, start: at(range.start), end: at(range.end) };
        };
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
        if bytes.len() <= INLINE_BYTES {
            return Self::from(&*bytes);
        }
        Self::build(bytes.into(), None)
    }
}

impl From<&[u8]> for Str {
    fn from(bytes: &[u8]) -> Self {
        Self::build(bytes.into(), None)
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
