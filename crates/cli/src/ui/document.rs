//! The JSON reports of the verbs: `apiVersion` and `kind` first, as in every file of ours.

use sealift_inventory::API_VERSION;
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    api_version: &'static str,
    kind: &'static str,
    #[serde(flatten)]
    body: Value,
}

/// Writes a report of a kind; `body` is an object.
pub(crate) fn document(kind: &'static str, body: Value) -> String {
    let document = Document { api_version: API_VERSION, kind, body };
    serde_json::to_string_pretty(&document).expect("an object has string keys") + "\n"
}
