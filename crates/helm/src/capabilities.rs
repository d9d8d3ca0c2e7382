//! What templates are told of the cluster: `.Capabilities`.

/// What templates are told of the cluster.
///
/// Mirrors `pkg/chart/common/capabilities.go` of Helm 4.2.4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The version of Kubernetes.
    pub kube_version: KubeVersion,
    /// The API versions, the usual ones first, in Helm's order.
    pub api_versions: Vec<String>,
    /// The version of Helm itself, such as `v4.2.4`.
    pub helm_version: String,
}

/// A version of Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubeVersion {
    /// As it is printed, such as `v1.33.4-gke.1`.
    pub version: String,
    /// Without what a vendor added, such as `v1.33.4`: what constraints are checked against.
    pub normalized: String,
    /// The first number.
    pub major: String,
    /// The second number.
    pub minor: String,
}
