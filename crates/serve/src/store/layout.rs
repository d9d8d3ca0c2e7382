//! What makes a folder an OCI layout.

use sealift_files::{Folder, Lock, Mode};
use serde_json::Value;

use super::place;
use crate::Error;
use crate::limits::LAYOUT_FILE_BYTES;

/// Makes an empty folder a layout, and clears what a killed server left in one. A folder of something else stays as it is.
pub(crate) fn prepare(folder: &Folder) -> Result<Lock, Error> {
    let is_layout = folder.size(place::LAYOUT)?.is_some();
    if !is_layout && folder.entries()?.iter().any(|entry| !is_ours(&entry.name)) {
        return Err(wrong(
            folder,
            "it holds other things and no file `oci-layout`; name an empty or a new folder",
        ));
    }
    let lock = folder.lock(place::LOCK)?;
    if !is_layout {
        folder.write(place::LAYOUT, place::LAYOUT_TEXT.as_bytes(), Mode::Public)?;
    }
    let uploads = folder.create_folder(place::UPLOADS)?;
    for entry in uploads.entries()? {
        uploads.remove(&entry.name)?;
    }
    Ok(lock)
}

/// What a server leaves that was killed while it made a layout, and what a new file system holds.
fn is_ours(name: &str) -> bool {
    matches!(name, "sealift" | "oci-layout.part" | "lost+found")
}

/// Refuses a folder that is no layout, and one of another version.
pub(crate) fn check(folder: &Folder) -> Result<(), Error> {
    let text = match folder.read(place::LAYOUT, LAYOUT_FILE_BYTES) {
        Err(error) if error.is_not_found() => return Err(wrong(folder, "no file `oci-layout`")),
        other => other?,
    };
    let layout: Value =
        serde_json::from_slice(&text).map_err(|_| wrong(folder, "`oci-layout` is not JSON"))?;
    match layout.get("imageLayoutVersion").and_then(Value::as_str) {
        Some("1.0.0") => Ok(()),
        _ => Err(wrong(folder, "`oci-layout` names another version than 1.0.0")),
    }
}

fn wrong(folder: &Folder, reason: &str) -> Error {
    Error::Layout { path: folder.path().to_owned(), reason: reason.to_owned() }
}
