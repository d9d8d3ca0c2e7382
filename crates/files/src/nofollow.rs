//! One step at a time below an open folder, never through a link.

use std::fs::File;
use std::io;

use cap_std::fs::Dir;

/// Opens a folder that is no link.
#[cfg(unix)]
pub(crate) fn open_dir(parent: &Dir, name: &str) -> io::Result<Dir> {
    use rustix::fs::{Mode, OFlags, openat};
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(Dir::from_std_file(File::from(openat(parent, name, flags, Mode::empty())?)))
}

/// Opens whatever is no link for reading, without waiting for the other end of a pipe.
#[cfg(unix)]
pub(crate) fn open_file(parent: &Dir, name: &str) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags, openat};
    let flags =
        OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(File::from(openat(parent, name, flags, Mode::empty())?))
}

/// Creates a file that nobody else can open, and fails where one is.
#[cfg(unix)]
pub(crate) fn create_new(parent: &Dir, name: &str) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags, openat};
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(File::from(openat(parent, name, flags, Mode::RUSR | Mode::WUSR)?))
}

/// Opens what a path of the operator names, links and all, without waiting for the other end of a pipe.
#[cfg(unix)]
pub(crate) fn open_ambient(path: &std::path::Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(File::from(open(path, flags, Mode::empty())?))
}

/// Sets the permissions whatever the umask says.
#[cfg(unix)]
pub(crate) fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

/// Returns whether a file belongs to this user.
#[cfg(unix)]
pub(crate) fn is_ours(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(file.metadata()?.uid() == rustix::process::geteuid().as_raw())
}

/// Makes the names in a folder durable.
#[cfg(unix)]
pub(crate) fn sync_dir(dir: &Dir) -> io::Result<()> {
    // `Dir` may be an `O_PATH` handle, which cannot be synced.
    open_dir(dir, ".")?.into_std_file().sync_all()
}

#[cfg(not(unix))]
mod portable {
    use super::*;

    fn refuse_link(parent: &Dir, name: &str) -> io::Result<()> {
        if parent.symlink_metadata(name)?.is_symlink() {
            return Err(io::Error::other("a link"));
        }
        Ok(())
    }

    /// Opens a folder that is no link. A link made between the look and the opening still cannot leave `parent`.
    pub(crate) fn open_dir(parent: &Dir, name: &str) -> io::Result<Dir> {
        refuse_link(parent, name)?;
        parent.open_dir(name)
    }

    /// Opens a file that is no link, as [`open_dir`] does.
    pub(crate) fn open_file(parent: &Dir, name: &str) -> io::Result<File> {
        refuse_link(parent, name)?;
        Ok(parent.open(name)?.into_std())
    }

    /// Creates a file, and fails where one is.
    pub(crate) fn create_new(parent: &Dir, name: &str) -> io::Result<File> {
        let mut options = cap_std::fs::OpenOptions::new();
        options.read(true).write(true).create_new(true);
        Ok(parent.open_with(name, &options)?.into_std())
    }

    /// Opens what a path of the operator names.
    pub(crate) fn open_ambient(path: &std::path::Path) -> io::Result<File> {
        File::open(path)
    }

    /// Permissions are inherited from the folder here.
    pub(crate) fn set_mode(_file: &File, _mode: u32) -> io::Result<()> {
        Ok(())
    }

    /// Who may write is decided by access lists here.
    pub(crate) fn is_ours(_file: &File) -> io::Result<bool> {
        Ok(true)
    }

    /// Folders cannot be synced here; renames are journalled by the file system.
    pub(crate) fn sync_dir(_dir: &Dir) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(not(unix))]
pub(crate) use portable::{
    create_new, is_ours, open_ambient, open_dir, open_file, set_mode, sync_dir,
};
