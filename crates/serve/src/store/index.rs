//! `index.json`: what other tools see of the folder.

use sealift_files::{Folder, Mode};
use sealift_oci::limits::LAYOUT_INDEX_BYTES;
use sealift_reference::media_type;
use serde_json::{Map, Value, json};

use super::place;
use super::table::Table;
use crate::Error;

const REF_NAME: &str = "org.opencontainers.image.ref.name";
/// Marks the entries that follow from the tags, which are written anew each time; all others stay as they are.
const MARK: &str = "dev.sealift.repository";

/// Returns the entries of `index.json` that are not ours.
pub(crate) fn foreign(folder: &Folder) -> Result<Vec<Value>, Error> {
    let bytes = match folder.read(place::INDEX, LAYOUT_INDEX_BYTES as u64) {
        Err(error) if error.is_not_found() => return Ok(Vec::new()),
        other => other?,
    };
    let wrong = |reason: String| Error::Layout { path: folder.path().to_owned(), reason };
    let index: Value = serde_json::from_slice(&bytes)
        .map_err(|error| wrong(format!("index.json is not JSON: {error}")))?;
    let entries = index.get("manifests").and_then(Value::as_array).cloned().unwrap_or_default();
    Ok(entries.into_iter().filter(|entry| annotation(entry, MARK).is_none()).collect())
}

/// Returns the name of an entry.
pub(crate) fn ref_name(entry: &Value) -> Option<&str> {
    annotation(entry, REF_NAME)
}

fn annotation<'a>(entry: &'a Value, key: &str) -> Option<&'a str> {
    entry.get("annotations")?.get(key)?.as_str()
}

/// Returns the text of `index.json`: the foreign entries as they were, then one for each tag, named `repository:tag`.
pub(crate) fn text(foreign: &[Value], table: &Table) -> String {
    let ours = table.tagged().map(|(name, tag, descriptor)| {
        let mut entry = descriptor.clone();
        entry.annotations = [
            (MARK.to_owned(), name.as_str().to_owned()),
            (REF_NAME.to_owned(), format!("{}:{tag}", name.as_str())),
        ]
        .into();
        entry.to_json()
    });
    let manifests: Vec<Value> = foreign.iter().cloned().chain(ours).collect();
    let mut index = Map::new();
    index.insert("schemaVersion".to_owned(), json!(2));
    index.insert("mediaType".to_owned(), json!(media_type::OCI_INDEX));
    index.insert("manifests".to_owned(), Value::Array(manifests));
    Value::Object(index).to_string()
}

/// Writes it.
pub(crate) fn write(folder: &Folder, text: &str) -> Result<(), sealift_files::Error> {
    folder.write(place::INDEX, text.as_bytes(), Mode::Public)
}
