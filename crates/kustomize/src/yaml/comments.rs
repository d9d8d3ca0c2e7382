//! Comments of a text, and where they stand.

use std::collections::{BTreeMap, VecDeque};

/// The comments of a document by the lines of what they belong to, each taken once.
///
/// Mirrors what go-yaml v3 keeps in `HeadComment`, `LineComment` and `FootComment` of its nodes: comments in flow collections and
/// between the lines of a scalar are not kept here.
#[derive(Debug, Default)]
pub(super) struct Comments {
    /// Above a line.
    heads: BTreeMap<u32, Vec<Block>>,
    /// At the end of a line.
    tails: BTreeMap<u32, String>,
    /// Below a line, and nearer to it than to what follows: the deepest first.
    feet: BTreeMap<u32, VecDeque<Block>>,
    /// At the end of the document, behind an empty line.
    end: Vec<Block>,
    /// Where each line begins, and where it does behind the `-` of items.
    columns: BTreeMap<u32, (usize, usize)>,
}

/// Lines of comments without an empty line between them.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub(super) column: usize,
    pub(super) lines: Vec<String>,
    /// Whether an empty line stands before it and behind it.
    pub(super) follows_blank: bool,
    pub(super) precedes_blank: bool,
}

/// Comments that wait for what they belong to.
#[derive(Default)]
struct Waiting {
    blocks: Vec<Block>,
    is_blank: bool,
}

impl Comments {
    /// Finds the comments of a text that is one document.
    pub(super) fn of(text: &str) -> Self {
        let mut comments = Self::default();
        let mut waiting = Waiting::default();
        let (mut last, mut content) = (0, None);
        for (line, number) in text.lines().zip(1..) {
            let bare = line.trim_start_matches(' ');
            let column = line.len() - bare.len();
            if is_content(&mut content, bare, column) {
                continue;
            }
            if bare.trim().is_empty() {
                waiting.blank();
            } else if bare.starts_with('#') {
                waiting.comment(bare, column);
            } else if bare.trim_end() == "..." {
                waiting.blank();
            } else if bare.trim_end() != "---" {
                comments.place(std::mem::take(&mut waiting).blocks, last, Some((number, column)));
                content = comments.token(number, line, column);
                last = number;
            }
        }
        comments.place(waiting.blocks, last, None);
        comments
    }

    /// Gives blocks to the line before them, or to the one behind them.
    fn place(&mut self, mut blocks: Vec<Block>, last: u32, next: Option<(u32, usize)>) {
        let deepest = self.columns.get(&last).map(|(_, inner)| *inner);
        let is_foot = |block: &Block| {
            let is_deeper = next.is_some_and(|(_, column)| block.column > column);
            let is_near = !block.follows_blank && (block.precedes_blank || next.is_none());
            deepest.is_some_and(|deepest| block.column <= deepest) && (is_near || is_deeper)
        };
        let count = blocks.iter().take_while(|block| is_foot(block)).count();
        let rest = blocks.split_off(count);
        self.feet.insert(last, blocks.into());
        match next {
            Some((number, _)) if !rest.is_empty() => {
                self.heads.insert(number, rest);
            }
            Some(_) => {}
            None => self.end = rest,
        }
    }

    /// Notes the comment at the end of a line; returns the column of the line where a text in a block begins.
    fn token(&mut self, number: u32, line: &str, column: usize) -> Option<Content> {
        let inner = line.len() - line.trim_start_matches(' ').trim_start_matches("- ").len();
        self.columns.insert(number, (column, inner));
        let (before, comment) = split(line);
        if let Some(comment) = comment {
            self.tails.insert(number, comment.to_owned());
        }
        let header = before.trim_end().rsplit([' ', ':']).next().unwrap_or_default();
        let mut rest = header.chars();
        let is_header = matches!(rest.next(), Some('|' | '>'))
            && rest.all(|character| matches!(character, '+' | '-' | '0'..='9'));
        // The text lies deeper than the key that it belongs to; behind a dash alone, than the dash.
        let dashes = inner.saturating_sub(if line[inner..].starts_with(header) { 2 } else { 0 });
        is_header.then_some(Content { above: column.max(dashes), column: None })
    }

    /// Takes what stands above a line, and whether the document begins with it.
    pub(super) fn head(&mut self, line: u32) -> Option<(Vec<Block>, bool)> {
        let is_first = self.columns.first_key_value().is_some_and(|(first, _)| *first == line);
        self.heads.remove(&line).map(|blocks| (blocks, is_first))
    }

    /// Takes what stands at the end of a line.
    pub(super) fn tail(&mut self, line: u32) -> Option<String> {
        self.tails.remove(&line)
    }

    /// What stands at the end of a line.
    pub(super) fn at_end(&self, line: u32) -> Option<&str> {
        self.tails.get(&line).map(String::as_str)
    }

    /// Takes what stands below a line, if that is no deeper than what stands in another line.
    pub(super) fn foot(&mut self, line: u32, of: u32) -> Option<Block> {
        let (column, _) = *self.columns.get(&of)?;
        let feet = self.feet.get_mut(&line)?;
        if feet.front()?.column >= column { feet.pop_front() } else { None }
    }

    /// Takes what the document ends with.
    pub(super) fn end(&mut self) -> Vec<Block> {
        std::mem::take(&mut self.end)
    }
}

/// The text of a scalar in a block.
#[derive(Clone, Copy)]
struct Content {
    /// The column of the line that begins it.
    above: usize,
    /// Its own, once it has begun.
    column: Option<usize>,
}

/// Whether a line is one of a text in a block, which ends where it is not.
fn is_content(content: &mut Option<Content>, bare: &str, column: usize) -> bool {
    let Some(Content { above, column: own }) = content else { return false };
    if bare.trim().is_empty() || column >= own.unwrap_or(*above + 1) {
        if !bare.trim().is_empty() {
            own.get_or_insert(column);
        }
        return true;
    }
    *content = None;
    false
}

impl Waiting {
    fn blank(&mut self) {
        self.is_blank = true;
        if let Some(block) = self.blocks.last_mut() {
            block.precedes_blank = true;
        }
    }

    fn comment(&mut self, comment: &str, column: usize) {
        let is_blank = std::mem::take(&mut self.is_blank);
        match self.blocks.last_mut().filter(|block| !is_blank && block.column == column) {
            Some(block) => block.lines.push(comment.to_owned()),
            None => self.blocks.push(Block {
                column,
                lines: vec![comment.to_owned()],
                follows_blank: is_blank,
                precedes_blank: false,
            }),
        }
    }
}

/// Cuts a line before its comment.
fn split(line: &str) -> (&str, Option<&str>) {
    let (mut quote, mut before) = (None, ' ');
    let mut characters = line.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match (quote, character) {
            (Some('"'), '\\') => drop(characters.next()),
            // A quote within single quotes is written twice.
            (Some('\''), '\'') if characters.next_if(|(_, next)| *next == '\'').is_some() => {}
            (Some(open), close) if open == close => quote = None,
            (None, '"' | '\'') if matches!(before, ' ' | '[' | '{' | ',' | ':') => {
                quote = Some(character);
            }
            (None, '#') if matches!(before, ' ' | '\t') => return (&line[..at], Some(&line[at..])),
            _ => {}
        }
        before = character;
    }
    (line, None)
}
