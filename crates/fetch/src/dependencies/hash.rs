//! The hash that ties `Chart.lock` to `Chart.yaml`.

use sealift_reference::Digest;

use super::Need;
use crate::json::{Object, list};

/// Returns the hash of requests (as JSON) and of what was found for them.
///
/// Mirrors `HashReq` in `internal/resolver/resolver.go` of Helm 4.2.4.
pub(crate) fn hash(requests: &[String], found: &[Need]) -> String {
    let found: Vec<_> = found.iter().map(locked).collect();
    Digest::sha256(list(&[list(requests), list(&found)]).as_bytes()).to_string()
}

/// As `json.Marshal` writes `chart.Dependency` with these fields.
pub(crate) fn locked(need: &Need) -> String {
    let object = Object::default().text("name", &need.name);
    let object =
        if need.version.is_empty() { object } else { object.text("version", &need.version) };
    object.text("repository", &need.repository).end()
}
