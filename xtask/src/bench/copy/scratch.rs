//! Where the registries have their files.

use std::path::Path;

use anyhow::{Context as _, Result};
use tempfile::TempDir;

/// Linux keeps in memory what is written here.
const IN_MEMORY: &str = "/dev/shm";

/// What the largest set needs at two registries, twice over.
const NEEDED_BYTES: u64 = 4 << 30;

/// Makes a folder in memory: a disk has its own mind, and is shared with others. Where there is not enough memory it is made
/// where temporary files are, and said.
pub(super) fn folder(wanted: Option<&Path>) -> Result<TempDir> {
    let made = match wanted {
        Some(folder) => tempfile::tempdir_in(folder),
        None if has_room(Path::new(IN_MEMORY)) => tempfile::tempdir_in(IN_MEMORY),
        None => {
            println!("bench copy: {IN_MEMORY} has no 4 GiB: the registries write to a disk");
            tempfile::tempdir()
        }
    };
    made.context("the registries need a folder")
}

fn has_room(folder: &Path) -> bool {
    let room = rustix::fs::statvfs(folder);
    room.is_ok_and(|room| room.f_bavail.saturating_mul(room.f_frsize) >= NEEDED_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_made_where_it_was_asked_for() {
        let outer = tempfile::tempdir().unwrap();
        let inner = folder(Some(outer.path())).unwrap();
        assert_eq!(inner.path().parent(), Some(outer.path()));
        assert!(folder(Some(&outer.path().join("none"))).is_err());
    }
}
