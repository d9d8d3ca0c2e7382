//! What one template file printed, by its lines and by the values that were read.

use std::ops::Range;

use sealift_gotemplate::{Read, Record};

/// The lines of a template, and the values, that gave the text of a file.
///
/// Offsets are those of the text.
#[derive(Debug)]
pub struct Trail {
    record: Record,
    cuts: Vec<Cut>,
}

/// A place where Helm has taken something out of what the template printed.
#[derive(Debug)]
struct Cut {
    /// The offset in the text.
    at: usize,
    /// The bytes taken away up to here, those at this place included.
    bytes: usize,
}

impl Trail {
    /// `cuts` are what was taken away, in order.
    pub(crate) fn new(record: Record, cuts: &[Range<usize>]) -> Self {
        let mut bytes = 0;
        let cut = |cut: &Range<usize>| {
            let at = cut.start - bytes;
            bytes += cut.len();
            Cut { at, bytes }
        };
        Self { record, cuts: cuts.iter().map(cut).collect() }
    }

    /// Returns the line of the template that gave the byte, counted from 1.
    ///
    /// What a named template or a function gave has the line of the file where it was called.
    #[must_use]
    pub fn line_at(&self, offset: usize) -> Option<u32> {
        let line = self.record.line_at(offset + self.cut(|at| at <= offset));
        line.and_then(|line| u32::try_from(line).ok())
    }

    /// Returns the keys of values on which a part of the text may depend: more than matter, but
    /// all that do. See [`Record::reads_at`].
    #[must_use]
    pub fn reads_at(&self, text: Range<usize>) -> Vec<Read> {
        let start = text.start + self.cut(|at| at < text.start);
        let end = text.end + self.cut(|at| at <= text.end);
        self.record.reads_at(start..end)
    }

    /// Returns the bytes taken away before a place.
    fn cut(&self, is_before: impl Fn(usize) -> bool) -> usize {
        let before = self.cuts.partition_point(|cut| is_before(cut.at));
        before.checked_sub(1).map_or(0, |last| self.cuts[last].bytes)
    }
}
