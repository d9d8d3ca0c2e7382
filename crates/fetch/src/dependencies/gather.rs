//! All archives that a chart needs, and its lock.

use std::collections::BTreeSet;

use super::local::Local;
use super::resolve::reference;
use super::{Need, Requests, lock_file};
use crate::fetcher::Fetcher;
use crate::name::check_version;
use crate::{ChartFolder, Error, Identity, Package, Remote};

/// What `charts/` is to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gathered {
    /// In the order of `Chart.yaml`, each once.
    pub archives: Vec<DependencyArchive>,
    /// Names of charts that lie in `charts/` and stay there.
    pub local: BTreeSet<String>,
    /// `Chart.lock`, or what it was called before; `None` where the old one still holds.
    pub lock: Option<LockFile>,
}

/// A chart that another one needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DependencyArchive {
    /// In `charts/`: `NAME-VERSION.tgz`.
    pub file_name: String,
    /// Its bytes.
    pub package: Package,
    /// Which chart it is.
    pub identity: Identity,
}

/// A lock, written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockFile {
    /// `Chart.lock` or `requirements.lock`.
    pub name: &'static str,
    /// All of it.
    pub text: String,
}

impl Fetcher {
    /// Gathers the highest versions that fit: `helm dependency update`. `generated` is the time for a new lock, in RFC 3339.
    ///
    /// Mirrors `Manager.Update` in `pkg/downloader/manager.go` of Helm 4.2.4.
    ///
    /// # Errors
    ///
    /// [`Error::NoVersions`], [`Error::Constraint`], and those of [`Fetcher::fetch`] and [`ChartFolder::load`].
    pub async fn update(
        &self,
        home: &ChartFolder,
        requests: &Requests,
        generated: &str,
    ) -> Result<Gathered, Error> {
        let found = self.resolve_all(home, requests).await?;
        let mut gathered = self.gather(home, &found).await?;
        let digest = requests.hash(&found);
        if requests.lock.as_ref().is_none_or(|lock| lock.digest != digest) {
            let text = lock_file::text(&found, &digest, generated)?;
            gathered.lock = Some(LockFile { name: lock_file::name(requests.is_v1), text });
        }
        Ok(gathered)
    }

    /// Gathers the versions of the lock: `helm dependency build`. Without a lock it is [`Fetcher::update`]. Repositories need
    /// no names here.
    ///
    /// Mirrors `Manager.Build` in `pkg/downloader/manager.go` of Helm 4.2.4.
    ///
    /// # Errors
    ///
    /// [`Error::Lock`], and as [`Fetcher::update`].
    pub async fn build(
        &self,
        home: &ChartFolder,
        requests: &Requests,
        generated: &str,
    ) -> Result<Gathered, Error> {
        match requests.locked()? {
            Some(found) => self.gather(home, found).await,
            None => self.update(home, requests, generated).await,
        }
    }

    async fn gather(&self, home: &ChartFolder, found: &[Need]) -> Result<Gathered, Error> {
        let mut gathered = Gathered { archives: Vec::new(), local: BTreeSet::new(), lock: None };
        for need in found {
            let archive = match Local::of(need) {
                Some(Local::Charts(name)) => {
                    check_local(home, need)?;
                    gathered.local.insert(name);
                    continue;
                }
                Some(local) => pack(home, need, &local)?,
                None => self.get(need).await?,
            };
            let is_new = |known: &DependencyArchive| known.file_name != archive.file_name;
            if gathered.archives.iter().all(is_new) {
                gathered.archives.push(archive);
            } else if !gathered.archives.contains(&archive) {
                return Err(Error::OneName { file: archive.file_name });
            }
        }
        Ok(gathered)
    }

    async fn get(&self, need: &Need) -> Result<DependencyArchive, Error> {
        check_version(&need.version)?;
        let remote = if need.repository.starts_with("oci://") {
            Remote::Oci { reference: reference(need), version: need.version.clone() }
        } else {
            Remote::Repository {
                url: need.repository.clone(),
                chart: need.name.clone(),
                version: need.version.clone(),
                access: None,
            }
        };
        let fetched = self.fetch(&remote).await?;
        let file_name = fetched.file_name()?;
        let (_, identity) = fetched.load(&self.settings.load())?;
        Ok(DependencyArchive { file_name, package: fetched.package, identity })
    }
}

/// A chart in `charts/` must fit what was asked for.
fn check_local(home: &ChartFolder, need: &Need) -> Result<(), Error> {
    let found = home.local(need, &Local::Charts(need.name.clone()))?;
    let constraint = crate::index::constraint(&need.version)?;
    let version = check_version(&found.version)?;
    if constraint.check(&version) {
        return Ok(());
    }
    let chart = home.path();
    Err(Error::NoVersions { chart, missing: vec![need.clone()] })
}

fn pack(home: &ChartFolder, need: &Need, local: &Local) -> Result<DependencyArchive, Error> {
    let found = home.local(need, local)?;
    check_version(&found.version)?;
    let package = Package::pack(&found.name, &found.files.files, &found.path)?;
    let identity = Identity {
        source: need.repository.clone(),
        name: found.name.clone(),
        version: found.version.clone(),
        digest: found.files.digest.clone(),
    };
    let file_name = format!("{}-{}.tgz", found.name, found.version);
    Ok(DependencyArchive { file_name, package, identity })
}
