//! `Chart.lock`, as Helm writes it.

use sealift_goyaml::{Limits, first, to_yaml};

use super::Need;
use super::hash::locked;
use crate::Error;
use crate::json::{Object, list};

/// Returns the text of a lock; `generated` is a time in Go's RFC 3339 form, such as `2026-01-02T03:04:05.678901234Z`.
///
/// Mirrors `writeLock` in `pkg/downloader/manager.go` of Helm 4.2.4: JSON, read as YAML and written.
pub(crate) fn text(found: &[Need], digest: &str, generated: &str) -> Result<String, Error> {
    let found: Vec<_> = found.iter().map(locked).collect();
    let json = Object::default()
        .text("generated", generated)
        .text("digest", digest)
        .raw("dependencies", &list(&found))
        .end();
    let failed = |why: String| Error::Metadata { name: "Chart.lock".to_owned(), why };
    let limits = Limits::default();
    let node = first(&json, &limits).map_err(|error| failed(error.to_string()))?;
    let node = node.ok_or_else(|| failed("it is empty".to_owned()))?;
    to_yaml(&node, &limits).map_err(|error| failed(error.to_string()))
}

/// Returns the name of the file.
pub(crate) fn name(is_v1: bool) -> &'static str {
    if is_v1 { "requirements.lock" } else { "Chart.lock" }
}
