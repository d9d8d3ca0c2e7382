//! All matches.

use std::ops::Range;

use crate::regex::{Groups, Regex, original};
use crate::text::Text;

impl Regex {
    /// Up to `limit` matches, all if it is negative: Go's `FindAllString`.
    #[must_use]
    pub fn find_all<'t>(&self, text: &'t [u8], limit: i64) -> Vec<&'t [u8]> {
        self.find_all_index(text, limit).into_iter().map(|range| &text[range]).collect()
    }

    /// Where they are: Go's `FindAllStringIndex`.
    #[must_use]
    pub fn find_all_index(&self, text: &[u8], limit: i64) -> Vec<Range<usize>> {
        let text = Text::new(text);
        let mut all = Vec::new();
        self.each(&text, limit, Self::locate, |found: Range<usize>| {
            all.push(text.original_range(&found));
        });
        all
    }

    /// Where they and their groups are: Go's `FindAllStringSubmatchIndex`.
    #[must_use]
    pub fn find_all_submatch_index(
        &self,
        text: &[u8],
        limit: i64,
    ) -> Vec<Vec<Option<Range<usize>>>> {
        let text = Text::new(text);
        let mut all = Vec::new();
        self.each(&text, limit, Self::locate_groups, |found: Groups| {
            all.push(original(&text, found));
        });
        all
    }

    /// Calls `take` for each match. An empty match that touches the match before is none.
    fn each<F: Found>(
        &self,
        text: &Text<'_>,
        limit: i64,
        locate: impl Fn(&Self, &Text<'_>, usize) -> Option<F>,
        mut take: impl FnMut(F),
    ) {
        let mut left = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut from = 0;
        let mut last_end = None;
        while left > 0 && from <= text.valid().len() {
            let Some(found) = locate(self, text, from) else { break };
            let (start, end) = found.ends();
            let is_accepted = end > from || last_end != Some(start);
            // Behind an empty match at the end of the text there is nothing to search.
            from = if end > from { end } else { from + text.width(from).max(1) };
            last_end = Some(end);
            if is_accepted {
                left -= 1;
                take(found);
            }
        }
    }
}

/// What a search found.
trait Found {
    fn ends(&self) -> (usize, usize);
}

impl Found for Range<usize> {
    fn ends(&self) -> (usize, usize) {
        (self.start, self.end)
    }
}

impl Found for Groups {
    fn ends(&self) -> (usize, usize) {
        let whole = self.first().and_then(Option::as_ref).expect("a match has a whole");
        whole.ends()
    }
}
