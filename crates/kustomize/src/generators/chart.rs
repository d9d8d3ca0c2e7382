//! Charts, as `helm template` renders them.

use std::borrow::Cow;
use std::rc::Rc;

use sealift_helm::assembly::Choice;
use sealift_helm::chart::LoadOptions;
use sealift_helm::values::{merged, values};
use sealift_helm::{Capabilities, Chart, FixedHost, Profile, Release, Settings, render};

use sealift_gotemplate::Map;
use sealift_sprig::Host;

use crate::kustomization::helm::HelmChart;

/// A chart and what it is rendered with.
pub(crate) struct Inflation<'a> {
    /// The entry of the kustomization.
    pub(crate) chart: &'a HelmChart,
    /// The files of the chart.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// Files of values, of which later ones win.
    pub(crate) values: Vec<Cow<'a, [u8]>>,
}

/// Returns what `helm template` prints, and what Helm warns of.
///
/// Keys and dates that templates make up are always the same. A release without a name is named after its chart, as there is
/// no clock to name it by.
pub(crate) fn inflate(inflation: Inflation<'_>) -> Result<(String, Vec<String>), String> {
    let Inflation { chart: entry, files, values: texts } = inflation;
    let profile = Profile::default();
    let host: Rc<dyn Host> = Rc::new(FixedHost::default());
    let options = LoadOptions { profile, ..LoadOptions::default() };
    let chart = Chart::load(files, &options).map_err(|error| error.to_string())?;
    let mut user = Map::new();
    for text in &texts {
        user = merged(&user, &values(text, profile).map_err(|error| error.to_string())?);
    }
    let settings = settings(entry, profile, &host)?;
    let mut warnings = Vec::new();
    let output = render(&chart, &user, &settings, &host, &mut warnings)
        .map_err(|error| error.to_string())?;
    let text = output.text(&settings).map_err(|error| error.to_string())?;
    let text = String::from_utf8(text).map_err(|_| "what it renders to is no UTF-8".to_owned())?;
    Ok((text, warnings))
}

fn settings(entry: &HelmChart, profile: Profile, host: &Rc<dyn Host>) -> Result<Settings, String> {
    let capabilities = Capabilities::new(profile, Some(&entry.kube_version), &entry.api_versions)
        .map_err(|error| error.to_string())?;
    let mut settings = Settings::new(profile, capabilities);
    let usual = Release::default();
    let name = match (entry.name_template.as_str(), entry.release_name.as_str()) {
        ("", "") => entry.name.rsplit('/').next().unwrap_or_default().to_owned(),
        ("", name) => name.to_owned(),
        (template, _) => {
            Release::name_of_template(template, host).map_err(|error| error.to_string())?
        }
    };
    let namespace = match entry.namespace.as_str() {
        "" => usual.namespace,
        namespace => namespace.to_owned(),
    };
    settings.release = Release { name, namespace, is_upgrade: false };
    settings.include_crds = entry.include_crds;
    settings.choice = Choice { no_hooks: entry.skip_hooks, skip_tests: entry.skip_tests };
    Ok(settings)
}
