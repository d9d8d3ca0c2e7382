//! Line breaks inside plain and quoted scalars.

use std::borrow::Cow;

use crate::cursor::Cursor;

/// The value of a scalar while it is scanned: a piece of the text as long as
/// it can be, a text of its own once it must be.
pub(super) struct Content<'t> {
    text: Cow<'t, str>,
}

impl<'t> Content<'t> {
    pub(super) fn new() -> Self {
        Self { text: Cow::Borrowed("") }
    }

    pub(super) fn push_str(&mut self, piece: &'t str) {
        if self.text.is_empty() {
            self.text = Cow::Borrowed(piece);
        } else {
            self.text.to_mut().push_str(piece);
        }
    }

    pub(super) fn push(&mut self, character: char) {
        self.text.to_mut().push(character);
    }

    pub(super) fn finish(self) -> Cow<'t, str> {
        self.text
    }
}

/// The breaks between two lines of a flow scalar.
#[derive(Default)]
pub(super) struct Breaks {
    /// What the first break reads as; empty after an escaped break.
    first: &'static str,
    others: String,
}

impl Breaks {
    /// Takes the break at the cursor; the first may be one that an escape took before.
    pub(super) fn take(&mut self, cursor: &mut Cursor<'_>, is_first: bool) {
        let text = cursor.take_break();
        if is_first {
            self.first = text;
        } else {
            self.others.push_str(text);
        }
    }

    /// One break is a space, more breaks are one less; LS and PS stay.
    pub(super) fn fold_into(&mut self, content: &mut Content<'_>) {
        let text = content.text.to_mut();
        if self.first != "\n" {
            text.push_str(self.first);
            text.push_str(&self.others);
        } else if self.others.is_empty() {
            text.push(' ');
        } else {
            text.push_str(&self.others);
        }
        self.first = "";
        self.others.clear();
    }
}
