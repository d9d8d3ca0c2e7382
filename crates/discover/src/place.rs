//! Where in a document a walk stands. Nothing is built until something is found there.

use sealift_inventory::{Origin, Step};

/// One step of a walk and the way to it.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    up: Option<&'a Self>,
    at: At<'a>,
}

#[derive(Clone, Copy)]
enum At<'a> {
    Root,
    Key(&'a str),
    Index(usize),
    /// An item of a list that is better known by its name.
    Named(&'a str),
    Text(Text),
}

/// A string in which the walk goes on.
#[derive(Clone, Copy)]
pub(crate) struct Text {
    /// `yaml`, `json` or `text`.
    pub(crate) format: &'static str,
    /// The line of the string around it.
    pub(crate) line: u32,
    /// The line on which the first line of the string stands, where lines are kept as they are.
    pub(crate) first_line: Option<u32>,
}

impl<'a> Place<'a> {
    /// The root of a document.
    pub(crate) const ROOT: Place<'static> = Place { up: None, at: At::Root };

    pub(crate) fn key(&'a self, key: &'a str) -> Self {
        Place { up: Some(self), at: At::Key(key) }
    }

    pub(crate) fn index(&'a self, index: usize) -> Self {
        Place { up: Some(self), at: At::Index(index) }
    }

    pub(crate) fn named(&'a self, name: &'a str) -> Self {
        Place { up: Some(self), at: At::Named(name) }
    }

    pub(crate) fn text(&'a self, text: Text) -> Self {
        Place { up: Some(self), at: At::Text(text) }
    }

    /// Returns the line in the file of a line in the text around this place.
    pub(crate) fn file_line(&self, line: u32) -> u32 {
        let mut line = line;
        let mut place = Some(self);
        while let Some(here) = place {
            if let At::Text(text) = here.at {
                line = text
                    .first_line
                    .map_or(text.line, |first| first.saturating_add(line.saturating_sub(1)));
            }
            place = here.up;
        }
        line
    }

    /// Adds the steps from the root to this place; `line` is that of the value in the innermost text.
    ///
    /// Without `inner`, the keys inside strings are left out: those of a Secret may tell what it holds.
    pub(crate) fn origin(&self, origin: Origin, line: u32, inner: bool) -> Origin {
        let layers = self.layers();
        let mut origin = origin;
        if !layers.outer.is_empty() {
            origin = origin.with(Step::Key(layers.outer));
        }
        let count = layers.texts.len();
        for (i, (text, key)) in layers.texts.iter().enumerate() {
            let line = if i + 1 == count { line } else { layers.texts[i + 1].0.line };
            let key = Some(key.clone()).filter(|key| inner && !key.is_empty());
            origin = origin.with(Step::Text { format: text.format.to_owned(), line, key });
        }
        origin
    }

    fn layers(&self) -> Layers {
        let mut steps = Vec::new();
        let mut place = Some(self);
        while let Some(here) = place {
            steps.push(here.at);
            place = here.up;
        }
        let mut layers = Layers { outer: String::new(), texts: Vec::new() };
        for at in steps.into_iter().rev() {
            match at {
                At::Text(text) => layers.texts.push((text, String::new())),
                _ => write(at, layers.texts.last_mut().map_or(&mut layers.outer, |(_, key)| key)),
            }
        }
        layers
    }
}

/// The path in the document, and the path in each text within.
struct Layers {
    outer: String,
    texts: Vec<(Text, String)>,
}

fn write(at: At<'_>, path: &mut String) {
    match at {
        At::Root | At::Text(_) => {}
        At::Index(index) => path.extend(["[", &index.to_string(), "]"]),
        At::Named(name) => path.extend(["[", name, "]"]),
        At::Key(key) if is_plain(key) => {
            path.push('.');
            path.push_str(key);
        }
        At::Key(key) => {
            let start = if path.is_empty() { ".[\"" } else { "[\"" };
            let quoted = key.replace('\\', "\\\\").replace('"', "\\\"");
            path.extend([start, &quoted, "\"]"]);
        }
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty()
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

impl Place<'_> {
    /// Returns the innermost key, of which a list item is a part; empty at a root.
    pub(crate) fn last_key(&self) -> &str {
        let mut place = Some(self);
        while let Some(here) = place {
            match here.at {
                At::Key(key) | At::Named(key) => return key,
                At::Index(_) | At::Text(_) => place = here.up,
                At::Root => break,
            }
        }
        ""
    }

    /// Returns whether this is the value of a key in the map that a key holds.
    pub(crate) fn is_in(&self, key: &str) -> bool {
        self.up.is_some_and(|up| matches!(up.at, At::Key(at) if at == key))
    }

    /// Returns whether this is an item of a list.
    pub(crate) fn is_item(&self) -> bool {
        matches!(self.at, At::Index(_))
    }
}

impl Place<'_> {
    /// Returns whether the properties at this place are those of a property named for an image.
    pub(crate) fn is_below_image(&self) -> bool {
        self.up.is_some_and(|up| matches!(up.at, At::Key(key) if crate::role::is_image(key)))
    }
}
