//! The names that an archive has so far.

use std::collections::HashMap;

use crate::ArchivePath;

/// Whether each name is a file; those of folders in which something lies are there as well.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<String, bool>);

impl Names {
    /// Adds a name; returns whether nothing speaks against it, after which nothing may be added.
    ///
    /// A directory may come twice. A file may not, and nothing may lie in it.
    pub(super) fn add(&mut self, path: &ArchivePath, is_file: bool) -> bool {
        let text = path.as_str();
        let fits = self.0.get(text).is_none_or(|was_file| !was_file && !is_file);
        if !(fits && self.add_folders(text)) {
            return false;
        }
        self.0.insert(text.to_owned(), is_file);
        true
    }

    /// Adds the folders that a name lies in, the innermost first: those around one that is known are known.
    fn add_folders(&mut self, text: &str) -> bool {
        for (at, _) in text.rmatch_indices('/') {
            match self.0.get(&text[..at]) {
                Some(is_file) => return !is_file,
                None => drop(self.0.insert(text[..at].to_owned(), false)),
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_name_may_be_follows_from_those_before() {
        let table: [(&[(&str, bool)], bool); 9] = [
            (&[("a/b", true), ("a/c", true), ("a", false)], true),
            (&[("a", false), ("a", false), ("a/b/c", true)], true),
            (&[("a/b/c", true), ("a/b/d/e", true), ("a/b", false)], true),
            (&[("a", true), ("a", true)], false),
            (&[("a", true), ("a", false)], false),
            (&[("a", false), ("a", true)], false),
            (&[("a/b/c", true), ("a/b", true)], false),
            (&[("a/b", true), ("a/b/c/d", true)], false),
            (&[("a/b", true), ("a/b/c", false)], false),
        ];
        for (names, want) in table {
            let mut known = Names::default();
            let (last, before) = names.split_last().expect("a name");
            for (name, is_file) in before {
                assert!(known.add(&name.parse().expect("a path"), *is_file), "{names:?}");
            }
            assert_eq!(known.add(&last.0.parse().expect("a path"), last.1), want, "{names:?}");
        }
    }
}
