//! Files of the operator's that this crate reads: credentials, certificates, mirrors.

use std::path::{Path, PathBuf};

use sealift_files::Error;
use sealift_oci::{StoreError, StoreErrorKind};

use crate::limits::FILE_BYTES;

/// Returns the text of a file, or `None` where there is none.
pub(crate) fn text(path: &Path) -> Result<Option<String>, StoreError> {
    match sealift_files::read_text(path, FILE_BYTES) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

/// Returns the bytes of a file that must be there.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, StoreError> {
    sealift_files::read(path, FILE_BYTES).map_err(failed)
}

/// Returns the files of a folder by name, links included as secrets of Kubernetes are mounted so; none where there is no folder.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let unreadable = |source: std::io::Error| {
        StoreError::new(StoreErrorKind::Disk, format!("cannot list `{}`", folder.display()))
            .because(source)
    };
    let entries = match folder.read_dir() {
        Ok(entries) => entries,
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(Vec::new());
        }
        Err(error) => return Err(unreadable(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Makes a store error of a file error; its text is kept whole, the cause apart.
pub(crate) fn failed(error: Error) -> StoreError {
    StoreError::new(StoreErrorKind::Disk, error.to_string()).because(error)
}
