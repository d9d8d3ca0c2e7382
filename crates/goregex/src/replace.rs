//! Replacing all matches.

use crate::regex::{Groups, Regex};
use crate::template::{self, Part};
use crate::text::Text;

/// A result that would have been longer than the limit given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the replaced text would be longer than {limit} bytes")]
pub struct TooLong {
    /// The most bytes that were allowed.
    pub limit: usize,
}

impl Regex {
    /// The text with each match replaced, where `$1` and `${name}` in the template stand for
    /// groups: Go's `ReplaceAllString`.
    ///
    /// # Errors
    ///
    /// If the result would be longer than `limit` bytes: a template is multiplied by matches.
    pub fn replace_all(
        &self,
        text: &[u8],
        template: &[u8],
        limit: usize,
    ) -> Result<Vec<u8>, TooLong> {
        if !template.contains(&b'$') {
            return self.replace_all_literal(text, template, limit);
        }
        let parts = template::parse(template);
        self.replace(&Text::new(text), limit, Self::locate_groups, |out, text, groups| {
            parts.iter().try_for_each(|part| out.push(self.expand(part, text, groups)))
        })
    }

    /// The text with each match replaced, where the replacement is taken as it is: Go's
    /// `ReplaceAllLiteralString`.
    ///
    /// # Errors
    ///
    /// If the result would be longer than `limit` bytes.
    pub fn replace_all_literal(
        &self,
        text: &[u8],
        replacement: &[u8],
        limit: usize,
    ) -> Result<Vec<u8>, TooLong> {
        let locate = |this: &Self, text: &Text<'_>, from| {
            this.locate(text, from).map(|found| vec![Some(found)])
        };
        self.replace(&Text::new(text), limit, locate, |out, _, _| out.push(replacement))
    }

    fn replace(
        &self,
        text: &Text<'_>,
        limit: usize,
        locate: impl Fn(&Self, &Text<'_>, usize) -> Option<Groups>,
        mut write: impl FnMut(&mut Output, &Text<'_>, &Groups) -> Result<(), TooLong>,
    ) -> Result<Vec<u8>, TooLong> {
        let mut out = Output { bytes: Vec::new(), limit };
        let (mut from, mut copied) = (0, 0);
        while from <= text.valid().len() {
            let Some(groups) = locate(self, text, from) else { break };
            let found = groups[0].clone().expect("a match has a whole");
            out.push(text.slice(&(copied..found.start)))?;
            // An empty match behind another match is none.
            if found.end > copied || found.start == 0 {
                write(&mut out, text, &groups)?;
            }
            copied = found.end;
            from = found.end.max(from + text.width(from).max(1));
        }
        out.push(text.slice(&(copied..text.valid().len())))?;
        Ok(out.bytes)
    }

    fn expand<'a>(&self, part: &Part<'a>, text: &Text<'a>, groups: &Groups) -> &'a [u8] {
        let found = match part {
            Part::Text(text) => return text,
            Part::Group(index) => groups.get(*index).and_then(Option::as_ref),
            Part::Name(name) => self
                .capture_names()
                .zip(groups)
                .filter(|(own, _)| own.is_some_and(|own| own.as_bytes() == *name))
                .find_map(|(_, group)| group.as_ref()),
        };
        found.map(|range| text.slice(range)).unwrap_or_default()
    }
}

struct Output {
    bytes: Vec<u8>,
    limit: usize,
}

impl Output {
    fn push(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        if bytes.len() > self.limit - self.bytes.len() {
            return Err(TooLong { limit: self.limit });
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }
}
