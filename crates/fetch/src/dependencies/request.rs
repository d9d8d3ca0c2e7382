//! What a chart says of the charts that it needs.

use std::fmt;

use sealift_helm::chart::{Dependency, LockError, check_lock, dependency_json};
use sealift_helm::{Chart, Profile};

use super::hash::hash;
use crate::name::check_name;
use crate::{Error, Repositories};

/// A chart that is needed: what was asked for, or what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// As in the `Chart.yaml` of the chart that is needed.
    pub name: String,
    /// A constraint, or the version that was found.
    pub version: String,
    /// A URL, `oci://…`, `file://…`, or nothing for a chart that lies in `charts/`.
    pub repository: String,
}

impl fmt::Display for Need {
    /// `"redis" (repository "https://…", version "~1.2")`, as Helm says it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let repository = crate::address::shown(&self.repository);
        write!(f, "{:?} (repository {repository:?}, version {:?})", self.name, self.version)
    }
}

/// All that a chart needs, in a form that threads can hand on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requests {
    /// The chart that needs it.
    pub chart: String,
    /// In the order of `Chart.yaml`, names of repositories resolved.
    pub needs: Vec<Need>,
    /// What was found before, if there is a lock.
    pub(crate) lock: Option<OldLock>,
    /// Whether the chart has `requirements.yaml` rather than `Chart.yaml` for it.
    pub(crate) is_v1: bool,
    /// `needs` as JSON with all their fields.
    pub(crate) json: Vec<String>,
}

/// A lock that was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OldLock {
    pub(crate) digest: String,
    pub(crate) needs: Vec<Need>,
    /// Why it was not made of these requests.
    mismatch: Option<LockError>,
}

impl Requests {
    /// Reads what a chart needs. `@name` and `alias:name` become the URL that `repositories` has for the name.
    ///
    /// Mirrors `resolveRepoNames` in `pkg/downloader/manager.go` of Helm 4.2.4.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRepository`]; [`Error::Name`]; [`Error::Metadata`] where something cannot be hashed.
    pub fn of(chart: &Chart, repositories: &Repositories, profile: Profile) -> Result<Self, Error> {
        let metadata = &chart.metadata;
        let resolved = metadata.dependencies.iter();
        let resolved: Result<Vec<_>, _> =
            resolved.map(|dependency| resolve(dependency, repositories)).collect();
        let resolved = resolved?;
        let json: Result<Vec<_>, _> = resolved.iter().map(dependency_json).collect();
        let json = json.map_err(|limit| Error::Metadata {
            name: metadata.name.clone(),
            why: limit.to_string(),
        })?;
        let lock = chart.lock.as_ref().map(|lock| OldLock {
            digest: lock.digest.clone(),
            needs: lock.dependencies.iter().map(need).collect(),
            mismatch: check_lock(chart, &resolved, profile).err(),
        });
        let needs: Vec<_> = resolved.iter().map(need).collect();
        let locked = lock.iter().flat_map(|lock| &lock.needs);
        needs.iter().chain(locked).try_for_each(|need| check_name(&need.name))?;
        let is_v1 = metadata.api_version == "v1";
        Ok(Self { chart: metadata.name.clone(), needs, lock, is_v1, json })
    }

    /// Returns the hash that a lock with these versions has.
    pub(crate) fn hash(&self, found: &[Need]) -> String {
        hash(&self.json, found)
    }

    /// Returns what the lock says, if there is one; it must have been made of these requests.
    pub(crate) fn locked(&self) -> Result<Option<&[Need]>, Error> {
        match &self.lock {
            None => Ok(None),
            Some(OldLock { mismatch: Some(error), .. }) => Err(Error::Lock(error.clone())),
            Some(lock) => Ok(Some(&lock.needs)),
        }
    }
}

fn need(dependency: &Dependency) -> Need {
    let Dependency { name, version, repository, .. } = dependency;
    Need { name: name.clone(), version: version.clone(), repository: repository.clone() }
}

fn resolve(dependency: &Dependency, repositories: &Repositories) -> Result<Dependency, Error> {
    let repository = dependency.repository.as_str();
    let name = repository.strip_prefix('@').or_else(|| repository.strip_prefix("alias:"));
    let repository = match name {
        Some(name) => repositories.named(name)?.url.clone(),
        None => repository.to_owned(),
    };
    Ok(Dependency { repository, ..dependency.clone() })
}
