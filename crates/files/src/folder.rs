//! A folder that was opened once; all below it is reached by name, through no link.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use crate::{Error, Mode, PartFile, ReadFile, name, nofollow, reading};

/// An open folder. Names given to its methods are relative, with `/` between parts, and cannot leave it.
#[derive(Debug)]
pub struct Folder {
    dir: Dir,
    path: String,
}

/// What a folder holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// One part.
    pub name: String,
    /// What it is, itself: a link is a link.
    pub kind: Kind,
}

/// What an [`Entry`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, to whatever.
    Link,
    /// A pipe, a socket, a device.
    Other,
}

/// Keeps a folder for this process until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Folder {
    /// Opens a folder that the operator named; the path may lead through links.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let (path, typed) = (path.as_ref(), path.as_ref().display().to_string());
        let dir = Dir::open_ambient_dir(path, ambient_authority())
            .map_err(Error::io("open folder", typed.clone()))?;
        Ok(Self { dir, path: typed })
    }

    /// Opens a folder that the operator named, and makes it, and its parents, where it is absent.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn create(path: impl AsRef<Path>) -> Result<Self, Error> {
        let typed = path.as_ref().display().to_string();
        Dir::create_ambient_dir_all(path.as_ref(), ambient_authority())
            .map_err(Error::io("create folder", typed))?;
        Self::open(path)
    }

    /// Opens a folder that the operator named and only this user may change, and makes it, and its parents, for this user
    /// alone where it is absent.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`], [`Error::Io`].
    pub fn create_private(path: impl AsRef<Path>) -> Result<Self, Error> {
        let typed = path.as_ref().display().to_string();
        nofollow::create_private(path.as_ref()).map_err(Error::io("create folder", typed))?;
        let folder = Self::open(path)?;
        let foreign = nofollow::foreign(&folder.dir);
        match foreign.map_err(Error::io("read", folder.path.clone()))? {
            Some(why) => Err(Error::Foreign { path: folder.path, why }),
            None => Ok(folder),
        }
    }

    /// Opens a folder below.
    ///
    /// # Errors
    ///
    /// [`Error::Link`] where a part is a link, [`Error::Io`].
    pub fn folder(&self, name: &str) -> Result<Self, Error> {
        let dir = self.walk(&name::parts(name)?)?;
        Ok(Self { dir, path: self.path_of(name) })
    }

    /// Opens a folder below, and makes it where it is absent (0755, less the umask).
    ///
    /// # Errors
    ///
    /// As [`Folder::folder`].
    pub fn create_folder(&self, name: &str) -> Result<Self, Error> {
        let dir = self.make(&name::parts(name)?)?;
        Ok(Self { dir, path: self.path_of(name) })
    }

    /// Returns the path as it was typed, with what is below joined by `/`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Opens a regular file.
    ///
    /// # Errors
    ///
    /// [`Error::Link`], [`Error::Type`], [`Error::Io`].
    pub fn open_file(&self, name: &str) -> Result<ReadFile, Error> {
        let (parents, last) = name::split(name)?;
        let dir = self.walk(&parents)?;
        let file = nofollow::open_file(&dir, last)
            .map_err(|error| self.explain("read", (&dir, last), name, error))?;
        ReadFile::new(file, self.path_of(name))
    }

    /// Returns the bytes of a regular file.
    ///
    /// # Errors
    ///
    /// As [`Folder::open_file`], and [`Error::Limit`].
    pub fn read(&self, name: &str, limit_bytes: u64) -> Result<Vec<u8>, Error> {
        self.open_file(name)?.read_all(limit_bytes)
    }

    /// Returns the text of a regular file.
    ///
    /// # Errors
    ///
    /// As [`Folder::read`], and [`Error::Utf8`].
    pub fn read_text(&self, name: &str, limit_bytes: u64) -> Result<String, Error> {
        reading::text(self.read(name, limit_bytes)?, &self.path_of(name))
    }

    /// Returns the length of a regular file, or `None` where nothing has that name.
    ///
    /// # Errors
    ///
    /// As [`Folder::open_file`].
    pub fn size(&self, name: &str) -> Result<Option<u64>, Error> {
        match self.open_file(name) {
            Ok(file) => Ok(Some(file.size_bytes())),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes a file whole or not at all; its parents are made.
    ///
    /// # Errors
    ///
    /// [`Error::Link`], [`Error::Busy`], [`Error::Io`]; what was there before is then still there.
    pub fn write(&self, name: &str, content: &[u8], mode: Mode) -> Result<(), Error> {
        let mut part = self.part(name)?;
        part.write(content)?;
        part.commit(mode)
    }

    /// Starts to write a file; its parents are made.
    ///
    /// # Errors
    ///
    /// As [`Folder::write`].
    pub fn part(&self, name: &str) -> Result<PartFile, Error> {
        let (dir, last) = self.make_parent(name)?;
        PartFile::create(dir, &last, self.path_of(name))
    }

    /// Removes a file or a link; returns whether there was one.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn remove(&self, name: &str) -> Result<bool, Error> {
        self.removed(name, |dir, name| dir.remove_file(name))
    }

    /// Removes an empty folder; returns whether there was one.
    ///
    /// # Errors
    ///
    /// [`Error::Io`], also when it is not empty.
    pub fn remove_folder(&self, name: &str) -> Result<bool, Error> {
        self.removed(name, |dir, name| dir.remove_dir(name))
    }

    /// Gives a file or folder of this folder another name in it; what had that name must be gone.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn rename(&self, from: &str, to: &str) -> Result<(), Error> {
        let (from_parents, from_last) = name::split(from)?;
        let (to_parents, to_last) = name::split(to)?;
        let (from_dir, to_dir) = (self.walk(&from_parents)?, self.walk(&to_parents)?);
        let renamed = from_dir.rename(from_last, &to_dir, to_last);
        renamed.map_err(Error::io("rename", self.path_of(from)))
    }

    /// Removes a folder with all that is in it, links themselves and not what they lead to; returns whether there was one.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; some of it may be gone then.
    pub fn remove_tree(&self, name: &str) -> Result<bool, Error> {
        self.removed(name, |dir, name| dir.remove_dir_all(name))
    }

    fn removed(
        &self,
        name: &str,
        remove: impl FnOnce(&Dir, &str) -> io::Result<()>,
    ) -> Result<bool, Error> {
        let (parents, last) = name::split(name)?;
        let done = self
            .walk(&parents)
            .and_then(|dir| remove(&dir, last).map_err(Error::io("remove", self.path_of(name))));
        match done {
            Ok(()) => Ok(true),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Returns what is in this folder, sorted by name. A name that is not UTF-8 is an error.
    ///
    /// # Errors
    ///
    /// [`Error::Io`], [`Error::Name`].
    pub fn entries(&self) -> Result<Vec<Entry>, Error> {
        let failed = || Error::io("list folder", self.path.clone());
        let mut entries = Vec::new();
        for entry in self.dir.entries().map_err(failed())? {
            let entry = entry.map_err(failed())?;
            let kind = entry.file_type().map_err(failed())?;
            let name = entry.file_name().into_string();
            let name =
                name.map_err(|name| Error::Name { name: name.to_string_lossy().into_owned() })?;
            entries.push(Entry { name, kind: Kind::of(kind) });
        }
        entries.sort();
        Ok(entries)
    }

    /// Keeps this folder for this process: one other call, here or elsewhere, gets [`Error::Busy`] until the lock is dropped.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Link`], [`Error::Io`].
    pub fn lock(&self, name: &str) -> Result<Lock, Error> {
        let (dir, last) = self.make_parent(name)?;
        let file = match nofollow::create_new(&dir, &last) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                nofollow::open_file(&dir, &last)
                    .map_err(|error| self.explain("lock", (&dir, &last), name, error))?
            }
            other => other.map_err(Error::io("lock", self.path_of(name)))?,
        };
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::Busy { path: self.path.clone() }),
            Err(TryLockError::Error(error)) => Err(Error::io("lock", self.path_of(name))(error)),
        }
    }

    pub(crate) fn path_of(&self, name: &str) -> String {
        if self.path.ends_with('/') {
            format!("{}{name}", self.path)
        } else {
            format!("{}/{name}", self.path)
        }
    }

    pub(crate) fn of(dir: Dir, path: String) -> Self {
        Self { dir, path }
    }

    pub(crate) fn dir(&self) -> &Dir {
        &self.dir
    }

    fn walk(&self, parts: &[&str]) -> Result<Dir, Error> {
        self.step(parts, |_, _| Ok(()))
    }

    fn make(&self, parts: &[&str]) -> Result<Dir, Error> {
        self.step(parts, |dir, part| match dir.create_dir(part) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            Err(_) => Ok(()),
            // What is written into it later is durable only when its own name is.
            Ok(()) => nofollow::sync_dir(dir),
        })
    }

    fn step(
        &self,
        parts: &[&str],
        before: impl Fn(&Dir, &str) -> io::Result<()>,
    ) -> Result<Dir, Error> {
        let mut dir = self.dir.try_clone().map_err(Error::io("open folder", self.path.clone()))?;
        for (at, part) in parts.iter().enumerate() {
            let name = || parts[..=at].join("/");
            before(&dir, part)
                .map_err(|error| self.explain("create folder", (&dir, part), &name(), error))?;
            let next = nofollow::open_dir(&dir, part);
            dir =
                next.map_err(|error| self.explain("open folder", (&dir, part), &name(), error))?;
        }
        Ok(dir)
    }

    /// Makes the folder that `name` lies in, and refuses a link of that name.
    pub(crate) fn make_parent(&self, name: &str) -> Result<(Dir, String), Error> {
        let (parents, last) = name::split(name)?;
        let dir = self.make(&parents)?;
        if dir.symlink_metadata(last).is_ok_and(|metadata| metadata.is_symlink()) {
            return Err(Error::Link { path: self.path_of(name) });
        }
        Ok((dir, last.to_owned()))
    }

    /// Systems report a link that is not followed in several ways; looking again gives it its name.
    fn explain(
        &self,
        action: &'static str,
        (dir, part): (&Dir, &str),
        name: &str,
        error: io::Error,
    ) -> Error {
        if dir.symlink_metadata(part).is_ok_and(|metadata| metadata.is_symlink()) {
            return Error::Link { path: self.path_of(name) };
        }
        Error::io(action, self.path_of(name))(error)
    }
}

impl Kind {
    fn of(kind: cap_std::fs::FileType) -> Self {
        match kind {
            kind if kind.is_symlink() => Self::Link,
            kind if kind.is_dir() => Self::Folder,
            kind if kind.is_file() => Self::File,
            _ => Self::Other,
        }
    }
}
