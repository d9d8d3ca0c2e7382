//! The text that is being written, and where in a line it stands.

/// Columns that a line may fill before it is folded at a blank.
const WIDTH: usize = 80;

/// What has been written, with the state that libyaml's emitter keeps of it.
pub(super) struct Sink {
    text: String,
    /// Bytes that may be written.
    limit: usize,
    /// Whether long lines are folded.
    folds: bool,
    /// In characters.
    column: usize,
    /// Whether what was written last separates.
    is_separated: bool,
    /// See [`is_indentation`](Self::is_indentation).
    is_indentation: bool,
}

impl Sink {
    pub(super) fn new(limit: usize, folds: bool) -> Self {
        let text = String::new();
        Self { text, limit, folds, column: 0, is_separated: true, is_indentation: true }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Whether more was written than may be.
    pub(super) fn is_full(&self) -> bool {
        self.text.len() > self.limit
    }

    /// Whether the next blank is a place to fold.
    pub(super) fn is_past_width(&self) -> bool {
        self.folds && self.column > WIDTH
    }

    /// Whether no blank of the text is a place to fold.
    pub(super) fn fits(&self, text: &str) -> bool {
        !self.folds || self.column + text.len() <= WIDTH
    }

    /// Whether the line holds nothing yet but blanks and indicators.
    pub(super) fn is_indentation(&self) -> bool {
        self.is_indentation
    }

    /// Goes to a column, on a new line unless nothing stands on this one up to there.
    pub(super) fn indent(&mut self, column: usize) {
        if !self.is_indentation
            || self.column > column
            || (self.column == column && !self.is_separated)
        {
            self.line_break();
        }
        // A value may have many lines far in, so that blanks are most of what there is.
        if !self.is_full() {
            self.text.extend(std::iter::repeat_n(' ', column - self.column));
        }
        self.column = column;
        self.is_separated = true;
        self.is_indentation = true;
    }

    /// The `-` of an item, the `?` of a long key or the `:` of its value: more of
    /// them may follow on the line.
    pub(super) fn block_indicator(&mut self, indicator: char) {
        self.separate();
        self.character(indicator);
        self.is_separated = false;
    }

    /// A blank unless there is one; then text that is no indentation any more.
    pub(super) fn begin(&mut self, text: &str) {
        self.separate();
        self.end(text);
    }

    /// Text after which something is needed between it and more.
    pub(super) fn end(&mut self, text: &str) {
        self.text(text);
        self.is_separated = false;
        self.is_indentation = false;
    }

    fn separate(&mut self) {
        if !self.is_separated {
            self.character(' ');
        }
    }

    /// The line break after the `|` of a block scalar.
    pub(super) fn begin_block(&mut self) {
        self.line_break();
        self.is_indentation = true;
        self.is_separated = true;
    }

    /// A character that may be a line break of the value.
    pub(super) fn value_break(&mut self, character: char) {
        self.text.push(character);
        self.column = 0;
        self.is_indentation = true;
    }

    /// Text of a value without line breaks.
    pub(super) fn value(&mut self, text: &str) {
        self.text(text);
        self.is_indentation = false;
    }

    /// Text that says nothing about the line's state: libyaml forgets it in double quotes.
    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += if text.is_ascii() { text.len() } else { text.chars().count() };
    }

    /// As [`text`](Self::text), for one character.
    pub(super) fn character(&mut self, character: char) {
        self.text.push(character);
        self.column += 1;
    }

    fn line_break(&mut self) {
        self.text.push('\n');
        self.column = 0;
    }
}
