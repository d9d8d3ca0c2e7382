//! Names that every operating system can write (RUSTSEC-2024-0353, RUSTSEC-2024-0445).

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use crate::ArchivePath;

/// Why a set of paths cannot be written on every operating system.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PortableError {
    /// A character that Windows has other uses for.
    #[error("path {path:?} holds {character:?}, which Windows cannot write")]
    Character {
        /// The path.
        path: String,
        /// The first one.
        character: char,
    },
    /// Two paths are one on file systems that fold case or normalise Unicode, or one is a folder of the other.
    #[error("paths {first:?} and {second:?} are one on some file systems")]
    Collision {
        /// The earlier path.
        first: String,
        /// The later path.
        second: String,
    },
    /// A device of Windows.
    #[error("path {path:?} has the part {part:?}, a device on Windows")]
    Device {
        /// The path.
        path: String,
        /// The part.
        part: String,
    },
    /// A part ends in a dot or a space, which Windows cuts off.
    #[error(
        "path {path:?} has the part {part:?}, which Windows would write without its last character"
    )]
    Ending {
        /// The path.
        path: String,
        /// The part.
        part: String,
    },
}

/// Checks that files of these paths can lie in one folder, on every operating system.
///
/// # Errors
///
/// The first path that cannot, or the first two that would be one.
pub fn check_portable<'a>(
    paths: impl IntoIterator<Item = &'a ArchivePath>,
) -> Result<(), PortableError> {
    let mut names = Names::default();
    for path in paths {
        for part in path.parts() {
            check_part(path, part)?;
        }
        names.add(path)?;
    }
    Ok(())
}

fn check_part(path: &ArchivePath, part: &str) -> Result<(), PortableError> {
    let path = || path.to_string();
    if let Some(character) = part.chars().find(|character| r#"<>:"|?*"#.contains(*character)) {
        return Err(PortableError::Character { path: path(), character });
    }
    if part.ends_with(['.', ' ']) {
        return Err(PortableError::Ending { path: path(), part: part.to_owned() });
    }
    if is_device(part) {
        return Err(PortableError::Device { path: path(), part: part.to_owned() });
    }
    Ok(())
}

/// `CON`, `con.txt`, `COM1`, `LPT¹ .x`: the stem decides, whatever follows a dot, a space or a colon.
fn is_device(part: &str) -> bool {
    let stem = part.split(['.', ':']).next().unwrap_or(part).trim_end().to_uppercase();
    let digit = |rest: &str| {
        let mut characters = rest.chars();
        matches!(characters.next(), Some('0'..='9' | '¹' | '²' | '³'))
            && characters.next().is_none()
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT")).is_some_and(digit)
}

/// What each folded name is: the path that brought it, and whether as a file.
#[derive(Default)]
struct Names(BTreeMap<String, (String, bool)>);

impl Names {
    fn add(&mut self, path: &ArchivePath) -> Result<(), PortableError> {
        let text = path.as_str();
        let ends = text.match_indices('/').map(|(at, _)| at).chain([text.len()]);
        for end in ends {
            self.claim(&text[..end], end == text.len())?;
        }
        Ok(())
    }

    fn claim(&mut self, name: &str, file: bool) -> Result<(), PortableError> {
        let entry = (name.to_owned(), file);
        match self.0.get(&fold(name)) {
            Some((first, was_file)) if *was_file || file || first != name => {
                Err(PortableError::Collision { first: first.clone(), second: entry.0 })
            }
            Some(_) => Ok(()),
            None => {
                self.0.insert(fold(name), entry);
                Ok(())
            }
        }
    }
}

/// Unicode's canonical caseless match, with the standard library's case mapping: `ß` and `SS`, `ſ` and `s` are one.
fn fold(name: &str) -> String {
    name.nfd().collect::<String>().to_uppercase().to_lowercase().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&str]) -> Result<(), PortableError> {
        let paths: Vec<ArchivePath> =
            names.iter().map(|name| name.parse().expect("a path")).collect();
        check_portable(&paths)
    }

    #[test]
    fn names_that_windows_cannot_write_are_refused() {
        for name in [
            "CON",
            "con",
            "nul.txt",
            "a/PRN",
            "AUX.tar.gz",
            "COM1",
            "COM\u{b9}",
            "lpt9.x",
            "LPT0",
            "CONIN$",
            "conout$",
            "con .x",
            "a.",
            "a ",
            "d./x",
            "a<b",
            "a>b",
            "ab:c",
            "a\"b",
            "a|b",
            "a?b",
            "a*b",
        ] {
            assert!(check(&[name]).is_err(), "{name:?} was taken");
        }
    }

    #[test]
    fn names_that_only_look_like_devices_are_taken() {
        check(&["CONSOLE", "COM10", "COM", "LPTX", "nulls.txt", ".con", "a.con"])
            .expect("all portable");
    }

    #[test]
    fn two_names_that_some_file_system_takes_for_one_are_refused() {
        for pair in [
            ["A", "a"],
            ["a", "a"],
            ["e\u{301}", "\u{e9}"],
            ["d/x", "D/y"],
            ["a", "a/b"],
            ["a/b", "a"],
            ["ſ", "S"],
            ["straße", "STRASSE"],
        ] {
            assert!(
                matches!(check(&pair), Err(PortableError::Collision { .. })),
                "{pair:?} were taken"
            );
        }
    }

    #[test]
    fn files_of_one_folder_are_taken() {
        check(&["d/x", "d/y", "d/e/x", "e"]).expect("all portable");
    }
}
