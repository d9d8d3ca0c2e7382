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
        let is_enabled = self.shared.options.enable_helm;
        if is_enabled && !chart.release_name.is_empty() && !is_release_name(&chart.release_name) {
            return Err(Error::ReleaseName {
                chart: chart.name.clone(),
                path: self.file().to_string(),
                name: chart.release_name.clone(),
            });
        }
        let reason = if is_enabled {
            "charts of kustomizations are not rendered yet: render it beforehand and list the file under `resources`"
        } else {
            "must specify --enable-helm"
        };
        let path = self.file().to_string();
        Err(Error::Chart { chart: chart.name.clone(), path, reason: reason.to_owned() })
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
