//! `helmCharts` and what is older.

use std::collections::BTreeMap;

use super::decode::decode_fields;
use crate::yaml::Json;

type Values = BTreeMap<String, Json<'static>>;

/// The field `helmGlobals`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HelmGlobals {
    pub(crate) chart_home: String,
    pub(crate) config_home: String,
}

decode_fields!(HelmGlobals, "HelmGlobals", { "chartHome" => chart_home, "configHome" => config_home });

/// An entry of `helmCharts`.
#[expect(clippy::struct_excessive_bools, reason = "fields of the file")]
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct HelmChart {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) repo: String,
    pub(crate) release_name: String,
    pub(crate) namespace: String,
    pub(crate) additional_values_files: Vec<String>,
    pub(crate) values_file: String,
    pub(crate) values_inline: Option<Values>,
    pub(crate) values_merge: String,
    pub(crate) include_crds: bool,
    pub(crate) skip_hooks: bool,
    pub(crate) api_versions: Vec<String>,
    pub(crate) kube_version: String,
    pub(crate) name_template: String,
    pub(crate) skip_tests: bool,
    pub(crate) debug: bool,
    pub(crate) devel: bool,
}

decode_fields!(HelmChart, "HelmChart", {
    "name" => name,
    "version" => version,
    "repo" => repo,
    "releaseName" => release_name,
    "namespace" => namespace,
    "additionalValuesFiles" => additional_values_files,
    "valuesFile" => values_file,
    "valuesInline" => values_inline,
    "valuesMerge" => values_merge,
    "includeCRDs" => include_crds,
    "skipHooks" => skip_hooks,
    "apiVersions" => api_versions,
    "kubeVersion" => kube_version,
    "nameTemplate" => name_template,
    "skipTests" => skip_tests,
    "debug" => debug,
    "devel" => devel,
});

/// An entry of `helmChartInflationGenerator`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct HelmChartArgs {
    pub(crate) chart_name: String,
    pub(crate) chart_version: String,
    pub(crate) chart_repo_url: String,
    pub(crate) chart_home: String,
    pub(crate) chart_repo_name: String,
    pub(crate) helm_bin: String,
    pub(crate) helm_home: String,
    pub(crate) values: String,
    pub(crate) values_local: Option<Values>,
    pub(crate) values_merge: String,
    pub(crate) release_name: String,
    pub(crate) release_namespace: String,
    pub(crate) extra_args: Vec<String>,
}

decode_fields!(HelmChartArgs, "HelmChartArgs", {
    "chartName" => chart_name,
    "chartVersion" => chart_version,
    "chartRepoUrl" => chart_repo_url,
    "chartHome" => chart_home,
    "chartRepoName" => chart_repo_name,
    "helmBin" => helm_bin,
    "helmHome" => helm_home,
    "values" => values,
    "valuesLocal" => values_local,
    "valuesMerge" => values_merge,
    "releaseName" => release_name,
    "releaseNamespace" => release_namespace,
    "extraArgs" => extra_args,
});

impl From<&HelmChartArgs> for HelmChart {
    /// Mirrors `makeHelmChartFromHca` in `types/helmchartargs.go` of kustomize api v0.21.2.
    fn from(old: &HelmChartArgs) -> Self {
        Self {
            name: old.chart_name.clone(),
            version: old.chart_version.clone(),
            repo: old.chart_repo_url.clone(),
            values_file: old.values.clone(),
            values_inline: old.values_local.clone(),
            values_merge: old.values_merge.clone(),
            release_name: old.release_name.clone(),
            ..Self::default()
        }
    }
}
