//! `Chart.yaml` and `Chart.lock`.

use std::collections::BTreeMap;

use sealift_gotemplate::Value;

/// `Chart.yaml`: mirrors `pkg/chart/v2/metadata.go` of Helm 4.2.4. An empty string stands
/// for a key that is not there, as in Helm.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// `name`.
    pub name: String,
    /// `home`.
    pub home: String,
    /// `sources`.
    pub sources: Vec<String>,
    /// `version`.
    pub version: String,
    /// `description`.
    pub description: String,
    /// `keywords`.
    pub keywords: Vec<String>,
    /// `maintainers`.
    pub maintainers: Vec<Maintainer>,
    /// `icon`.
    pub icon: String,
    /// `apiVersion`: `v1` or `v2`.
    pub api_version: String,
    /// `condition`.
    pub condition: String,
    /// `tags`.
    pub tags: String,
    /// `appVersion`.
    pub app_version: String,
    /// `deprecated`.
    pub deprecated: bool,
    /// `annotations`.
    pub annotations: BTreeMap<String, String>,
    /// `kubeVersion`.
    pub kube_version: String,
    /// `dependencies`, those of `requirements.yaml` included.
    pub dependencies: Vec<Dependency>,
    /// Whether `dependencies` is there, be it without entries: Helm then looks at the charts
    /// inside, which it otherwise takes as they are.
    pub has_dependencies: bool,
    /// `type`: empty, `application` or `library`.
    pub kind: String,
}

/// Someone to ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Maintainer {
    /// `name`.
    pub name: String,
    /// `email`.
    pub email: String,
    /// `url`.
    pub url: String,
}

/// A chart that a chart needs: mirrors `pkg/chart/v2/dependency.go` of Helm 4.2.4.
#[derive(Clone, Debug, Default)]
pub struct Dependency {
    /// `name`.
    pub name: String,
    /// `version`: a constraint, or a version in a lock.
    pub version: String,
    /// `repository`.
    pub repository: String,
    /// `condition`: paths of values, with commas between them.
    pub condition: String,
    /// `tags`.
    pub tags: Vec<String>,
    /// Whether it is rendered: what conditions and tags came to.
    pub enabled: bool,
    /// `import-values`: strings, and maps of `child` and `parent`.
    pub import_values: Vec<Value>,
    /// `alias`.
    pub alias: String,
}

/// `Chart.lock`.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    /// `generated`, as it was written.
    pub generated: String,
    /// `digest`.
    pub digest: String,
    /// `dependencies`, with their versions.
    pub dependencies: Vec<Dependency>,
}
