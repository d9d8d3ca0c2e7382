//! `Chart.lock` against what it locks.

use sealift_gotemplate::{Budget, Limit, List, Value};
use sealift_reference::Digest;
use sealift_sprig::json::{self, Style};

use super::{Chart, Dependency};
use crate::profile::Profile;

/// Returns the digest of a `Chart.lock`: that of the dependencies of `Chart.yaml`, of which the names of repositories are replaced by their
/// addresses, and of the locked ones.
///
/// Mirrors `HashReq` in `internal/resolver/resolver.go` of Helm 4.2.4. No dependency is an empty list here, never `null`.
///
/// # Errors
///
/// When an import of values is deeper or longer than JSON may be.
pub fn lock_digest(needs: &[Dependency], locked: &[Dependency]) -> Result<String, Limit> {
    Ok(digest(&format!("[{},{}]", list(needs)?, list(locked)?)))
}

/// Returns the digest that Helm 2 wrote into a `requirements.lock`: that of the dependencies as they are written.
///
/// Mirrors `HashV2Req` in `internal/resolver/resolver.go` of Helm 4.2.4.
///
/// # Errors
///
/// As [`lock_digest`].
pub fn lock_digest_of_helm_2(needs: &[Dependency]) -> Result<String, Limit> {
    Ok(digest(&format!("{{\"dependencies\":{}}}", list(needs)?)))
}

/// Why a lock does not fit its chart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// An import of values is too deep or too long.
    #[error(transparent)]
    Limit(#[from] Limit),
    /// The dependencies have changed since the lock was made.
    #[error(
        "the lock file ({lock}) is out of sync with the dependencies file ({needs}). Please update the dependencies{command}"
    )]
    OutOfSync {
        /// The lock.
        lock: &'static str,
        /// What it locks.
        needs: &'static str,
        /// The command that helps, where the release names it.
        command: &'static str,
    },
}

/// Checks that the lock of a chart was made for its dependencies; a chart without a lock passes.
///
/// `needs` are the dependencies of `Chart.yaml`, of which the names of repositories are replaced by their addresses.
///
/// Mirrors `Build` in `pkg/downloader/manager.go` of Helm 4.2.4.
///
/// # Errors
///
/// [`LockError::OutOfSync`] in the words of the release.
pub fn check_lock(chart: &Chart, needs: &[Dependency], profile: Profile) -> Result<(), LockError> {
    let Some(lock) = &chart.lock else { return Ok(()) };
    if lock_digest(needs, &lock.dependencies)? == lock.digest {
        return Ok(());
    }
    if chart.metadata.api_version != "v1" {
        let command = profile.rules().lock_command;
        return Err(LockError::OutOfSync { lock: "Chart.lock", needs: "Chart.yaml", command });
    }
    if lock_digest_of_helm_2(&chart.metadata.dependencies)? == lock.digest {
        return Ok(());
    }
    Err(LockError::OutOfSync { lock: "requirements.lock", needs: "requirements.yaml", command: "" })
}

/// A chart in `charts/` that is not the one that the lock names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockMismatch {
    /// The name of the chart.
    pub name: String,
    /// The version in the lock.
    pub locked: String,
    /// The versions in `charts/`; none where there is no such chart.
    pub found: Vec<String>,
}

/// Returns where `charts/` does not hold what `Chart.lock` says, in its order. Helm does not look.
#[must_use]
pub fn lock_mismatches(chart: &Chart) -> Vec<LockMismatch> {
    let locked = chart.lock.iter().flat_map(|lock| &lock.dependencies);
    locked
        .filter_map(|dependency| {
            let Dependency { name, version, .. } = dependency;
            let named = chart.dependencies.iter().filter(|chart| chart.name() == name);
            let found: Vec<String> = named.map(|chart| chart.metadata.version.clone()).collect();
            let (name, locked) = (name.clone(), version.clone());
            (!found.contains(version)).then_some(LockMismatch { name, locked, found })
        })
        .collect()
}

fn digest(json: &str) -> String {
    Digest::sha256(json.as_bytes()).to_string()
}

fn list(dependencies: &[Dependency]) -> Result<String, Limit> {
    let items: Vec<String> = dependencies.iter().map(dependency_json).collect::<Result<_, _>>()?;
    Ok(format!("[{}]", items.join(",")))
}

/// Returns a dependency as Go's `encoding/json` writes it: the fields in the order of Go's structure; those that may be left
/// out when empty are.
///
/// # Errors
///
/// As [`lock_digest`].
pub fn dependency_json(dependency: &Dependency) -> Result<String, Limit> {
    let Dependency { name, version, repository, condition, alias, .. } = dependency;
    let tags: Vec<Value> = dependency.tags.iter().map(|tag| tag.as_str().into()).collect();
    let imports = dependency.import_values.clone();
    let fields = [
        ("name", Some(name.as_str().into())),
        ("version", text(version)),
        ("repository", Some(repository.as_str().into())),
        ("condition", text(condition)),
        ("tags", entries(tags)),
        ("enabled", dependency.enabled.then_some(true.into())),
        ("import-values", entries(imports)),
        ("alias", text(alias)),
    ];
    let mut members = Vec::new();
    for (key, value) in fields {
        if let Some(value) = value {
            members.push(format!("\"{key}\":{}", write(&value)?));
        }
    }
    Ok(format!("{{{}}}", members.join(",")))
}

fn text(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| text.into())
}

fn entries(items: Vec<Value>) -> Option<Value> {
    (!items.is_empty()).then(|| List::new(items).into())
}

fn write(value: &Value) -> Result<String, Limit> {
    // What comes from YAML is neither a cycle nor infinite, so that only a limit is left.
    let json = json::write(value, Style::Compact, &Budget::default());
    json.map(|json| json.to_text().into_owned())
        .map_err(|_| Limit::ValueDepth(sealift_gotemplate::VALUE_DEPTH))
}
