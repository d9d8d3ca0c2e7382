//! Bytes that are written one after the other, with their origin.

use crate::limits::Limit;
use crate::origin::Origin;
use crate::value::Str;

/// A text being written: what templates print into, and what makes new strings.
///
/// Strings that have an [`Origin`] leave it here; where none has, there is none
/// to keep, and writing is appending.
#[derive(Debug, Default)]
pub struct Output {
    bytes: Vec<u8>,
    origin: Origin,
    /// The most bytes there may be, and the limit which that is.
    most: Option<(usize, Limit)>,
    /// The first limit that was reached. Nothing is written after it.
    reached: Option<Limit>,
}

impl Output {
    /// Returns an empty text that may grow.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns an empty text that may grow, and need not for so many bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), ..Self::default() }
    }

    /// Returns an empty text that becomes one string.
    pub(crate) fn of_string(most: usize) -> Self {
        Self { most: Some((most, Limit::StringBytes(most))), ..Self::default() }
    }

    /// Returns what was written.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns where what was written comes from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Returns what was written.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Returns what was written as a string with its origin.
    #[must_use]
    pub fn into_str(self) -> Str {
        if self.origin.is_empty() {
            Str::from(self.bytes)
        } else {
            Str::with_origin(self.bytes, self.origin)
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Takes memory for so many more bytes at once, as far as they may be written.
    pub(crate) fn reserve(&mut self, more: usize) {
        let most = self.most.map_or(more, |(most, _)| most - self.bytes.len());
        self.bytes.reserve(more.min(most));
    }

    /// Writes bytes that come from nowhere.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.has_room(bytes.len()) {
            self.bytes.extend_from_slice(bytes);
        }
    }

    /// Writes one byte many times.
    pub(crate) fn pad(&mut self, byte: u8, count: usize) {
        if self.has_room(count) {
            self.bytes.resize(self.bytes.len() + count, byte);
        }
    }

    /// Writes a string and its origin.
    pub fn push_str(&mut self, text: &Str) {
        self.push_part(text, 0..text.len());
    }

    /// Writes a part of a string and its origin.
    pub(crate) fn push_part(&mut self, text: &Str, part: std::ops::Range<usize>) {
        let at = self.bytes.len();
        self.push(&text.as_bytes()[part.clone()]);
        if let Some(origin) = text.origin()
            && self.bytes.len() > at
        {
            self.origin.copy(origin, part, at);
        }
    }

    /// Says that everything since `start` was made from a string.
    pub(crate) fn derived(&mut self, text: &Str, start: usize) {
        if let Some(origin) = text.origin() {
            self.origin.derive(origin, start..self.bytes.len());
        }
    }

    /// Bounds what may be written from here on, and returns the bound that was; a
    /// tighter one stays.
    pub(crate) fn bound(&mut self, more: usize, limit: Limit) -> Option<(usize, Limit)> {
        let before = self.most;
        let most = self.bytes.len().saturating_add(more);
        if before.is_none_or(|(before, _)| most < before) {
            self.most = Some((most, limit));
        }
        before
    }

    /// Returns to a bound that was.
    pub(crate) fn rebound(&mut self, before: Option<(usize, Limit)>) {
        self.most = before;
    }

    /// Stops writing: the text cannot be made.
    pub(crate) fn stop(&mut self, limit: Limit) {
        self.reached.get_or_insert(limit);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.reached.is_some()
    }

    /// Returns the limit that was reached.
    pub(crate) fn reached(&self) -> Option<Limit> {
        self.reached
    }

    /// Returns the text, unless a limit was reached.
    pub(crate) fn finish(self) -> Result<Str, Limit> {
        match self.reached {
            Some(limit) => Err(limit),
            None => Ok(self.into_str()),
        }
    }

    fn has_room(&mut self, more: usize) -> bool {
        if let Some((most, limit)) = self.most
            && more > most - self.bytes.len()
        {
            self.stop(limit);
        }
        self.reached.is_none()
    }
}
