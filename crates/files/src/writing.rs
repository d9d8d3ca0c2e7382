//! Writing under `NAME.part` until all is there.

use std::fs::{File, TryLockError};
use std::io::Write;

use cap_std::fs::Dir;

use crate::{Error, Folder, nofollow};

/// The permissions of a file, whatever the umask says. On Windows those of its folder hold instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// 0755.
    Executable,
    /// 0644.
    Public,
    /// 0600, from the moment it exists.
    Secret,
}

impl Mode {
    fn bits(self) -> u32 {
        match self {
            Self::Executable => 0o755,
            Self::Public => 0o644,
            Self::Secret => 0o600,
        }
    }
}

/// A file that is being written and has no final name yet. Dropped without [`PartFile::commit`], it is removed.
#[derive(Debug)]
pub struct PartFile {
    file: File,
    /// Where the part lies.
    dir: Dir,
    name: String,
    /// The path of the file that it becomes, as typed.
    path: String,
    size_bytes: u64,
    done: bool,
}

impl PartFile {
    /// Starts `NAME.part` in `dir`. One that a killed process left is replaced, one that a living process writes is not.
    pub(crate) fn create(dir: Dir, name: &str, path: String) -> Result<Self, Error> {
        let part = format!("{name}.part");
        remove_stale(&dir, &part, &path)?;
        let file = nofollow::create_new(&dir, &part).map_err(Error::io("create", path.clone()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::Busy { path }),
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", path)(error)),
        }
        Ok(Self { file, dir, name: part, path, size_bytes: 0, done: false })
    }

    /// Appends bytes.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; the part is then of unknown content and should be dropped.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_all(bytes).map_err(Error::io("write", self.path.clone()))?;
        self.size_bytes += bytes.len() as u64;
        Ok(())
    }

    /// Returns how many bytes were written.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Opens what was written so far a second time, for reading.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn reader(&self) -> Result<crate::ReadFile, Error> {
        let file = nofollow::open_file(&self.dir, &self.name)
            .map_err(Error::io("read", self.path.clone()))?;
        crate::ReadFile::new(file, self.path.clone())
    }

    /// Gives the file its name: flushed to disk first, in the place of what has that name.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; nothing is then under the final name but what was there before.
    pub fn commit(self, mode: Mode) -> Result<(), Error> {
        let name = self.name.strip_suffix(".part").expect("made by create").to_owned();
        let dir = self.dir.try_clone().map_err(Error::io("open", self.path.clone()))?;
        self.rename(&dir, &name, mode)
    }

    /// Gives the file a name in another folder on the same file system, whose parents are made.
    ///
    /// # Errors
    ///
    /// As [`PartFile::commit`].
    pub fn commit_as(mut self, folder: &Folder, name: &str, mode: Mode) -> Result<(), Error> {
        let (dir, last) = folder.make_parent(name)?;
        self.path = folder.path_of(name);
        self.rename(&dir, &last, mode)
    }

    /// As [`PartFile::commit`], without waiting for the disk: for what can be had again and is checked when it is read, since a power
    /// cut may leave a file of this name with other bytes.
    ///
    /// # Errors
    ///
    /// As [`PartFile::commit`].
    pub fn commit_unsynced(mut self, mode: Mode) -> Result<(), Error> {
        let name = self.name.strip_suffix(".part").expect("made by create").to_owned();
        nofollow::set_mode(&self.file, mode.bits())
            .map_err(Error::io("write", self.path.clone()))?;
        self.dir
            .rename(&self.name, &self.dir, &name)
            .map_err(Error::io("rename", self.path.clone()))?;
        self.done = true;
        Ok(())
    }

    fn rename(mut self, dir: &Dir, name: &str, mode: Mode) -> Result<(), Error> {
        let failed = || Error::io("write", self.path.clone());
        nofollow::set_mode(&self.file, mode.bits()).map_err(failed())?;
        self.file.sync_all().map_err(failed())?;
        self.dir.rename(&self.name, dir, name).map_err(Error::io("rename", self.path.clone()))?;
        self.done = true;
        nofollow::sync_dir(dir).map_err(Error::io("write", self.path.clone()))
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.done {
            // Nothing can be done about a part that stays: the next run replaces it.
            drop(self.dir.remove_file(&self.name));
        }
    }
}

fn remove_stale(dir: &Dir, part: &str, path: &str) -> Result<(), Error> {
    match dir.symlink_metadata(part) {
        Err(_) => return Ok(()), // absent, or what creation will report
        Ok(metadata) if metadata.is_file() => {
            let file = nofollow::open_file(dir, part)
                .map_err(Error::io("read", format!("{path}.part")))?;
            if let Err(TryLockError::WouldBlock) = file.try_lock() {
                return Err(Error::Busy { path: path.to_owned() });
            }
        }
        Ok(_) => {}
    }
    dir.remove_file(part).map_err(Error::io("remove", format!("{path}.part")))
}
