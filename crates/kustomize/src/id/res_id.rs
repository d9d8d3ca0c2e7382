//! The identity of an object.

use std::fmt;

use super::gvk::Gvk;
use super::scope::is_cluster_scoped;

/// The namespace that stands for none.
const NO_NAMESPACE: &str = "_non_namespaceable_";
/// The namespace of what names none.
const DEFAULT_NAMESPACE: &str = "default";

/// Group, version, kind, name and namespace of an object; as a selector, what is empty fits all.
///
/// Mirrors `ResId` in `resid/resid.go` of kyaml v0.21.2.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ResId {
    /// Group, version and kind.
    pub gvk: Gvk,
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`.
    pub namespace: String,
    /// Whether the kind is known to stand in no namespace. Earlier ids never are.
    pub is_cluster_scoped: bool,
}

impl ResId {
    /// Returns the id of an object as it is.
    #[must_use]
    pub fn current(api_version: &str, kind: &str, name: &str, namespace: &str) -> Self {
        Self {
            gvk: Gvk::new(api_version, kind),
            name: name.to_owned(),
            namespace: namespace.to_owned(),
            is_cluster_scoped: is_cluster_scoped(api_version, kind),
        }
    }

    /// The namespace that counts: `default` for none.
    #[must_use]
    pub fn effective_namespace(&self) -> &str {
        match self.namespace.as_str() {
            _ if self.is_cluster_scoped => NO_NAMESPACE,
            "" => DEFAULT_NAMESPACE,
            namespace => namespace,
        }
    }

    /// Whether both stand in the same namespace.
    #[must_use]
    pub fn is_in_namespace_of(&self, other: &Self) -> bool {
        self.effective_namespace() == other.effective_namespace()
    }

    /// Whether kind and name are the same.
    #[must_use]
    pub fn has_gvk_and_name_of(&self, other: &Self) -> bool {
        self.name == other.name && self.gvk == other.gvk
    }

    /// Whether both are the same object.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.has_gvk_and_name_of(other) && self.is_in_namespace_of(other)
    }

    /// Whether a selector fits.
    #[must_use]
    pub fn is_selected_by(&self, selector: &Self) -> bool {
        (selector.name.is_empty() || selector.name == self.name)
            && (selector.namespace.is_empty() || selector.is_in_namespace_of(self))
            && self.gvk.is_selected(&selector.gvk)
    }

    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for ResId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or = |text: &str, none: &str| {
            if text.is_empty() { none.to_owned() } else { text.to_owned() }
        };
        let (name, namespace) = (or(&self.name, "[noName]"), or(&self.namespace, "[noNs]"));
        write!(formatter, "{}/{name}.{namespace}", self.gvk)
    }
}
