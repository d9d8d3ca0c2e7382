//! A kustomization read, with old fields moved to new ones.

use super::decode::{DecodeError, Mode, decode};
use super::fields::Kustomization;
use super::helm::HelmChart;

const KIND: &str = "Kustomization";
/// The kind of what is applied to the objects of another kustomization.
pub(crate) const COMPONENT: &str = "Component";
const VERSION: &str = "kustomize.config.k8s.io/v1beta1";
const COMPONENT_VERSION: &str = "kustomize.config.k8s.io/v1alpha1";

/// Why a file is no kustomization.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KustomizationError {
    /// It cannot be read, or a field is wrong.
    #[error("invalid Kustomization: {0}")]
    Decode(DecodeError),
    /// It says nothing.
    #[error("kustomization.yaml is empty")]
    Empty,
    /// It has another kind or version.
    #[error("{}", .0.join("; "))]
    Identity(Vec<String>),
}

impl From<DecodeError> for KustomizationError {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

/// Reads a kustomization.
///
/// Mirrors `Load` in `internal/target/kusttarget.go` of kustomize api v0.21.2.
pub(crate) fn read(text: &str) -> Result<Kustomization, KustomizationError> {
    let mut read: Kustomization = decode(text, Mode::Kustomization)?;
    fix(&mut read);
    let identity = Kustomization {
        kind: read.kind.clone(),
        api_version: read.api_version.clone(),
        old: read.old.clone(),
        ..Kustomization::default()
    };
    if read == identity {
        return Err(KustomizationError::Empty);
    }
    let wrong = wrong_identity(&read);
    if wrong.is_empty() { Ok(read) } else { Err(KustomizationError::Identity(wrong)) }
}

/// Mirrors `FixKustomization` in `types/kustomization.go` of kustomize api v0.21.2.
fn fix(read: &mut Kustomization) {
    let moved = [
        (read.bases.is_some(), ("bases", "resources")),
        (read.image_tags.is_some(), ("imageTags", "images")),
    ];
    if read.kind.is_empty() {
        KIND.clone_into(&mut read.kind);
    }
    if read.api_version.is_empty() {
        required_version(&read.kind).clone_into(&mut read.api_version);
    }
    read.old = moved.into_iter().filter(|(is_there, _)| *is_there).map(|(_, old)| old).collect();
    append(&mut read.resources, read.bases.take());
    append(&mut read.images, read.image_tags.take());
    read.config_map_generator.iter_mut().flatten().for_each(|entry| entry.args.fix());
    read.secret_generator.iter_mut().flatten().for_each(|entry| entry.args.fix());
    let old = read.helm_chart_inflation_generator.take().unwrap_or_default();
    if read.helm_globals.is_none() {
        let last = |field: fn(&super::helm::HelmChartArgs) -> &String| {
            old.iter().map(field).rfind(|text| !text.is_empty()).cloned().unwrap_or_default()
        };
        let globals = super::helm::HelmGlobals {
            chart_home: last(|chart| &chart.chart_home),
            config_home: last(|chart| &chart.helm_home),
        };
        read.helm_globals = (globals != super::helm::HelmGlobals::default()).then_some(globals);
    }
    append(&mut read.helm_charts, Some(old.iter().map(HelmChart::from).collect()));
}

/// Appends as Go does: nothing appended to nothing stays nothing.
fn append<T>(list: &mut Option<Vec<T>>, more: Option<Vec<T>>) {
    match more {
        Some(more) if !more.is_empty() => list.get_or_insert_default().extend(more),
        _ => {}
    }
}

fn required_version(kind: &str) -> &'static str {
    if kind == COMPONENT { COMPONENT_VERSION } else { VERSION }
}

fn wrong_identity(read: &Kustomization) -> Vec<String> {
    let mut wrong = Vec::new();
    if read.kind != KIND && read.kind != COMPONENT {
        wrong.push(format!("kind should be {KIND} or {COMPONENT}"));
    }
    let required = required_version(&read.kind);
    if read.api_version != required {
        wrong.push(format!("apiVersion for {} should be {required}", read.kind));
    }
    wrong
}
