//! What templates are told of the cluster: `.Capabilities`.

use crate::Profile;
use crate::values::is_compatible;

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

/// Why a text is no version of Kubernetes.
///
/// Mirrors `ParseGeneric` in `k8s.io/apimachinery/pkg/util/version` 0.36.1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid kube version '{text}': {reason}")]
pub struct KubeVersionError {
    /// The text.
    pub text: String,
    /// What is wrong with it, in the words of Kubernetes.
    pub reason: String,
}

/// A chart does not take the version of Kubernetes that it is rendered for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {version}")]
pub struct IncompatibleKubeVersion {
    /// `kubeVersion` of the chart.
    pub wanted: String,
    /// The version of Kubernetes, as it is printed.
    pub version: String,
}

impl Capabilities {
    /// Returns what a release of Helm assumes of a cluster that it does not ask.
    ///
    /// `kube_version` is `--kube-version`, else the one that the release was built with;
    /// `api_versions` are those of `--api-versions`, which come after the usual ones.
    ///
    /// # Errors
    ///
    /// When `kube_version` is no version.
    pub fn new(
        profile: Profile,
        kube_version: Option<&str>,
        api_versions: &[String],
    ) -> Result<Self, KubeVersionError> {
        let rules = profile.rules();
        let kube_version = match kube_version.filter(|version| !version.is_empty()) {
            Some(text) => KubeVersion::parse(text, profile)?,
            None => KubeVersion::parse(rules.kube_version, profile)?,
        };
        let known = API_VERSIONS.iter().map(|version| (*version).to_owned());
        Ok(Self {
            kube_version,
            api_versions: known.chain(api_versions.iter().cloned()).collect(),
            helm_version: rules.helm_version.to_owned(),
        })
    }

    /// Checks `kubeVersion` of a chart, which is empty where nothing is wanted.
    ///
    /// Mirrors `renderResources` in `pkg/action/action.go` of Helm 4.2.4.
    ///
    /// # Errors
    ///
    /// When the version of Kubernetes is outside the range, or the range cannot be read.
    pub fn check(&self, kube_version: &str) -> Result<(), IncompatibleKubeVersion> {
        if kube_version.is_empty() || is_compatible(kube_version, &self.kube_version.normalized) {
            return Ok(());
        }
        Err(IncompatibleKubeVersion {
            wanted: kube_version.to_owned(),
            version: self.kube_version.version.clone(),
        })
    }
}

impl KubeVersion {
    /// Reads a version: two or more numbers, and anything after them.
    ///
    /// # Errors
    ///
    /// When there are no such numbers, or they do not fit 64 bits.
    pub fn parse(text: &str, profile: Profile) -> Result<Self, KubeVersionError> {
        let numbers =
            numbers(text).map_err(|reason| KubeVersionError { text: text.to_owned(), reason })?;
        let joined: Vec<_> = numbers.iter().map(ToString::to_string).collect();
        let normalized = format!("v{}", joined.join("."));
        let version = match profile.rules().keeps_kube_version {
            true if text.starts_with('v') => text.to_owned(),
            true => format!("v{text}"),
            false => normalized.clone(),
        };
        let [major, minor, ..] = joined.as_slice() else {
            unreachable!("there are two numbers at least");
        };
        Ok(Self { version, normalized, major: major.clone(), minor: minor.clone() })
    }
}

/// Returns the numbers that a version begins with, at least two.
fn numbers(text: &str) -> Result<Vec<u64>, String> {
    let quoted = || crate::values::printed("%q", &text.into());
    let trimmed = text.trim_start_matches(['\t', '\n', '\u{c}', '\r', ' ']);
    let rest = trimmed.strip_prefix('v').unwrap_or(trimmed);
    let end = end_of_numbers(rest);
    let (written, extra) = rest.split_at(end);
    if end == 0 || extra.contains('\n') {
        return Err(format!("could not parse {} as version", quoted()));
    }
    if !written.contains('.') {
        return Err(format!("illegal version string {}", quoted()));
    }
    let first = written.split('.').next().unwrap_or_default();
    if first.len() > 1 && first.starts_with('0') {
        return Err(format!("illegal zero-prefixed version component \"{first}\" in {}", quoted()));
    }
    let number = |number: &str| {
        number.parse().map_err(|_| {
            format!(
                "illegal non-numeric version component \"{number}\" in {}: \
                 strconv.ParseUint: parsing \"{number}\": value out of range",
                quoted()
            )
        })
    };
    written.split('.').map(number).collect()
}

/// Returns how far digits go that have single dots between them.
fn end_of_numbers(text: &str) -> usize {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(text);
    while end > 0 && text[end..].starts_with('.') {
        match digits(&text[end + 1..]) {
            0 => break,
            more => end += 1 + more,
        }
    }
    end
}

/// The API versions that client-go 0.36 knows, in the order in which it says them.
///
/// Printed alike by Helm 4.2.4 and 3.21.4.
static API_VERSIONS: [&str; 55] = [
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha2",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];
