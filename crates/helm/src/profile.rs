//! Releases of Helm whose behaviour is mirrored.

use std::fmt;

/// A release of Helm: charts are rendered as this one does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Helm 3.21.4.
    Helm3_21_4,
    /// Helm 4.2.4.
    #[default]
    Helm4_2_4,
}

/// What differs between releases, as data.
///
/// A rule is a field here; code asks for rules and never for a release.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one rule that holds or does not")]
pub(crate) struct Rules {
    /// `.Chart` is a map of Go's field names, of which one that is unknown is empty;
    /// else it is a structure, of which one that is unknown is an error.
    pub(crate) chart_is_map: bool,
    /// All documents of `values.yaml` are merged; else the first is read.
    pub(crate) values_of_all_documents: bool,
    /// Nulls in the values of a chart itself are taken away, at any depth.
    pub(crate) cleans_null_defaults: bool,
    /// A document keeps the white space at its end, and is split at `---` at the start
    /// of any line; else both ends are trimmed.
    pub(crate) keeps_document_ends: bool,
    /// Webhook configurations have a place in the order of installation.
    pub(crate) orders_webhooks: bool,
    /// A chart under an alias has a copy of what it depends on, and of the charts inside;
    /// else it shares them with the chart itself and with its other aliases.
    pub(crate) copies_aliases_deep: bool,
    /// `--set-json` takes an object too, not only keys with values.
    pub(crate) sets_json_objects: bool,
    /// A `--set` argument that ends within an index sets nothing; else it is an error.
    pub(crate) ends_in_index: bool,
    /// The version of Kubernetes that nobody said: client-go's.
    pub(crate) kube_version: &'static str,
    /// What a vendor added to a version of Kubernetes is printed; the version without it
    /// is kept besides.
    pub(crate) keeps_kube_version: bool,
    /// The version of Helm, as it prints it.
    pub(crate) helm_version: &'static str,
    /// A chart is refused when its `apiVersion` is not one that is known.
    pub(crate) checks_api_version: bool,
    /// What is said after a lock that is out of sync.
    pub(crate) lock_command: &'static str,
    /// The package in which `Chart.yaml` has its type, as errors print.
    pub(crate) metadata_package: &'static str,
    /// What is said when charts are missing.
    pub(crate) missing_dependencies: &'static str,
    /// The name of a release that is none is told with the check that found it.
    pub(crate) says_name_check: bool,
    /// The package in which the head of an object has its type, as errors print.
    pub(crate) manifests_package: &'static str,
    /// An error lists the templates that led to it, a line or two for each; else it is
    /// the one line of Go.
    pub(crate) errors_list_templates: bool,
    /// `.Files.Lines` of a file without bytes fails; else it has no lines.
    pub(crate) fails_at_lines_of_nothing: bool,
    /// The version of Go in `.Capabilities.HelmVersion`.
    pub(crate) go_version: &'static str,
    /// The version of Kubernetes' client in `.Capabilities.HelmVersion`, when it has one.
    pub(crate) kube_client_version: Option<&'static str>,
    /// There are `mustToYaml` and `mustToToml`.
    pub(crate) has_must_to: bool,
    /// The package in which `.Values` and `.Capabilities` have their types, as `%T` prints.
    pub(crate) values_package: &'static str,
}

impl Profile {
    /// All profiles, the newest last.
    pub const ALL: [Self; 2] = [Self::Helm3_21_4, Self::Helm4_2_4];

    /// Returns the name, such as `helm-4.2.4`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Helm3_21_4 => "helm-3.21.4",
            Self::Helm4_2_4 => "helm-4.2.4",
        }
    }

    pub(crate) fn rules(self) -> &'static Rules {
        match self {
            Self::Helm3_21_4 => &HELM_3_21_4,
            Self::Helm4_2_4 => &HELM_4_2_4,
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

static HELM_3_21_4: Rules = Rules {
    chart_is_map: false,
    values_of_all_documents: false,
    cleans_null_defaults: false,
    keeps_document_ends: false,
    orders_webhooks: false,
    copies_aliases_deep: false,
    sets_json_objects: false,
    ends_in_index: false,
    kube_version: "v1.36.0",
    keeps_kube_version: false,
    helm_version: "v3.21.4",
    checks_api_version: false,
    lock_command: "",
    metadata_package: "chart",
    missing_dependencies: "An error occurred while checking for chart dependencies. You may need to run `helm dependency build` to fetch missing dependencies",
    says_name_check: false,
    manifests_package: "releaseutil",
    errors_list_templates: false,
    fails_at_lines_of_nothing: false,
    go_version: "go1.26.8",
    kube_client_version: None,
    has_must_to: false,
    values_package: "chartutil",
};

static HELM_4_2_4: Rules = Rules {
    chart_is_map: true,
    values_of_all_documents: true,
    cleans_null_defaults: true,
    keeps_document_ends: true,
    orders_webhooks: true,
    copies_aliases_deep: true,
    sets_json_objects: true,
    ends_in_index: true,
    kube_version: "v1.36.0",
    keeps_kube_version: true,
    helm_version: "v4.2.4",
    checks_api_version: true,
    lock_command: " with 'helm dependency update'",
    metadata_package: "v2",
    missing_dependencies: "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch missing dependencies",
    says_name_check: true,
    manifests_package: "util",
    errors_list_templates: true,
    fails_at_lines_of_nothing: true,
    go_version: "go1.26.8",
    kube_client_version: Some("v1.36"),
    has_must_to: true,
    values_package: "common",
};
