//! Group, version and kind.

use std::fmt;

/// Group, version and kind of an object; as a selector, what is empty fits all.
///
/// Mirrors `Gvk` in `resid/gvk.go` of kyaml v0.21.2.
#[expect(missing_docs, reason = "the names of Kubernetes")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gvk {
    pub group: String,
    pub version: String,
    pub kind: String,
}

/// Cuts `apps/v1` into group and version; without a `/` there is no group.
pub(crate) fn split_api_version(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

impl Gvk {
    /// Returns group, version and kind of an object.
    #[must_use]
    pub fn new(api_version: &str, kind: &str) -> Self {
        let (group, version) = split_api_version(api_version);
        Self { group: group.to_owned(), version: version.to_owned(), kind: kind.to_owned() }
    }

    /// Group and version as an object has them.
    #[must_use]
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// Whether a selector fits.
    #[must_use]
    pub fn is_selected(&self, selector: &Self) -> bool {
        let fits = |own: &str, selector: &str| selector.is_empty() || own == selector;
        fits(&self.group, &selector.group)
            && fits(&self.version, &selector.version)
            && fits(&self.kind, &selector.kind)
    }
}

impl fmt::Display for Gvk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or = |text: &str, none: &str| {
            if text.is_empty() { none.to_owned() } else { text.to_owned() }
        };
        let kind = or(&self.kind, "[noKind]");
        let version = or(&self.version, "[noVer]");
        write!(formatter, "{kind}.{version}.{}", or(&self.group, "[noGrp]"))
    }
}
