//! Splitting a text at its matches.

use crate::regex::Regex;

impl Regex {
    /// The parts between matches, at most `limit`, all if it is negative: Go's `Split`. No
    /// parts if it is 0, where Go returns nil; the last part is what is left.
    #[must_use]
    pub fn split<'t>(&self, text: &'t [u8], limit: i64) -> Vec<&'t [u8]> {
        if limit == 0 {
            return Vec::new();
        }
        if text.is_empty() && !self.pattern().is_empty() {
            return vec![text];
        }
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut parts = Vec::new();
        let (mut start, mut end) = (0, 0);
        for found in self.find_all_index(text, limit) {
            if parts.len() + 1 == most {
                break;
            }
            end = found.start;
            // An empty match at the start separates nothing.
            if found.end != 0 {
                parts.push(&text[start..end]);
            }
            start = found.end;
        }
        if end != text.len() {
            parts.push(&text[start..]);
        }
        parts
    }
}
