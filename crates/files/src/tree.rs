//! All files below a folder, links followed as far as the operator allows.

use std::fs::File;
use std::io;

use cap_std::fs::Dir;

use crate::{Error, Folder, Kind, ReadFile, name, nofollow};

/// How far links are followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Links {
    /// To whatever they lead to; on other systems than Unix as [`Links::Inside`].
    Everywhere,
    /// To what lies in the tree.
    #[default]
    Inside,
}

/// How much a walk may find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeLimits {
    /// Files and folders.
    pub entries: usize,
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Folders inside each other.
    pub levels: usize,
    /// Bytes of all files.
    pub total_bytes: u64,
}

/// A file that a walk found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeFile {
    /// Below the folder that was walked, with `/`.
    pub path: String,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// A folder below which links are followed. Paths given to its methods are relative, with `/` between parts.
#[derive(Debug)]
pub struct Tree {
    root: Folder,
    links: Links,
}

impl Tree {
    /// Makes a tree of a folder.
    #[must_use]
    pub fn new(root: Folder, links: Links) -> Self {
        Self { root, links }
    }

    /// Returns the path of the root as it was typed, with what is below joined by `/`.
    #[must_use]
    pub fn path_of(&self, below: &str) -> String {
        if below.is_empty() { self.root.path().to_owned() } else { self.root.path_of(below) }
    }

    /// Returns the folder at any path from the root on, also one that leads out of it, as a tree of its own; `None` where
    /// nothing but the tree may be looked at.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn elsewhere(&self, path: &str) -> Result<Option<Self>, Error> {
        if self.links == Links::Inside {
            return Ok(None);
        }
        let shown = if path.starts_with('/') { path.to_owned() } else { self.path_of(path) };
        let opened = nofollow::open_through(self.root.dir(), path);
        let file = opened.map_err(Error::io("open folder", shown.clone()))?;
        let root = Folder::of(Dir::from_std_file(file), shown);
        Ok(Some(Self { root, links: self.links }))
    }

    /// Returns the bytes of a regular file.
    ///
    /// # Errors
    ///
    /// [`Error::Escape`] for a link out of the tree or to nothing; [`Error::Type`], [`Error::Limit`], [`Error::Io`].
    pub fn read(&self, path: &str, limit_bytes: u64) -> Result<Vec<u8>, Error> {
        ReadFile::new(self.open(path)?, self.path_of(path))?.read_all(limit_bytes)
    }

    /// Returns whether a path is a folder, or `None` where nothing has that name.
    ///
    /// # Errors
    ///
    /// [`Error::Escape`] for a link out of the tree or to nothing; [`Error::Io`].
    pub fn is_folder(&self, path: &str) -> Result<Option<bool>, Error> {
        let file = match self.open(path) {
            Ok(file) => file,
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(error),
        };
        let metadata = file.metadata().map_err(Error::io("read", self.path_of(path)))?;
        Ok(Some(metadata.is_dir()))
    }

    /// Returns all files below a folder of the tree (the empty path: the tree itself), as a depth-first walk with sorted
    /// names meets them. What `skips` (path below that folder, whether it is a folder) says yes to is not looked into.
    ///
    /// # Errors
    ///
    /// [`Error::Escape`] for a link out of the tree, to nothing, or to a folder that it lies in; [`Error::Type`] for a pipe;
    /// [`Error::Limit`], [`Error::Name`], [`Error::Io`].
    pub fn files(
        &self,
        below: &str,
        limits: &TreeLimits,
        skips: &mut dyn FnMut(&str, bool) -> bool,
    ) -> Result<Vec<TreeFile>, Error> {
        let dir = Dir::from_std_file(self.open(below)?);
        let mut walk =
            Walk { tree: self, below, limits, skips, entries: 0, bytes: 0, found: Vec::new() };
        walk.folder(&dir, "", &mut Vec::new())?;
        Ok(walk.found)
    }

    /// Opens what a path names, through links as far as they may lead.
    fn open(&self, path: &str) -> Result<File, Error> {
        if !path.is_empty() {
            name::parts(path)?;
        }
        let opened = match self.links {
            Links::Everywhere => nofollow::open_through(self.root.dir(), path),
            Links::Inside => nofollow::open_beneath(self.root.dir(), path),
        };
        opened.map_err(|error| self.explain(path, error))
    }

    /// A link that leads nowhere allowed is named as what it is: systems report it in several ways.
    fn explain(&self, path: &str, error: io::Error) -> Error {
        let kind = error.kind();
        // A step out of the root has no number of the system's.
        let may_be_link = kind == io::ErrorKind::NotFound
            || (kind == io::ErrorKind::PermissionDenied && error.raw_os_error().is_none())
            || nofollow::is_circle(&error);
        match self.last_link(path) {
            Some(link) if may_be_link => self.escape(link),
            _ => Error::io("read", self.path_of(path))(error),
        }
    }

    fn escape(&self, link: &str) -> Error {
        Error::Escape { path: self.path_of(link), tree: self.root.path().to_owned() }
    }

    /// Returns the path as far as its last link.
    fn last_link<'p>(&self, path: &'p str) -> Option<&'p str> {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let starts: Vec<&str> = ends.map(|end| &path[..end]).collect();
        starts.into_iter().rev().find(|path| {
            self.root.dir().symlink_metadata(path).is_ok_and(|found| found.is_symlink())
        })
    }
}

struct Walk<'a> {
    tree: &'a Tree,
    below: &'a str,
    limits: &'a TreeLimits,
    skips: &'a mut dyn FnMut(&str, bool) -> bool,
    entries: usize,
    bytes: u64,
    found: Vec<TreeFile>,
}

impl Walk<'_> {
    /// Goes no deeper than the budget of levels, so that the stack is bounded too.
    fn folder(&mut self, dir: &Dir, prefix: &str, above: &mut Vec<Place>) -> Result<(), Error> {
        let shown = self.shown(prefix);
        let place = nofollow::place(dir).map_err(Error::io("read", shown.clone()))?;
        if place.is_some() && above.contains(&place) {
            // Without links no folder lies in itself.
            let path = self.in_tree(prefix);
            return Err(self.tree.escape(self.tree.last_link(&path).unwrap_or(&path)));
        }
        if above.len() > self.limits.levels {
            return Err(self.limit(self.limits.levels as u64, "levels of folders"));
        }
        above.push(place);
        let folder = Folder::of(dir.try_clone().map_err(Error::io("read", shown.clone()))?, shown);
        for entry in folder.entries()? {
            let path =
                if prefix.is_empty() { entry.name } else { format!("{prefix}/{}", entry.name) };
            self.entry(&path, entry.kind, above)?;
        }
        above.pop();
        Ok(())
    }

    fn entry(&mut self, path: &str, kind: Kind, above: &mut Vec<Place>) -> Result<(), Error> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(self.limit(self.limits.entries as u64, "files and folders"));
        }
        if kind != Kind::Link && (self.skips)(path, kind == Kind::Folder) {
            return Ok(());
        }
        let file = match self.tree.open(&self.in_tree(path)) {
            Ok(file) => file,
            // What is left out whatever it is need not be there.
            Err(Error::Escape { .. }) if (self.skips)(path, false) && (self.skips)(path, true) => {
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let metadata = file.metadata().map_err(Error::io("read", self.shown(path)))?;
        if kind == Kind::Link && (self.skips)(path, metadata.is_dir()) {
            return Ok(());
        }
        if metadata.is_dir() {
            return self.folder(&Dir::from_std_file(file), path, above);
        }
        self.file(path, file)
    }

    fn file(&mut self, path: &str, file: File) -> Result<(), Error> {
        let file = ReadFile::new(file, self.shown(path))?;
        let bytes = file.read_all(self.limits.file_bytes)?;
        self.bytes += bytes.len() as u64;
        if self.bytes > self.limits.total_bytes {
            return Err(self.limit(self.limits.total_bytes, "bytes in all its files"));
        }
        self.found.push(TreeFile { path: path.to_owned(), bytes });
        Ok(())
    }

    fn limit(&self, limit: u64, unit: &'static str) -> Error {
        Error::Limit { path: self.tree.path_of(self.below), limit, unit }
    }

    fn in_tree(&self, path: &str) -> String {
        match (self.below, path) {
            ("", path) => path.to_owned(),
            (below, "") => below.to_owned(),
            (below, path) => format!("{below}/{path}"),
        }
    }

    fn shown(&self, path: &str) -> String {
        self.tree.path_of(&self.in_tree(path))
    }
}

/// Which folder it is, where the system tells.
type Place = Option<(u64, u64)>;
