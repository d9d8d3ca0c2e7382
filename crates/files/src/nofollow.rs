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

/// Opens what a path names, through links that stay below `root`; an empty path is the root itself.
#[cfg(unix)]
pub(crate) fn open_beneath(root: &Dir, path: &str) -> io::Result<File> {
    use cap_std::fs::OpenOptionsExt;
    use rustix::fs::OFlags;
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let mut options = cap_std::fs::OpenOptions::new();
    options.read(true).custom_flags(flags.bits().cast_signed());
    let path = if path.is_empty() { "." } else { path };
    Ok(root.open_with(path, &options)?.into_std())
}

/// Opens what a path names, wherever its links lead.
#[cfg(unix)]
pub(crate) fn open_through(root: &Dir, path: &str) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags, openat};
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let path = if path.is_empty() { "." } else { path };
    Ok(File::from(openat(root, path, flags, Mode::empty())?))
}

/// Returns whether links led in a circle.
#[cfg(unix)]
pub(crate) fn is_circle(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

/// Returns what tells a folder from all others: device and inode.
#[cfg(unix)]
pub(crate) fn place(dir: &Dir) -> io::Result<Option<(u64, u64)>> {
    use cap_std::fs::MetadataExt;
    let metadata = dir.dir_metadata()?;
    Ok(Some((metadata.dev(), metadata.ino())))
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

/// Makes a folder, and its parents, that nobody else can look into.
#[cfg(unix)]
pub(crate) fn create_private(path: &std::path::Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Returns why others may have put something into a folder.
#[cfg(unix)]
pub(crate) fn foreign(dir: &Dir) -> io::Result<Option<&'static str>> {
    use cap_std::fs::MetadataExt;
    let metadata = dir.dir_metadata()?;
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Ok(Some("belongs to another user"));
    }
    Ok((metadata.mode() & 0o022 != 0).then_some("can be written by others"))
}

/// Returns whether a file belongs to this user or to the system.
#[cfg(unix)]
pub(crate) fn is_trusted(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok([rustix::process::geteuid().as_raw(), 0].contains(&file.metadata()?.uid()))
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

    /// Opens what a path names, through links that stay below `root`; an empty path is the root itself.
    pub(crate) fn open_beneath(root: &Dir, path: &str) -> io::Result<File> {
        let path = if path.is_empty() { "." } else { path };
        if root.metadata(path)?.is_dir() {
            return Ok(root.open_dir(path)?.into_std_file());
        }
        Ok(root.open(path)?.into_std())
    }

    /// No link out of the root is followed here.
    pub(crate) fn open_through(root: &Dir, path: &str) -> io::Result<File> {
        open_beneath(root, path)
    }

    /// Circles have no error of their own here.
    pub(crate) fn is_circle(_error: &io::Error) -> bool {
        false
    }

    /// Folders are not told apart here: a circle of links ends at the budget of levels.
    pub(crate) fn place(_dir: &Dir) -> io::Result<Option<(u64, u64)>> {
        Ok(None)
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

    /// Makes a folder, and its parents.
    pub(crate) fn create_private(path: &std::path::Path) -> io::Result<()> {
        std::fs::DirBuilder::new().recursive(true).create(path)
    }

    /// Who may write is decided by access lists here.
    pub(crate) fn foreign(_dir: &Dir) -> io::Result<Option<&'static str>> {
        Ok(None)
    }

    /// Who may write is decided by access lists here.
    pub(crate) fn is_trusted(_file: &File) -> io::Result<bool> {
        Ok(true)
    }

    /// Folders cannot be synced here; renames are journalled by the file system.
    pub(crate) fn sync_dir(_dir: &Dir) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(not(unix))]
pub(crate) use portable::{
    create_new, create_private, foreign, is_circle, is_ours, is_trusted, open_ambient,
    open_beneath, open_dir, open_file, open_through, place, set_mode, sync_dir,
};
