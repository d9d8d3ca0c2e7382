//! The lock of what failed, so that only that is tried again.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use sealift_inventory::Lock;

use super::{Done, base, reads_lock};
use crate::args::{MirrorArgs, Shard};
use crate::failure::Failure;
use crate::locks;

/// How the names of such locks begin.
const FAILED: &str = "failed";

/// Where it is written: in the folder from which the paths in it start. Shards run side by side and each has its own, so that what
/// reads one goes on in the same file: two that are tried again at a time would write over one another in any other.
pub(super) fn path(args: &MirrorArgs) -> PathBuf {
    let read = Some(&*args.lock).filter(|path| reads_lock(args) && is_failed(path));
    let mut name = read.and_then(Path::file_stem).unwrap_or(OsStr::new(FAILED)).to_owned();
    if let Some(Shard { number, of }) = args.shard {
        name.push(format!("-{number}-of-{of}"));
    }
    name.push(".lock");
    base(args).join(name)
}

/// Whether a name is one of ours: `failed.lock`, `failed-2-of-4.lock`, and so on. Whatever else begins so is somebody's own.
fn is_failed(path: &Path) -> bool {
    let Some(stem) =
        path.file_name().and_then(OsStr::to_str).and_then(|name| name.strip_suffix(".lock"))
    else {
        return false;
    };
    let Some(shards) = stem.strip_prefix(FAILED) else { return false };
    let is_number =
        |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let mut words = shards.split('-');
    words.next() == Some("")
        && words.collect::<Vec<_>>().chunks(3).all(|shard| match shard {
            [number, "of", of] => [number, of].into_iter().all(is_number),
            _ => false,
        })
}

/// Writes it and its graph.
pub(super) fn write(path: &Path, done: &Done) -> Result<(), Failure> {
    let artifacts = done.failed().into_iter().cloned().collect();
    let mut lock = Lock { artifacts, ..done.lock.clone() };
    let closure = done.graph.closure(lock.roots());
    lock.totals = lock.totals(closure.blobs.len() as u64, closure.bytes());
    locks::write(path, &lock, &done.graph)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_our_own_are_written_again() {
        let is = |name: &str| is_failed(Path::new(name));
        for name in ["failed.lock", "d/failed-2-of-4.lock", "failed-2-of-4-1-of-1.lock"] {
            assert!(is(name), "{name}");
        }
        let others = [
            "sealift.lock",
            "failed",
            "failed-over.lock",
            "failed-2-of.lock",
            "failed-a-of-b.lock",
            "failed2.lock",
            "failed-.lock",
        ];
        for name in others {
            assert!(!is(name), "{name}");
        }
    }
}
