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
            return Err(FileError(format!("lstat {here}: not a directory")));
        }
        match files.entry(&here)? {
            Entry::Missing => {
                return Err(FileError(format!("lstat {here}: no such file or directory")));
            }
            Entry::Link(target) => {
                links += 1;
                if links > limits::LINKS {
                    return Err(FileError(format!("{at}: too many links")));
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
    Ok(Resolved { path: path::clean(&done), is_folder })
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
        assert_eq!(missing.0, "lstat /real/a/none: no such file or directory");
    }

    #[test]
    fn a_circle_of_links_ends() {
        let mut files = MemoryFiles::new();
        files.link("/a", "b");
        files.link("/b", "a");
        assert!(resolve(&files, "/a").is_err());
    }
}
