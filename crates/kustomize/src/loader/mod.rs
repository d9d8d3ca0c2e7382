//! Roots: folders that are built, and what files they may read.

mod error;
mod files;
mod memory;
pub(crate) mod path;
pub(crate) mod repo_spec;
mod resolve;

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

pub use error::LoadError;
pub use files::{Entry, FileError, Files};
pub use memory::MemoryFiles;
pub use repo_spec::{RepoSpec, RepoSpecError};

use crate::limits;

/// Which files a kustomization may read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoadRestrictions {
    /// Those in its folder and below, links followed first. The default.
    #[default]
    RootOnly,
    /// Any.
    None,
}

/// What one build has read.
#[derive(Default)]
struct Read {
    files: Cell<usize>,
    bytes: Cell<usize>,
}

/// A folder that is being built. Mirrors `FileLoader` in `internal/loader/fileloader.go` of kustomize api v0.21.2.
#[derive(Clone)]
pub(crate) struct Root<'f> {
    files: &'f dyn Files,
    restrictions: LoadRestrictions,
    /// Absolute, without links.
    path: String,
    /// The folders that led here, the nearest last.
    referrers: Vec<String>,
    read: Rc<Read>,
}

impl<'f> Root<'f> {
    /// Opens the folder that a build begins with; the path is absolute.
    pub(crate) fn open(
        files: &'f dyn Files,
        restrictions: LoadRestrictions,
        at: &str,
    ) -> Result<Self, LoadError> {
        let path = confirm_folder(files, &path::clean(at))?;
        let read = Rc::default();
        Ok(Self { files, restrictions, path, referrers: Vec::new(), read })
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Opens a folder that a kustomization names.
    pub(crate) fn child(&self, at: &str) -> Result<Self, LoadError> {
        if at.is_empty() {
            return Err(LoadError::EmptyPath);
        }
        if is_remote(at) || RepoSpec::parse(at).is_ok() {
            return Err(LoadError::Remote(at.to_owned()));
        }
        if at.starts_with('/') {
            return Err(LoadError::Absolute(at.to_owned()));
        }
        if is_ambiguous(at) {
            let cleaned = path::clean(at);
            return Err(LoadError::Ambiguous { path: at.to_owned(), cleaned });
        }
        let path = confirm_folder(self.files, &path::join(&self.path, at))?;
        let mut referrers = self.referrers.clone();
        referrers.push(self.path.clone());
        if let Some(visited) =
            referrers.iter().rev().find(|visited| path::is_within(visited, &path))
        {
            return Err(LoadError::Cycle { candidate: path, visited: visited.clone() });
        }
        limits::folders(referrers.len())?;
        Ok(Self { path, referrers, ..self.clone() })
    }

    /// Reads a file that a kustomization names.
    pub(crate) fn load(&self, at: &str) -> Result<Cow<'f, [u8]>, LoadError> {
        if is_remote(at) {
            return Err(LoadError::Remote(at.to_owned()));
        }
        let full = if at.starts_with('/') { path::clean(at) } else { path::join(&self.path, at) };
        let found = match self.restrictions {
            LoadRestrictions::RootOnly => self.restricted(&full)?,
            LoadRestrictions::None => self.unrestricted(&full)?,
        };
        let content = self.files.read(&found)?;
        self.count(content.len())?;
        Ok(content)
    }

    /// Reads a file that must be text.
    pub(crate) fn load_text(&self, at: &str) -> Result<Cow<'f, str>, LoadError> {
        let not_text = || LoadError::NotText(at.to_owned());
        match self.load(at)? {
            Cow::Borrowed(bytes) => {
                std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| not_text())
            }
            Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|_| not_text()),
        }
    }

    /// Whether a file stands in the folder itself.
    pub(crate) fn has(&self, name: &str) -> bool {
        let full = path::join(&self.path, name);
        let found = match self.restrictions {
            LoadRestrictions::RootOnly => self.restricted(&full),
            LoadRestrictions::None => self.unrestricted(&full),
        };
        found.is_ok()
    }

    fn restricted(&self, full: &str) -> Result<String, LoadError> {
        let found = resolve::resolve(self.files, full)
            .map_err(|cause| LoadError::Links { path: full.to_owned(), cause })?;
        if found.is_folder {
            return Err(LoadError::NotAFile(full.to_owned()));
        }
        if !path::is_within(path::folder(&found.path), &self.path) {
            return Err(LoadError::Outside { file: full.to_owned(), root: self.path.clone() });
        }
        Ok(found.path)
    }

    fn unrestricted(&self, full: &str) -> Result<String, LoadError> {
        match resolve::resolve(self.files, full) {
            Ok(found) if found.is_folder => {
                Err(FileError(format!("read {full}: is a directory")).into())
            }
            Ok(found) => Ok(found.path),
            Err(_) => Err(FileError(format!("open {full}: no such file or directory")).into()),
        }
    }

    fn count(&self, bytes: usize) -> Result<(), LoadError> {
        self.read.files.set(self.read.files.get() + 1);
        self.read.bytes.set(self.read.bytes.get().saturating_add(bytes));
        limits::files(self.read.files.get())?;
        Ok(limits::bytes(self.read.bytes.get())?)
    }
}

/// Whether a path is an address of a web server. `IsRemoteFile` of kustomize.
pub(crate) fn is_remote(path: &str) -> bool {
    let scheme = path.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https"))
}

/// Mirrors `hasAmbiguousPathSegment` in `internal/loader/fileloader.go` of kustomize api v0.21.2.
fn is_ambiguous(path: &str) -> bool {
    path.split('/').any(|part| part != ".." && part.contains(".."))
}

/// Mirrors `ConfirmDir` in `filesys` of kyaml v0.21.2.
fn confirm_folder(files: &dyn Files, at: &str) -> Result<String, LoadError> {
    let not_a_folder = |reason: String| LoadError::NotAFolder { path: at.to_owned(), reason };
    match resolve::resolve(files, at) {
        Ok(found) if found.is_folder => Ok(found.path),
        Ok(_) => Err(not_a_folder("it is a file".to_owned())),
        Err(error) => Err(not_a_folder(error.0)),
    }
}
