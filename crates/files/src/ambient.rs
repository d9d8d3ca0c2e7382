//! Files that the operator names: relative to the current folder, or absolute, through links or not.

use std::io;
use std::path::{Path, PathBuf};

use crate::{Error, Folder, Mode, ReadFile, nofollow, reading};

/// Returns the bytes of a regular file that the operator named.
///
/// # Errors
///
/// [`Error::Limit`] when there are more than `limit_bytes`; [`Error::Type`] for a pipe or a device; [`Error::Io`].
pub fn read(path: impl AsRef<Path>, limit_bytes: u64) -> Result<Vec<u8>, Error> {
    let typed = path.as_ref().display().to_string();
    let file = nofollow::open_ambient(path.as_ref()).map_err(Error::io("read", typed.clone()))?;
    ReadFile::new(file, typed)?.read_all(limit_bytes)
}

/// Returns the text of a regular file that the operator named.
///
/// # Errors
///
/// As [`read`], and [`Error::Utf8`].
pub fn read_text(path: impl AsRef<Path>, limit_bytes: u64) -> Result<String, Error> {
    let bytes = read(path.as_ref(), limit_bytes)?;
    reading::text(bytes, &path.as_ref().display().to_string())
}

/// Returns the text of a file that says whom to trust with what: one of another user is refused.
///
/// # Errors
///
/// As [`read_text`], and [`Error::Foreign`].
pub fn read_trusted_text(path: impl AsRef<Path>, limit_bytes: u64) -> Result<String, Error> {
    let typed = path.as_ref().display().to_string();
    let failed = || Error::io("read", typed.clone());
    let file = nofollow::open_ambient(path.as_ref()).map_err(failed())?;
    if !nofollow::is_trusted(&file).map_err(failed())? {
        return Err(Error::Foreign { path: typed, why: "belongs to another user" });
    }
    reading::text(ReadFile::new(file, typed.clone())?.read_all(limit_bytes)?, &typed)
}

/// Writes a file that the operator named, whole or not at all. Its folder must exist.
///
/// # Errors
///
/// [`Error::Link`] when the name itself is a link: what it leads to may be anyone's. [`Error::Io`].
pub fn write(path: impl AsRef<Path>, content: &[u8], mode: Mode) -> Result<(), Error> {
    let path = path.as_ref();
    let typed = || path.display().to_string();
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return Err(Error::Name { name: typed() });
    };
    match path.parent() {
        Some(parent) if parent != Path::new("") => Folder::open(parent)?.write(name, content, mode),
        _ => {
            Folder::open(".")?.write(name, content, mode).map_err(|error| as_typed(error, &typed()))
        }
    }
}

/// Writes a file that the operator named; where the name is a link to a file of this user, the link stays and that file is
/// replaced. For configuration that people keep elsewhere, such as `~/.docker/config.json`.
///
/// # Errors
///
/// [`Error::Link`] when the link leads to nothing, or to another user's file. [`Error::Io`].
pub fn write_behind_link(path: impl AsRef<Path>, content: &[u8], mode: Mode) -> Result<(), Error> {
    let path = path.as_ref();
    if !path.is_symlink() {
        return write(path, content, mode);
    }
    let foreign = || Error::Link { path: path.display().to_string() };
    let target = path.canonicalize().map_err(|_| foreign())?;
    let file = nofollow::open_ambient(&target).map_err(|_| foreign())?;
    if !nofollow::is_ours(&file).map_err(|_| foreign())? {
        return Err(foreign());
    }
    // The rename replaces a name in the folder of the target, and follows nothing.
    write(&target, content, mode).map_err(|error| as_typed(error, &path.display().to_string()))
}

/// Says `sealift.lock`, as typed, rather than `./sealift.lock` or where a link led.
fn as_typed(error: Error, typed: &str) -> Error {
    match error {
        Error::Io { action, source, .. } => Error::Io { action, path: typed.to_owned(), source },
        Error::Link { .. } => Error::Link { path: typed.to_owned() },
        Error::Busy { .. } => Error::Busy { path: typed.to_owned() },
        other => other,
    }
}

/// Returns whether something has that path: a file, a folder, whatever; a link counts as what it leads to.
///
/// # Errors
///
/// [`Error::Io`] when that cannot be known.
pub fn exists(path: impl AsRef<Path>) -> Result<bool, Error> {
    let path: PathBuf = path.as_ref().to_owned();
    path.try_exists().map_err(Error::io("look at", path.display().to_string()))
}

/// Returns whether a path that the operator named is a folder.
///
/// # Errors
///
/// [`Error::Io`] when nothing is there, or it cannot be known.
pub fn is_folder(path: impl AsRef<Path>) -> Result<bool, Error> {
    let typed = path.as_ref().display().to_string();
    let looked: io::Result<_> = path.as_ref().metadata();
    Ok(looked.map_err(Error::io("read", typed))?.is_dir())
}

/// What a path is, the last part of it not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, and where it leads.
    Link(PathBuf),
    /// A pipe, a socket or a device.
    Other,
    /// Nothing.
    Missing,
}

/// Returns what a path is that the operator, or what he named, leads to.
///
/// # Errors
///
/// [`Error::Io`] when that cannot be known.
pub fn look(path: impl AsRef<Path>) -> Result<Look, Error> {
    let path = path.as_ref();
    let failed = || Error::io("look at", path.display().to_string());
    let metadata = match path.symlink_metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Look::Missing),
        // Something on the way is no folder: then nothing is there.
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Ok(Look::Missing),
        Err(error) => return Err(failed()(error)),
    };
    Ok(if metadata.is_symlink() {
        Look::Link(path.read_link().map_err(failed())?)
    } else if metadata.is_dir() {
        Look::Folder
    } else if metadata.is_file() {
        Look::File
    } else {
        Look::Other
    })
}

/// Returns the same path from the root on.
///
/// # Errors
///
/// [`Error::Io`] for an empty one, and where there is no current folder.
pub fn absolute(path: impl AsRef<Path>) -> Result<PathBuf, Error> {
    let path = path.as_ref();
    std::path::absolute(path).map_err(Error::io("look at", path.display().to_string()))
}
