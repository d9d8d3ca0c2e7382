//! The one type for names inside archives and of files that are written into folders.

use std::fmt;
use std::str::FromStr;

use crate::limits::{PART_BYTES, PATH_BYTES, PATH_PARTS};

/// A relative path that stays below whatever it is joined to.
///
/// One to 64 parts of at most 255 bytes, none of them empty, `.` or `..`; not absolute, no drive, no control or bidi
/// character. `\` separates parts as `/` does, as in Helm. There is no other way in than parsing.
/// Ordered by its text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArchivePath(String);

/// Why text is no [`ArchivePath`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// Starts with a separator.
    #[error("path {path:?} is absolute")]
    Absolute {
        /// The text as it came.
        path: String,
    },
    /// Holds a control, bidi or invisible character.
    #[error("path {path:?} holds the character {character:?}")]
    Character {
        /// The text as it came.
        path: String,
        /// The first one.
        character: char,
    },
    /// Starts with a drive, such as `c:`.
    #[error("path {path:?} names a drive")]
    Drive {
        /// The text as it came.
        path: String,
    },
    /// Longer or deeper than a budget allows.
    #[error("path of {got} {unit}, more than {limit}: {path:?}")]
    Limit {
        /// At most the first 80 characters.
        path: String,
        /// What is counted.
        unit: &'static str,
        /// How many there are.
        got: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A part is empty, `.` or `..`.
    #[error("path {path:?} has the part {part:?}")]
    Part {
        /// The text as it came.
        path: String,
        /// The part.
        part: String,
    },
    /// Not UTF-8.
    #[error("path {path:?} is not UTF-8")]
    Utf8 {
        /// The text, with replacement characters.
        path: String,
    },
}

impl ArchivePath {
    /// Parses the bytes of an archive's header.
    ///
    /// # Errors
    ///
    /// [`PathError::Utf8`], and those of [`str::parse`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PathError> {
        std::str::from_utf8(bytes)
            .map_err(|_| PathError::Utf8 { path: String::from_utf8_lossy(bytes).into_owned() })?
            .parse()
    }

    /// Returns the path with `/` between its parts.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the parts, outermost first.
    #[must_use]
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/')
    }

    /// Returns the last part.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// Returns this path followed by another relative one.
    ///
    /// # Errors
    ///
    /// Those of [`str::parse`], for `below` alone and for the whole.
    pub fn join(&self, below: &str) -> Result<Self, PathError> {
        let below: Self = below.parse()?;
        format!("{}/{below}", self.0).parse()
    }

    /// Returns the path without its first part, or `None` where it has only one: how the root folder of a chart is cut off.
    #[must_use]
    pub fn without_root(&self) -> Option<Self> {
        self.0.split_once('/').map(|(_, rest)| Self(rest.to_owned()))
    }
}

impl FromStr for ArchivePath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let owned = || text.to_owned();
        check_lengths(text)?;
        if let Some(character) = text.chars().find(|&character| is_hidden(character)) {
            return Err(PathError::Character { path: owned(), character });
        }
        if text.starts_with(['/', '\\']) {
            return Err(PathError::Absolute { path: owned() });
        }
        if has_drive(text) {
            return Err(PathError::Drive { path: owned() });
        }
        let path = text.replace('\\', "/");
        match path.split('/').find(|part| matches!(*part, "" | "." | "..")) {
            Some(part) => Err(PathError::Part { path: owned(), part: part.to_owned() }),
            None => Ok(Self(path)),
        }
    }
}

fn check_lengths(text: &str) -> Result<(), PathError> {
    let check = |unit, got, limit| {
        let path = || text.chars().take(80).collect();
        if got > limit { Err(PathError::Limit { path: path(), unit, got, limit }) } else { Ok(()) }
    };
    check("bytes", text.len(), PATH_BYTES)?;
    check("parts", text.split(['/', '\\']).count(), PATH_PARTS)?;
    let longest = text.split(['/', '\\']).map(str::len).max().unwrap_or(0);
    check("bytes in one part", longest, PART_BYTES)
}

/// A letter and a colon: `c:/x`, and `c:x`, which Windows takes from the drive's own current folder.
fn has_drive(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

/// Control characters (C0, DEL, C1), and those that turn or hide text: bidi controls, zero width, line separators, tags.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

impl fmt::Display for ArchivePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for ArchivePath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Helm CVE-2019-1000008, archiver CVE-2018-1002207.
    #[test]
    fn a_path_that_leaves_its_root_or_hides_something_is_refused() {
        let long_part = "x".repeat(256);
        let deep = vec!["d"; 65].join("/");
        let hostile = [
            "",
            ".",
            "..",
            "../x",
            "/x",
            "a/../../x",
            "..\\x",
            "\\x",
            "c:/x",
            "C:x",
            "a//x",
            "a/",
            "./a",
            "a/.",
            "a\0b",
            "a\u{1b}[2J",
            "a\u{202e}b",
            "a\u{200b}b",
            "a\u{7f}",
            "a\u{9b}",
            "a\nb",
            &long_part,
            &deep,
        ];
        for text in hostile {
            assert!(text.parse::<ArchivePath>().is_err(), "{text:?} was taken");
        }
        assert!(ArchivePath::from_bytes(b"a\xff").is_err());
    }

    #[test]
    fn the_limits_themselves_are_allowed_and_one_more_is_not() {
        let deep = vec!["d"; 64].join("/");
        let part = "x".repeat(255);
        let longest = [part.as_str(); 4].join("/") + "/";
        assert_eq!(longest.len(), 1024);
        let longest = format!("y{}", &longest[1..1023]);
        for text in [deep.as_str(), &part, &longest, "..a/b..", "...", "a b/\u{fc}", "ab:c"] {
            assert_eq!(text.parse::<ArchivePath>().expect(text).as_str(), text);
        }
        assert!(matches!(
            format!("{longest}/z").parse::<ArchivePath>(),
            Err(PathError::Limit { got: 1025, .. })
        ));
    }

    #[test]
    fn a_backslash_separates_parts_as_in_helm() {
        assert_eq!("a\\b/c".parse::<ArchivePath>().expect("a path").as_str(), "a/b/c");
    }

    #[test]
    fn joining_goes_through_the_parser() {
        let root: ArchivePath = "a".parse().expect("a path");
        assert_eq!(root.join("b/c").expect("below").as_str(), "a/b/c");
        assert!(root.join("../c").is_err());
        assert!(root.join("/c").is_err());
    }
}
