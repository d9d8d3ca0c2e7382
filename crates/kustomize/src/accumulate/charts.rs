//! `helmCharts`.

use super::Target;
use crate::error::Error;
use crate::kustomization::helm::HelmChart;
use crate::resource::Resource;

impl Target<'_> {
    /// Renders the charts of the kustomization.
    pub(super) fn charts(&self) -> Result<Vec<Resource>, Error> {
        let charts = self.kustomization.helm_charts.as_deref().unwrap_or_default();
        charts.iter().try_fold(Vec::new(), |mut all, chart| {
            all.extend(self.chart_of_object(chart)?);
            Ok(all)
        })
    }

    /// Renders a chart.
    pub(super) fn chart_of_object(&self, chart: &HelmChart) -> Result<Vec<Resource>, Error> {
        let reason = if self.shared.options.enable_helm {
            "charts of kustomizations are not rendered yet: render it beforehand and list the file under `resources`"
        } else {
            "must specify --enable-helm"
        };
        let path = self.file().to_string();
        Err(Error::Chart { chart: chart.name.clone(), path, reason: reason.to_owned() })
    }
}
