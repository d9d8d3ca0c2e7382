//! What must hold of a chart before it is rendered.

use super::Chart;

/// Why a chart cannot be rendered by itself, or not yet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// Charts that it needs are not in `charts/`.
    #[error("found in Chart.yaml, but missing in charts/ directory: {}", .names.join(", "))]
    Missing {
        /// Their names, in the order of `Chart.yaml`.
        names: Vec<String>,
    },
    /// It is for other charts only.
    #[error("{kind} charts are not installable")]
    NotInstallable {
        /// The type.
        kind: String,
    },
}

/// Checks that all charts are there that a chart says it needs. Versions are not compared, nor charts inside looked at.
///
/// Mirrors `CheckDependencies` in `pkg/action/install.go` of Helm 4.2.4.
///
/// # Errors
///
/// [`CheckError::Missing`].
pub fn check_dependencies(chart: &Chart) -> Result<(), CheckError> {
    let is_there = |name: &str| chart.dependencies.iter().any(|chart| chart.name() == name);
    let needs = chart.metadata.dependencies.iter().map(|need| need.name.clone());
    let names: Vec<String> = needs.filter(|name| !is_there(name)).collect();
    if names.is_empty() { Ok(()) } else { Err(CheckError::Missing { names }) }
}

/// Checks that a chart can be rendered by itself.
///
/// Mirrors `checkIfInstallable` in `pkg/cmd/install.go` of Helm 4.2.4.
///
/// # Errors
///
/// [`CheckError::NotInstallable`].
pub fn check_installable(chart: &Chart) -> Result<(), CheckError> {
    match &*chart.metadata.kind {
        "" | "application" => Ok(()),
        kind => Err(CheckError::NotInstallable { kind: kind.to_owned() }),
    }
}
