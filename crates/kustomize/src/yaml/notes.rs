//! Comments that may say of what type a node is.

use std::rc::Rc;

use sealift_goyaml::events::Mark;

use super::comments::{Block, Comments};

/// What the comment of a node begins with, if that may be the JSON of a schema.
#[derive(Clone, Debug, Default)]
pub(crate) struct Note(Option<Rc<str>>);

/// A comment is no part of what a node is: nodes are equal whatever theirs are.
impl PartialEq for Note {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Note {}

impl Note {
    /// Of the first line of a comment: in what follows it, a `#` would stand within the JSON.
    fn of(comment: &str) -> Self {
        let text = comment.trim_start_matches('#').trim_matches([' ', '\t', '\r']);
        Self(text.starts_with('{').then(|| Rc::from(text)))
    }

    /// Takes the place of what was there, unless it says nothing.
    pub(crate) fn or(self, old: &Self) -> Self {
        if self.0.is_some() { self } else { old.clone() }
    }

    /// Bytes of the text.
    pub(crate) fn size(&self) -> usize {
        self.0.as_deref().map_or(0, str::len)
    }

    /// The JSON, and what may stand behind it.
    pub(crate) fn text(&self) -> Option<&Rc<str>> {
        self.0.as_ref()
    }
}

/// The comments of a text for the nodes that are read from it.
///
/// Mirrors where go-yaml v3 puts `LineComment` and `HeadComment`, of which kyaml asks the first that is there. Those between
/// the items of a flow collection, behind a lone `-` and behind an anchor or a tag are not found.
pub(super) struct Notes<'t> {
    comments: Comments,
    lines: Vec<&'t str>,
    /// What [`Self::end`] gave last: many collections may end in one line.
    last: Option<(u32, Option<u32>, Note)>,
}

impl<'t> Notes<'t> {
    /// Finds the comments of a text; `None`, which costs little, where no `{` stands behind a `#`.
    pub(super) fn of(text: &'t str) -> Option<Self> {
        let has = |line: &str| line.find('#').is_some_and(|at| line[at..].contains('{'));
        text.lines().any(has).then(|| Self {
            comments: Comments::of(text),
            lines: text.lines().collect(),
            last: None,
        })
    }

    /// What stands above the `-` of an item in a line, counted from 0.
    pub(super) fn item(&mut self, line: u32) -> Note {
        let is_item = self.line(line).trim_start().starts_with("- ");
        if is_item { self.head(line) } else { Note::default() }
    }

    /// What stands above a line. Before the first line, only the last comment is that of a key, others are the document's.
    pub(super) fn head(&mut self, line: u32) -> Note {
        let Some((blocks, is_first)) = self.comments.head(line + 1) else { return Note::default() };
        let last = || blocks.last().filter(|block| !block.precedes_blank);
        let block: Option<&Block> = if is_first { last() } else { blocks.first() };
        block.and_then(|block| block.lines.first()).map(|line| Note::of(line)).unwrap_or_default()
    }

    /// What stands at the end of the line of a key whose value is in lines below it, if any comment does.
    pub(super) fn tail(&mut self, line: u32) -> Option<Note> {
        self.comments.tail(line + 1).map(|comment| Note::of(&comment))
    }

    /// What stands behind the bracket that ends a flow collection; where a block ends, there is none.
    pub(super) fn behind(&mut self, mark: Mark) -> Note {
        let (line, end, note) = match self.last.take() {
            Some(last) if last.0 == mark.line => last,
            _ => self.end(mark.line),
        };
        let found = if end == Some(mark.column) { note.clone() } else { Note::default() };
        self.last = Some((line, end, note));
        found
    }

    /// The column of the bracket before the comment that ends a line, and the comment.
    fn end(&self, line: u32) -> (u32, Option<u32>, Note) {
        let comment = self.comments.at_end(line + 1).unwrap_or_default();
        let note = Note::of(comment);
        let text = self.line(line).strip_suffix(comment).unwrap_or_default().trim_end();
        let is_end = note.0.is_some() && text.ends_with([']', '}']);
        let column = is_end.then(|| u32::try_from(text.chars().count() - 1).ok()).flatten();
        (line, column, note)
    }

    fn line(&self, line: u32) -> &'t str {
        let at = usize::try_from(line).unwrap_or(usize::MAX);
        self.lines.get(at).copied().unwrap_or_default()
    }
}
