//! Why an artifact is in a lock, in few lines.

use std::collections::BTreeSet;

use crate::visible::visible;
use crate::{Lock, Origin};

/// More origins than this are counted, not listed: a sidecar image has hundreds.
const LISTED: usize = 20;

impl Lock {
    /// Returns the lines of `because` for an artifact: origins sorted, at most 20, then `and 12 more: sealift why NAME`.
    ///
    /// Names come from strangers' charts: characters that act on a terminal are written as `\u{…}`.
    #[must_use]
    pub fn because<'a>(name: &str, origins: impl IntoIterator<Item = &'a Origin>) -> Vec<String> {
        let lines: BTreeSet<_> =
            origins.into_iter().map(|origin| visible(&origin.to_string())).collect();
        let more = lines.len().saturating_sub(LISTED);
        let mut lines: Vec<_> = lines.into_iter().take(LISTED).collect();
        if more > 0 {
            lines.push(format!("and {more} more: sealift why {name}"));
        }
        lines
    }
}
