//! The order of kinds and of objects.

use std::cmp::Ordering;

use crate::id::{Gvk, ResId};
use crate::kustomization::SortOptions;
use crate::resource::Resource;

/// Kinds that come first, in the order in which a cluster needs them.
const FIRST: [&str; 22] = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];

/// Kinds that come last.
const LAST: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// In which order objects are written, when the kustomization does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reorder {
    /// Namespaces first, webhooks last. The default.
    #[default]
    Legacy,
    /// As they were accumulated.
    None,
}

/// Why the field `sortOptions` is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SortError {
    /// The order is not known.
    #[error("`sortOptions.order` must be one of [fifo, legacy], not {0:?}")]
    Order(String),
    /// Options of another order.
    #[error(
        "`sortOptions.legacySortOptions` is set and `sortOptions.order` is 'fifo', not 'legacy'"
    )]
    LegacyOptions,
}

/// What kinds are sorted by: those that come first, the others, those that come last; then by name.
///
/// Mirrors `IsLessThan` in `resid/gvk.go` of kyaml v0.21.2.
pub(crate) fn kind_key(gvk: &Gvk) -> (isize, String) {
    (rank(&gvk.kind, &FIRST, &LAST), sort_key(gvk))
}

fn rank<S: AsRef<str>>(kind: &str, first: &[S], last: &[S]) -> isize {
    let find = |kinds: &[S]| {
        kinds
            .iter()
            .rposition(|known| known.as_ref() == kind)
            .and_then(|at| isize::try_from(at).ok())
    };
    let count = isize::try_from(first.len()).unwrap_or(0);
    find(last).map(|at| at + 1).or_else(|| find(first).map(|at| at - count)).unwrap_or(0)
}

fn sort_key(gvk: &Gvk) -> String {
    let or =
        |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    let (group, version) = (or(&gvk.group, "~G"), or(&gvk.version, "~V"));
    format!("{group}_{version}_{}", or(&gvk.kind, "~K"))
}

fn id_key(id: &ResId) -> String {
    let or =
        |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    format!("{}|{}|{}", id.gvk, or(&id.namespace, "~X"), or(&id.name, "~N"))
}

/// Sorts objects as the kustomization says, or else as the caller does.
///
/// Mirrors `internal/builtins/SortOrderTransformer.go` of kustomize api v0.21.2.
pub(crate) fn sort(
    resources: &mut [Resource],
    options: Option<&SortOptions>,
    reorder: Reorder,
) -> Result<(), SortError> {
    let Some(options) = options else {
        if reorder == Reorder::Legacy {
            sort_legacy(resources, &FIRST, &LAST);
        }
        return Ok(());
    };
    match (options.order.as_str(), &options.legacy) {
        ("fifo", None) => {}
        ("fifo", Some(_)) => return Err(SortError::LegacyOptions),
        ("legacy", None) => sort_legacy(resources, &FIRST, &LAST),
        ("legacy", Some(kinds)) => sort_legacy(resources, &kinds.first, &kinds.last),
        (order, _) => return Err(SortError::Order(order.to_owned())),
    }
    Ok(())
}

fn sort_legacy<S: AsRef<str>>(resources: &mut [Resource], first: &[S], last: &[S]) {
    resources.sort_by_cached_key(|resource| Key::of(&resource.id(), first, last));
}

/// What objects are sorted by.
#[derive(PartialEq, Eq)]
struct Key {
    rank: isize,
    gvk: Gvk,
    kind: String,
    id: String,
}

impl Key {
    fn of<S: AsRef<str>>(id: &ResId, first: &[S], last: &[S]) -> Self {
        let rank = rank(&id.gvk.kind, first, last);
        Self { rank, kind: sort_key(&id.gvk), id: id_key(id), gvk: id.gvk.clone() }
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.gvk == other.gvk {
            return self.id.cmp(&other.id);
        }
        // Of two kinds `Namespace`, that of Kubernetes comes first, although `~G` would stand behind any group.
        let namespaces = self.gvk.kind == "Namespace" && other.gvk.kind == "Namespace";
        let is_core = self.gvk.group.is_empty() || other.gvk.group.is_empty();
        let kinds = self.kind.cmp(&other.kind);
        self.rank.cmp(&other.rank).then(if namespaces && is_core { kinds.reverse() } else { kinds })
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
