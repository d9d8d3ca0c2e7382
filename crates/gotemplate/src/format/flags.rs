//! What a directive says besides its verb.

use crate::output::Output;
use crate::unicode::count;
use crate::value::Str;

/// Width and precision that are larger are errors.
pub(super) const LARGEST: i64 = 1_000_000;

/// The flags of a directive such as `%-5.2f`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "Go has that many flags")]
pub(crate) struct Flags {
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    /// `%+v`.
    pub(super) plus_v: bool,
    /// `%#v`.
    pub(super) sharp_v: bool,
}

impl Flags {
    /// Returns the flags but for zeros in place of spaces.
    pub(super) fn with_spaces(self) -> Self {
        Self { zero: false, ..self }
    }

    /// Writes a text of the given width in characters, and spaces or zeros.
    pub(super) fn pad(&self, out: &mut Output, text: &[u8]) {
        let Some(width) = self.width else { return out.push(text) };
        let fill = width.saturating_sub(count(text));
        if !self.minus {
            self.fill(out, fill);
        }
        out.push(text);
        if self.minus {
            self.fill(out, fill);
        }
    }

    /// Writes the beginning of a string, and spaces or zeros.
    pub(super) fn pad_str(&self, out: &mut Output, text: &Str, len: usize) {
        let fill =
            self.width.map_or(0, |width| width.saturating_sub(count(&text.as_bytes()[..len])));
        if !self.minus {
            self.fill(out, fill);
        }
        out.push_part(text, 0..len);
        if self.minus {
            self.fill(out, fill);
        }
    }

    pub(super) fn fill(&self, out: &mut Output, count: usize) {
        out.pad(if self.zero && !self.minus { b'0' } else { b' ' }, count);
    }
}
