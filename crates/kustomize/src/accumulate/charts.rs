//! `helmCharts`.
//!
//! Mirrors `internal/builtins/HelmChartInflationGenerator.go` and `AsHelmArgs` in `types/helmchartargs.go` of kustomize api
//! v0.21.2. What it runs Helm for, the crate for charts does; whoever builds puts charts where `helm pull` would.

use std::borrow::Cow;

use sealift_goyaml::{Limits, to_yaml};

use super::Target;
use crate::error::Error;
use crate::filters::strategic_merge;
use crate::generators::chart::{Inflation, inflate};
use crate::kustomization::helm::{HelmChart, HelmGlobals};
use crate::loader::RemoteChart;
use crate::loader::path::{clean, join};
use crate::resource::{Resource, meta, read};
use crate::yaml::{self, Json, Node, from_json, to_value_of};

const DEFAULT_HOME: &str = "charts";
const FROM_CHART: &str = "internal.config.kubernetes.io/helm-generated";

impl Target<'_> {
    /// Renders the charts of the kustomization.
    pub(super) fn charts(&self) -> Result<Vec<Resource>, Error> {
        let globals = self.kustomization.helm_globals.clone().unwrap_or_default();
        let mut all = Vec::new();
        for chart in self.kustomization.helm_charts.iter().flatten() {
            let mut chart = chart.clone();
            if chart.namespace.is_empty() {
                chart.namespace = match self.kustomization.namespace.as_str() {
                    "" => self.chart_namespace.clone(),
                    own => own.to_owned(),
                };
            }
            all.extend(self.chart(&globals, &chart)?);
        }
        Ok(all)
    }

    /// Renders a chart.
    pub(super) fn chart(
        &self,
        globals: &HelmGlobals,
        chart: &HelmChart,
    ) -> Result<Vec<Resource>, Error> {
        let failed = |reason: String| {
            let path = self.file().to_string();
            Error::Chart { chart: chart.name.clone(), path, reason }
        };
        if !self.shared.options.enable_helm {
            return Err(failed("must specify --enable-helm".to_owned()));
        }
        self.check_release_name(chart)?;
        check(chart).map_err(failed)?;
        let home = self.chart_home(globals, chart);
        let folder = join(&home, &chart.name);
        let more = self.more_values(chart)?;
        let files = match self.root.below(&folder)? {
            Some(files) => files,
            None if chart.repo.is_empty() => {
                let reason = format!("no repo specified for pull, no chart found at '{folder}'");
                return Err(failed(reason));
            }
            None => self.root.pull(&remote(chart, &folder))?,
        };
        let mut values = vec![self.chart_values(chart, &folder, &failed)?];
        values.extend(more);
        let inflation = Inflation { chart, files, values };
        let (text, warnings) = inflate(inflation).map_err(failed)?;
        let warnings = warnings.iter().map(|warning| format!("chart '{}': {warning}", chart.name));
        self.shared.warnings.borrow_mut().extend(warnings);
        let mut resources = read(&text, &folder.into())?;
        for resource in &mut resources {
            meta::set_annotation(&mut resource.node, FROM_CHART, "true")?;
        }
        Ok(resources)
    }

    fn more_values(&self, chart: &HelmChart) -> Result<Vec<Cow<'_, [u8]>>, Error> {
        let load = |path: &String| {
            self.root.load(path).map_err(|error| {
                Error::from(error).during("could not load additionalValuesFile".to_owned())
            })
        };
        chart.additional_values_files.iter().map(load).collect()
    }

    fn check_release_name(&self, chart: &HelmChart) -> Result<(), Error> {
        if chart.release_name.is_empty() || is_release_name(&chart.release_name) {
            return Ok(());
        }
        Err(Error::ReleaseName {
            chart: chart.name.clone(),
            path: self.file().to_string(),
            name: chart.release_name.clone(),
        })
    }

    /// The folder that the folder of a chart is in.
    fn chart_home(&self, globals: &HelmGlobals, chart: &HelmChart) -> String {
        let home = match globals.chart_home.as_str() {
            "" => DEFAULT_HOME,
            home => home,
        };
        let home = if home.starts_with('/') { clean(home) } else { join(self.root.path(), home) };
        if chart.version.is_empty() || chart.repo.is_empty() {
            return home;
        }
        join(&home, &format!("{}-{}", chart.name, chart.version))
    }

    /// The text of the first file of values: that of the chart or the one named, with those of the kustomization.
    fn chart_values(
        &self,
        chart: &HelmChart,
        folder: &str,
        failed: &dyn Fn(String) -> Error,
    ) -> Result<Cow<'_, [u8]>, Error> {
        let file = match chart.values_file.as_str() {
            "" => join(folder, "values.yaml"),
            file => file.to_owned(),
        };
        let inline = chart.values_inline.as_ref().filter(|inline| !inline.is_empty());
        let Some(inline) = inline else { return Ok(self.root.load(&file)?) };
        let inline = inline.iter().map(|(key, value)| (key.as_str().into(), value.clone()));
        let mut node = from_json(&Json::Map(inline.collect()));
        if chart.values_merge != "replace" {
            let text = self.root.load_text(&file)?;
            let parsed = yaml::first(&text).map_err(|error| failed(format!("{file}: {error}")))?;
            let of_file = parsed.ok_or_else(|| failed(format!("{file}: no values in it")))?;
            let (object, patch) = match chart.values_merge.as_str() {
                "merge" => (node, of_file),
                _ => (of_file, node),
            };
            let merged = self
                .shared
                .with_schema(|schema| strategic_merge::merge(object, patch, schema))
                .map_err(|error| failed(format!("could not merge values: {error}")))?;
            node = merged.ok_or_else(|| failed(format!("{file}: no values are left")))?;
        }
        Ok(Cow::Owned(text(&node, failed)?.into_bytes()))
    }
}

/// Whether Helm takes a name for a release: `ValidateReleaseName` in `pkg/chart/v2/util/validate_name.go` of Helm 4.2.4. kustomize
/// passes any name to the program `helm`, which takes `--post-renderer=x` for an option.
fn is_release_name(name: &str) -> bool {
    const LONGEST: usize = 53;
    let is_alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_part = |part: &str| {
        let bytes = part.as_bytes();
        bytes.first().is_some_and(|first| is_alphanumeric(*first))
            && bytes.last().is_some_and(|last| is_alphanumeric(*last))
            && bytes.iter().all(|byte| is_alphanumeric(*byte) || *byte == b'-')
    };
    name.len() <= LONGEST && name.split('.').all(is_part)
}

fn text(node: &Node, failed: &dyn Fn(String) -> Error) -> Result<String, Error> {
    let value = to_value_of(node)?;
    to_yaml(&value, &Limits::default()).map_err(|error| failed(error.to_string()))
}

fn check(chart: &HelmChart) -> Result<(), String> {
    if chart.name.is_empty() {
        return Err("chart name cannot be empty".to_owned());
    }
    if chart.name.starts_with('-') {
        return Err(format!("chart name must not start with '-', got \"{}\"", chart.name));
    }
    match chart.values_merge.as_str() {
        "" | "merge" | "override" | "replace" => Ok(()),
        other => Err(format!("valuesMerge must be one of [merge override replace], not '{other}'")),
    }
}

/// What `helm pull` would be asked for.
fn remote(chart: &HelmChart, folder: &str) -> RemoteChart {
    RemoteChart {
        repository: chart.repo.clone(),
        name: chart.name.clone(),
        version: chart.version.clone(),
        is_devel: chart.devel,
        folder: folder.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_release_name;

    #[test]
    fn a_release_has_a_name_that_helm_takes() {
        for fine in ["a", "0", "my-app", "a.b-c.d", &"a".repeat(53)] {
            assert!(is_release_name(fine), "{fine}");
        }
        for refused in [
            "",
            "-a",
            "a-",
            "A",
            "a_b",
            ".a",
            "a..b",
            "a.-b",
            "--post-renderer=x",
            "é",
            &"a".repeat(54),
        ] {
            assert!(!is_release_name(refused), "{refused}");
        }
    }
}
