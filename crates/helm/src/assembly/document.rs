//! A document of what a template gave.

use std::ops::Range;
use std::rc::Rc;

use sealift_gotemplate::Str;

use super::ManifestError;
use super::head::{Head, HeadError};
use super::hook::{Event, Role, events};
use crate::engine::Rendered;
use crate::provenance::Trail;

/// A text and the file that it was made of.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path that Helm prints, such as `nginx/templates/a.yaml`.
    pub path: String,
    /// The whole text.
    pub text: Str,
    /// Which lines and values gave it, when that was traced.
    pub trail: Option<Rc<Trail>>,
    /// Whether the text is the file itself, rather than what a template gave.
    pub is_file: bool,
}

/// A part of a text that is one object, mostly.
#[derive(Clone, Debug)]
pub struct Document {
    source: Rc<Source>,
    range: Range<usize>,
    head: Head,
    /// Of a hook.
    events: Vec<Event>,
    role: Role,
}

impl Source {
    pub(super) fn new(rendered: &Rendered) -> Rc<Self> {
        let Rendered { path, text, trail } = rendered.clone();
        Rc::new(Self { path, text, trail, is_file: false })
    }
}

impl Document {
    /// Returns the document with its head.
    pub(super) fn new(
        source: &Rc<Source>,
        range: Range<usize>,
        head: Result<Head, HeadError>,
    ) -> Result<Self, ManifestError> {
        let head = head.map_err(|error| ManifestError {
            path: source.path.clone(),
            line: line(source.text.as_bytes(), range.start),
            error,
        })?;
        let hook = head.hook.as_deref().map(events);
        let role = match &hook {
            None => Role::Object,
            Some(None) => Role::UnknownHook,
            Some(Some(_)) => Role::Hook,
        };
        let events = hook.flatten().unwrap_or_default();
        Ok(Self { source: Rc::clone(source), range, head, events, role })
    }

    /// Takes a whole text as one document, without looking into it.
    pub(super) fn whole(source: &Rc<Source>) -> Self {
        let range = 0..source.text.len();
        let (head, events) = (Head::default(), Vec::new());
        Self { source: Rc::clone(source), range, head, events, role: Role::Object }
    }

    pub(super) fn role(&self) -> Role {
        self.role
    }

    pub(super) fn kind(&self) -> &str {
        &self.head.kind
    }

    pub(super) fn is_test(&self) -> bool {
        self.events.contains(&Event::Test)
    }

    /// Returns the text that it is a part of.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Returns which bytes of that text it is.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Returns the line of that text where it begins, from 1.
    #[must_use]
    pub fn first_line(&self) -> u32 {
        line(self.source.text.as_bytes(), self.range.start)
    }

    /// Returns the bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.source.text.as_bytes()[self.range.clone()]
    }

    /// Returns the moments at which it is run, when it is a hook.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Returns it as Helm prints it, with a line that says where it comes from.
    #[must_use]
    pub fn printed(&self) -> Vec<u8> {
        self.pieces().concat()
    }

    /// Returns, for each of its lines, the line of the template that gave it, where that is known: of its first byte
    /// that is no white space.
    #[must_use]
    pub fn template_lines(&self) -> Vec<Option<u32>> {
        let lines = self.bytes().split_inclusive(|&byte| byte == b'\n');
        let Some(trail) = &self.source.trail else {
            let known = |(line, _)| self.source.is_file.then_some(line);
            return (self.first_line()..).zip(lines).map(known).collect();
        };
        let mut start = self.range.start;
        let lines = lines.map(|line| {
            let indent = line.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let at = start + if indent < line.len() { indent } else { 0 };
            start += line.len();
            trail.line_at(at)
        });
        lines.collect()
    }

    pub(super) fn pieces(&self) -> [&[u8]; 5] {
        pieces(&self.source.path, self.bytes())
    }
}

/// Returns the pieces of a text as Helm prints documents.
pub(super) fn pieces<'t>(path: &'t str, text: &'t [u8]) -> [&'t [u8]; 5] {
    [b"---\n# Source: ", path.as_bytes(), b"\n", text, b"\n"]
}

fn line(text: &[u8], at: usize) -> u32 {
    let before = memchr::memchr_iter(b'\n', &text[..at]).count();
    u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
}
