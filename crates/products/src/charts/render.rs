//! A chart to documents, each line led back to its template.

use std::rc::Rc;

use sealift_helm::assembly::Document;
use sealift_helm::chart::LoadOptions;
use sealift_helm::values::UserValues;
use sealift_helm::{
    Capabilities, Chart, FixedHost, Output, Profile, Release, RenderError, Settings, render,
};
use sealift_inventory::{HelmProfile, HelmSource};
use sealift_sprig::Host;

use super::{ChartBytes, ChartError, ChartLimits};

/// What a chart is rendered with.
#[derive(Clone, Debug)]
pub struct Request {
    /// The release, the version of Kubernetes and what rendering may cost.
    pub settings: Settings,
    /// What it may cost, loading included.
    pub limits: ChartLimits,
    /// The values of the user.
    pub values: UserValues,
}

/// What a chart rendered to.
#[derive(Clone, Debug)]
pub struct RenderedChart {
    /// `name` of the chart.
    pub name: String,
    /// `version` of the chart.
    pub version: String,
    /// Every document that is installed, hooks and custom resource definitions included.
    pub documents: Vec<RenderedDocument>,
    /// What Helm warns of, and what it leaves out without a word.
    pub warnings: Vec<String>,
}

/// One document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedDocument {
    /// The template below the folder of the chart: `templates/a.yaml`, `charts/sub/templates/b.yaml`.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The line of the template for each line of the text, where one is known.
    pub lines: Vec<Option<u32>>,
}

impl Request {
    /// Makes the request of a source of a shipment; `values` are the files that it names.
    ///
    /// # Errors
    ///
    /// [`ChartError::KubeVersion`].
    pub fn new(
        source: &HelmSource,
        values: UserValues,
        limits: ChartLimits,
    ) -> Result<Self, ChartError> {
        let profile = profile(source.profile);
        let capabilities =
            Capabilities::new(profile, source.kube_version.as_deref(), &source.api_versions)?;
        let mut settings = Settings::new(profile, capabilities);
        let usual = Release::default();
        settings.release = Release {
            name: source.release.clone().unwrap_or(usual.name),
            namespace: source.namespace.clone().unwrap_or(usual.namespace),
            is_upgrade: false,
        };
        settings.limits = limits.templates;
        settings.schema_limits = limits.schemas;
        settings.is_traced = true;
        Ok(Self { settings, limits, values })
    }

    /// Returns how the chart is loaded.
    #[must_use]
    pub fn load(&self) -> LoadOptions {
        LoadOptions { profile: self.settings.profile, limits: self.limits.fetch.chart }
    }
}

/// Renders a chart with keys and dates that are always the same, as nobody uses them.
///
/// # Errors
///
/// [`ChartError`]: a chart that is not whole is none.
pub fn render_documents(
    chart: &ChartBytes,
    request: &Request,
) -> Result<RenderedChart, ChartError> {
    let settings = &request.settings;
    let chart = chart.load(&request.load())?;
    let user = request.values.merge(settings.profile, &mut |path| {
        Err(format!("`{path}`: a shipment sets values by files and by `set`"))
    })?;
    let host: Rc<dyn Host> = Rc::new(FixedHost::default());
    let mut warnings = Vec::new();
    let output = render(&chart, &user, settings, &host, &mut warnings)
        .map_err(|error| of_chart(&chart, error))?;
    Ok(documents(&chart, output, warnings))
}

fn of_chart(chart: &Chart, error: RenderError) -> ChartError {
    let (name, version) = (chart.metadata.name.clone(), chart.metadata.version.clone());
    ChartError::Render { name, version, error: Box::new(error) }
}

fn documents(chart: &Chart, output: Output, mut warnings: Vec<String>) -> RenderedChart {
    let Output { manifests, crds, .. } = output;
    let prefix = format!("{}/", chart.metadata.name);
    let unknown = manifests.unknown_hooks.iter().map(|hook| {
        format!("{}: Helm leaves out a hook of an event that it does not know", hook.source().path)
    });
    warnings.extend(unknown);
    let all = crds.iter().chain(&manifests.objects).chain(&manifests.hooks);
    let documents = all.map(|document| rendered(document, &prefix)).collect();
    let (name, version) = (chart.metadata.name.clone(), chart.metadata.version.clone());
    RenderedChart { name, version, documents, warnings }
}

fn rendered(document: &Document, prefix: &str) -> RenderedDocument {
    let path = &document.source().path;
    let text = String::from_utf8_lossy(document.bytes()).into_owned();
    RenderedDocument {
        path: path.strip_prefix(prefix).unwrap_or(path).to_owned(),
        lines: document.template_lines(),
        text,
    }
}

impl RenderedDocument {
    /// Returns the line of the template for a line of the text; both count from 1.
    #[must_use]
    pub fn line(&self, line: u32) -> Option<u32> {
        let index = usize::try_from(line.checked_sub(1)?).ok()?;
        self.lines.get(index).copied().flatten()
    }
}

/// Returns the release of Helm that a shipment names.
#[must_use]
pub fn profile(profile: HelmProfile) -> Profile {
    match profile {
        HelmProfile::Helm3 => Profile::Helm3_21_4,
        HelmProfile::Helm4 => Profile::Helm4_2_4,
    }
}
