//! Characters of an argument, read one by one.

/// The rest of an argument.
#[derive(Clone, Copy)]
pub(super) struct Runes<'t>(pub(super) &'t str);

/// Characters up to one that ends them.
pub(super) struct Word {
    pub(super) text: String,
    /// `None` at the end of the argument; what was read so far is in `text`.
    pub(super) end: Option<char>,
}

impl Runes<'_> {
    pub(super) fn next(&mut self) -> Option<char> {
        let mut chars = self.0.chars();
        let next = chars.next()?;
        self.0 = chars.as_str();
        Some(next)
    }

    pub(super) fn peek(self) -> Option<char> {
        self.0.chars().next()
    }

    /// Reads up to one of the characters given, and that one too.
    pub(super) fn until(&mut self, ends: &[char], escapes: Escapes) -> Word {
        let mut text = String::new();
        while let Some(next) = self.next() {
            if ends.contains(&next) {
                return Word { text, end: Some(next) };
            }
            match (next, escapes) {
                ('\\', Escapes::Read) => match self.next() {
                    Some(taken) => text.push(taken),
                    None => break,
                },
                _ => text.push(next),
            }
        }
        Word { text, end: None }
    }
}

/// What a backslash is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    /// It takes the meaning from the character after it.
    Read,
    /// A character like others.
    Kept,
}
