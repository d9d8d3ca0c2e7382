//! One way to charts that are elsewhere.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sealift_oci::StoreError;
use sealift_reference::Digest;
use sealift_registry::Registry;
use tokio::sync::OnceCell;
use url::Url;

use crate::cache::Cache;
use crate::{
    Access, Error, FetchSettings, Fetched, Index, Observer, Package, Remote, address,
    check_provenance,
};

/// Gets charts from elsewhere. Indexes are read once, however many charts they name.
pub struct Fetcher {
    pub(crate) registry: Registry,
    pub(crate) settings: FetchSettings,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) cache: Option<Cache>,
    /// By the address as it was written; whoever needs one that is being read waits for it.
    indexes: Mutex<HashMap<String, Arc<OnceCell<Arc<Index>>>>>,
}

impl Fetcher {
    /// Makes one; nothing is connected yet. The certificates that `repositories.yaml` names are not in `registry` unless
    /// [`crate::Repositories::add_to`] has put them there.
    ///
    /// # Errors
    ///
    /// [`Error::File`] for a cache that is not this user's.
    pub fn new(
        registry: Registry,
        settings: FetchSettings,
        observer: Arc<dyn Observer>,
    ) -> Result<Self, Error> {
        let cache = settings.cache.as_deref().map(Cache::open).transpose()?;
        Ok(Self { registry, settings, observer, cache, indexes: Mutex::default() })
    }

    /// Returns the settings that it was made with.
    #[must_use]
    pub fn settings(&self) -> &FetchSettings {
        &self.settings
    }

    /// Gets a chart.
    ///
    /// # Errors
    ///
    /// Whatever stands in the way: see [`Error`].
    pub async fn fetch(&self, remote: &Remote) -> Result<Fetched, Error> {
        let fetched = match remote {
            Remote::Oci { reference, version } => self.registry_chart(reference, version).await?,
            Remote::Repository { url, chart, version, access } => {
                let wanted = (chart.as_str(), version.as_str());
                self.repository_chart(url, wanted, access.as_ref()).await?
            }
            Remote::Url { url, access } => self.web_archive(url, access.as_ref()).await?,
        };
        if self.settings.verify {
            let provenance = fetched.provenance.as_deref();
            check_provenance(&fetched.to_string(), &fetched.package, provenance)?;
        }
        Ok(fetched)
    }

    /// Returns an archive that was got before, if it was kept.
    ///
    /// # Errors
    ///
    /// [`Error::File`].
    pub fn kept(&self, digest: &Digest) -> Result<Option<Package>, Error> {
        let kept = self.cache.as_ref().map(|cache| cache.package(digest, &self.settings.limits));
        Ok(kept.transpose()?.flatten())
    }

    /// Returns the place of an index, read or not.
    pub(crate) fn index_of(&self, url: &str) -> Arc<OnceCell<Arc<Index>>> {
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(indexes.entry(url.to_owned()).or_default())
    }

    pub(crate) fn wants_provenance(&self) -> bool {
        self.settings.provenance || self.settings.verify
    }

    /// Returns who we are at a repository: what was said here and now, else what `repositories.yaml` says.
    pub(crate) fn access(&self, url: &Url, said: Option<&Access>) -> Access {
        let said = said.filter(|access| access.credential.is_some());
        said.or_else(|| self.settings.repositories.access(url)).cloned().unwrap_or_default()
    }
}

/// Makes the error of a server that did not give what was asked for.
pub(crate) fn failed(what: impl Into<String>) -> impl FnOnce(StoreError) -> Error {
    let what = what.into();
    move |source| Error::Store { what, source }
}

/// Shows the address of a repository.
pub(crate) fn shown(url: &str) -> String {
    address::shown(url)
}
