//! Paths with their symbolic links followed.

use super::files::{Entry, FileError, Files};
use super::path;
use crate::limits;

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// Absolute, without links.
    pub(crate) path: String,
    pub(crate) is_folder: bool,
}

/// Follows every link of an absolute path. `EvalSymlinks` of Go, which kustomize calls before it asks where a file is.
///
/// # Errors
///
/// When something on the way is missing, is no folder, or leads over too many links.
pub(crate) fn resolve(files: &dyn Files, at: &str) -> Result<Resolved, FileError> {
    let (found, rest) = follow(files, at)?;
    match rest.last() {
        None => Ok(found),
        Some(part) => {
            let here = path::join(&found.path, part);
            Err(FileError::new(format!("lstat {here}: no such file or directory")))
        }
    }
}

/// Returns where something that may be missing would be: the links of what is there are followed.
///
/// # Errors
///
/// As [`resolve`], but for what is missing.
pub(crate) fn placed(files: &dyn Files, at: &str) -> Result<String, FileError> {
    let (found, mut rest) = follow(files, at)?;
    rest.reverse();
    Ok(path::join(&found.path, &rest.join("/")))
}

/// Follows a path as far as something is there; returns what is left of it, the next part last.
fn follow(files: &dyn Files, at: &str) -> Result<(Resolved, Vec<String>), FileError> {
    let mut rest: Vec<String> = parts(at);
    let mut done = String::new();
    let mut links = 0;
    let mut is_folder = true;
    while let Some(part) = rest.pop() {
        if part == ".." {
            done.truncate(done.rfind('/').unwrap_or(0));
            continue;
        }
        let here = format!("{done}/{part}");
        if !is_folder {
            return Err(FileError::new(format!("lstat {here}: not a directory")));
        }
        match files.entry(&here)? {
            Entry::Missing => {
                rest.push(part);
                break;
            }
            Entry::Link(target) => {
                links += 1;
                if links > limits::LINKS {
                    return Err(FileError::new(format!("{at}: too many links")));
                }
                if target.starts_with('/') {
                    done.clear();
                }
                rest.extend(parts(&target));
            }
            entry => {
                is_folder = entry == Entry::Folder;
                done = here;
            }
        }
    }
    if done.is_empty() {
        done.push('/');
    }
    Ok((Resolved { path: path::clean(&done), is_folder }, rest))
}

/// The parts of a path, the first one last.
fn parts(path: &str) -> Vec<String> {
    path.split('/').filter(|part| !matches!(*part, "" | ".")).rev().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::super::memory::MemoryFiles;
    use super::*;

    #[test]
    fn links_are_followed_one_after_another() {
        let mut files = MemoryFiles::new();
        files.file("/real/a/file", "x");
        files.link("/b", "real");
        files.link("/c", "/b/a/../a");
        assert_eq!(
            resolve(&files, "/c/file").map(|found| found.path),
            Ok("/real/a/file".to_owned())
        );
        let missing = resolve(&files, "/c/none").unwrap_err();
        assert_eq!(missing.text, "lstat /real/a/none: no such file or directory");
    }

    #[test]
    fn what_is_missing_has_its_place_behind_the_links_of_what_is_there() {
        let mut files = MemoryFiles::new();
        files.file("/real/file", "x");
        files.link("/b", "real");
        for (path, want) in [("/b/c/d", "/real/c/d"), ("/b", "/real"), ("/c/../b", "/b")] {
            assert_eq!(placed(&files, path), Ok(want.to_owned()));
        }
        assert!(placed(&files, "/b/file/c").is_err(), "a file is no folder");
    }

    #[test]
    fn a_circle_of_links_ends() {
        let mut files = MemoryFiles::new();
        files.link("/a", "b");
        files.link("/b", "a");
        assert!(resolve(&files, "/a").is_err());
    }
}
