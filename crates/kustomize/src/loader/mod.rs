//! Roots: folders that are built, and what files they may read.

mod error;
mod files;
mod memory;
pub(crate) mod path;
mod pull;
pub(crate) mod repo_spec;
mod resolve;

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

pub use error::LoadError;
pub use files::{Entry, Fetched, FileError, Files};
pub use memory::MemoryFiles;
pub use pull::RemoteChart;
pub use repo_spec::{RepoSpec, RepoSpecError};

use crate::limits;

/// Files by their paths below a folder.
type Contents = Vec<(String, Vec<u8>)>;

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
    /// Whether something was asked for that was not fetched.
    is_unfetched: Cell<bool>,
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
    /// The addresses of repositories that led here, the nearest last.
    addresses: Vec<String>,
    /// The top folder of the repository that this is in.
    repository: Option<String>,
    read: Rc<Read>,
}

impl<'f> Root<'f> {
    /// Opens the folder that a build begins with: the path is absolute, or the address of a folder in a repository.
    pub(crate) fn open(
        files: &'f dyn Files,
        restrictions: LoadRestrictions,
        at: &str,
    ) -> Result<Self, LoadError> {
        let root = Self {
            files,
            restrictions,
            path: String::new(),
            referrers: Vec::new(),
            addresses: Vec::new(),
            repository: None,
            read: Rc::default(),
        };
        if let Ok(spec) = RepoSpec::parse(at) {
            return root.fetched(at, &spec);
        }
        let path = confirm_folder(files, &path::clean(at))?;
        Ok(Self { path, ..root })
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Opens a folder that a kustomization names.
    pub(crate) fn child(&self, at: &str) -> Result<Self, LoadError> {
        if at.is_empty() {
            return Err(LoadError::EmptyPath);
        }
        if let Ok(spec) = RepoSpec::parse(at) {
            return self.fetched(at, &spec);
        }
        if at.starts_with('/') {
            return Err(LoadError::Absolute(at.to_owned()));
        }
        if is_ambiguous(at) {
            let cleaned = path::clean(at);
            return Err(LoadError::Ambiguous { path: at.to_owned(), cleaned });
        }
        let path = confirm_folder(self.files, &path::join(&self.path, at))?;
        self.check_repository(&path)?;
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

    /// Opens a folder of a repository: what is in it stays in it.
    ///
    /// Mirrors `newLoaderAtGitClone` in `internal/loader/fileloader.go` of kustomize api v0.21.2.
    fn fetched(&self, at: &str, spec: &RepoSpec) -> Result<Self, LoadError> {
        if let Some(visited) = self.addresses.iter().rev().find(|visited| visited.starts_with(at)) {
            let (address, visited) = (at.to_owned(), visited.clone());
            return Err(LoadError::RepositoryCycle { address, visited });
        }
        let top = self.here(at, self.files.repository(spec))?;
        let path = confirm_folder(self.files, &path::join(&top, &spec.folder))?;
        let (mut referrers, mut addresses) = (self.referrers.clone(), self.addresses.clone());
        referrers.extend((!self.path.is_empty()).then(|| self.path.clone()));
        addresses.push(at.to_owned());
        limits::folders(referrers.len())?;
        let restrictions = LoadRestrictions::RootOnly;
        let repository = Some(top);
        let root = Self { restrictions, path, referrers, addresses, repository, ..self.clone() };
        root.check_repository(&root.path)?;
        Ok(root)
    }

    /// Checks that a folder is in the repository, where there is one.
    fn check_repository(&self, folder: &str) -> Result<(), LoadError> {
        match &self.repository {
            Some(repository) if !path::is_within(folder, repository) => {
                let (folder, repository) = (folder.to_owned(), repository.clone());
                Err(LoadError::OutsideRepository { folder, repository })
            }
            _ => Ok(()),
        }
    }

    fn here<T>(&self, at: &str, fetched: Fetched<T>) -> Result<T, LoadError> {
        match fetched {
            Fetched::Here(found) => Ok(found),
            Fetched::Absent(reason) => Err(LoadError::Absent { address: at.to_owned(), reason }),
            Fetched::Unknown => {
                self.read.is_unfetched.set(true);
                Err(LoadError::Unfetched(at.to_owned()))
            }
        }
    }

    /// Whether something is missing that has to be fetched before the build can go on.
    pub(crate) fn is_unfetched(&self) -> bool {
        self.read.is_unfetched.get()
    }

    /// Reads a file that a kustomization names.
    pub(crate) fn load(&self, at: &str) -> Result<Cow<'f, [u8]>, LoadError> {
        if is_remote(at) {
            let content = self.here(at, self.files.web_file(at))?;
            self.count(content.len())?;
            return Ok(content);
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

    /// Reads all files below a folder, wherever it is, as a program that kustomize runs would; `None` where there is no folder.
    /// What is in a repository stays in it, and a folder that holds this one is refused, as among bases.
    pub(crate) fn below(&self, folder: &str) -> Result<Option<Contents>, LoadError> {
        let Ok(found) = resolve::resolve(self.files, folder) else { return Ok(None) };
        if !found.is_folder {
            return Ok(None);
        }
        self.check_repository(&found.path)?;
        if path::is_within(&self.path, &found.path) {
            let (candidate, visited) = (found.path, self.path.clone());
            return Err(LoadError::Cycle { candidate, visited });
        }
        let files = self.files.below(&found.path)?;
        for (_, content) in &files {
            self.count(content.len())?;
        }
        Ok(Some(files))
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
                Err(FileError::new(format!("read {full}: is a directory")).into())
            }
            Ok(found) => Ok(found.path),
            Err(_) => Err(FileError::new(format!("open {full}: no such file or directory")).into()),
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
        Err(error) => Err(not_a_folder(error.text)),
    }
}
