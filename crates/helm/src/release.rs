//! The release that a chart is rendered for.

/// The release that a chart is rendered for: `.Release`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its name.
    pub name: String,
    /// The namespace of its objects.
    pub namespace: String,
    /// Whether it is an upgrade rather than an installation.
    pub is_upgrade: bool,
}

impl Default for Release {
    /// What `helm template` has when nothing is said.
    fn default() -> Self {
        Self { name: "release-name".to_owned(), namespace: "default".to_owned(), is_upgrade: false }
    }
}
