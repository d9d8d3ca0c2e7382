//! The names that an archive has so far.

use std::collections::BTreeMap;

use crate::ArchivePath;

/// What each name is.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<String, bool>);

impl Names {
    /// Adds a name; returns whether nothing speaks against it.
    ///
    /// A directory may come twice. A file may not, and nothing may lie in it.
    pub(super) fn add(&mut self, path: &ArchivePath, is_file: bool) -> bool {
        let text = path.as_str();
        let fits = match self.0.get(text) {
            Some(was_file) => !was_file && !is_file,
            None => !(self.is_below_file(text) || is_file && self.has_below(text)),
        };
        self.0.insert(text.to_owned(), is_file);
        fits
    }

    fn has_below(&self, folder: &str) -> bool {
        let prefix = format!("{folder}/");
        self.0.range(prefix.clone()..).next().is_some_and(|(name, _)| name.starts_with(&prefix))
    }

    fn is_below_file(&self, text: &str) -> bool {
        text.match_indices('/').any(|(at, _)| self.0.get(&text[..at]) == Some(&true))
    }
}
