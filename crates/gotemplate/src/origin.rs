//! Where the bytes of a string come from.

/// A place that the host knows by number, such as one key of a values file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source(pub u32);

/// Bytes of a string, and where they come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// Where they come from. Bytes with several sources have a span for each.
    pub source: Source,
}

/// Where the bytes of one string come from: spans, in order of their start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    spans: Vec<Span>,
}

impl Origin {
    /// Returns the origin of a string of that many bytes, which all come from one place.
    #[must_use]
    pub fn whole(len: usize, source: Source) -> Self {
        Self { spans: vec![Span { start: 0, end: len, source }] }
    }

    /// Returns the spans, in order of their start.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Returns the places, each once.
    #[must_use]
    pub fn sources(&self) -> Vec<Source> {
        let mut sources: Vec<_> = self.spans.iter().map(|span| span.source).collect();
        sources.sort_unstable();
        sources.dedup();
        sources
    }

    /// Adds the spans of a part of another string, which begins here at `at`.
    pub(crate) fn copy(&mut self, other: &Self, part: std::ops::Range<usize>, at: usize) {
        for span in &other.spans {
            let start = span.start.max(part.start);
            let end = span.end.min(part.end);
            if start < end {
                let moved = |place: usize| place - part.start + at;
                self.spans.push(Span { start: moved(start), end: moved(end), source: span.source });
            }
        }
    }

    /// Says that bytes were made from another string as a whole.
    pub(crate) fn derive(&mut self, other: &Self, bytes: std::ops::Range<usize>) {
        if bytes.is_empty() {
            return;
        }
        for source in other.sources() {
            self.spans.push(Span { start: bytes.start, end: bytes.end, source });
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }
}
