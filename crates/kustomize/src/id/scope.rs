//! Which kinds stand in no namespace.

use std::collections::HashSet;
use std::sync::LazyLock;

static CLUSTER_SCOPED: LazyLock<HashSet<(&str, &str)>> = LazyLock::new(|| {
    let lines = include_str!("../openapi/cluster_scoped.txt").lines();
    lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' ')).collect()
});

/// Whether a kind is known to stand in no namespace; every kind that is not known stands in one.
pub(crate) fn is_cluster_scoped(api_version: &str, kind: &str) -> bool {
    CLUSTER_SCOPED.contains(&(api_version, kind))
}
