//! Chart repositories: an index, and archives that may be anywhere.

use std::sync::Arc;

use bytes::Bytes;
use sealift_oci::StoreErrorKind;
use sealift_reference::Digest;
use sealift_registry::{Credential, Download, Downloaded};
use url::Url;

use crate::cache::KeptIndex;
use crate::encoding::{decode_index, decode_package};
use crate::fetcher::{Fetcher, failed, shown};
use crate::limits::PROVENANCE_BYTES;
use crate::{Access, Error, Fetched, Index, Package, address};

impl Fetcher {
    /// Returns the index of a repository: as it is now, or offline as it was last.
    ///
    /// # Errors
    ///
    /// [`Error::Address`], [`Error::Store`], [`Error::Offline`], and those of [`Index::read`].
    pub async fn index(&self, url: &str, access: Option<&Access>) -> Result<Arc<Index>, Error> {
        let place = self.index_of(url);
        let read = || async {
            let bytes = self.index_bytes(url, access).await?;
            let (repository, limits) = (shown(url), self.settings.limits);
            // A large one takes seconds.
            let read = move || Index::read(&bytes, &repository, &limits);
            let index = tokio::task::spawn_blocking(read).await;
            index.map_err(|error| Error::Task(error.to_string()))?.map(Arc::new)
        };
        place.get_or_try_init(read).await.cloned()
    }

    async fn index_bytes(&self, url: &str, access: Option<&Access>) -> Result<Bytes, Error> {
        let what = format!("the index of {}", shown(url));
        let repository = address::repository(url)?;
        let limits = &self.settings.limits;
        let kept = self.cache.as_ref().map(|cache| cache.index(url, limits)).transpose()?.flatten();
        if self.settings.offline {
            let kept = kept.ok_or_else(|| Error::Offline { what: what.clone() })?;
            self.observer.cached(&what);
            return Ok(kept.bytes);
        }
        let access = self.access(&repository, access);
        let place = address::below(&repository, "index.yaml")?;
        let download = Download {
            url: &place,
            sent_by: None,
            credential: access.credential.as_deref(),
            etag: kept.as_ref().and_then(|kept| kept.etag.as_deref()),
            limit_bytes: limits.index_bytes,
        };
        let found = self
            .download(&what, download)
            .await
            .map_err(|error| at_limit(error, "repository-index-bytes"))?;
        let Some(found) = found else {
            self.observer.cached(&what);
            return Ok(kept.map(|kept| kept.bytes).unwrap_or_default());
        };
        let etag = found.etag.clone();
        let bytes = decode_index(found, &what, limits)?;
        if let Some(cache) = &self.cache {
            cache.keep_index(url, &KeptIndex { etag, bytes: bytes.clone() })?;
        }
        Ok(bytes)
    }

    pub(crate) async fn repository_chart(
        &self,
        url: &str,
        (chart, version): (&str, &str),
        access: Option<&Access>,
    ) -> Result<Fetched, Error> {
        let index = self.index(url, access).await?;
        let entry = index.select(chart, version, &shown(url), &*self.observer)?;
        let what = format!("chart `{chart}` {} from {}", entry.version, shown(url));
        let Some(name) = entry.urls.first() else {
            return Err(Error::NoAddress { what });
        };
        if name.starts_with("oci://") {
            let fetched = self.registry_chart(name, "").await?;
            let known = entry.digest.as_ref();
            check_digest(known, &fetched.package.digest, &what)?;
            let (source, version) = (shown(url), entry.version.clone());
            let name = chart.to_owned();
            // The chart belongs to the repository, wherever that keeps it.
            return Ok(Fetched { source, name, version, manifest: None, ..fetched });
        }
        let repository = address::repository(url)?;
        let place = address::below(&repository, name)?;
        let access = self.access(&repository, access);
        let archive = Archive {
            what,
            sent_by: Some(&repository),
            credential: self.credential(&repository, &place, &access),
            digest: entry.digest.as_ref(),
            url: place,
        };
        let (package, provenance) = self.archive(&archive).await?;
        Ok(Fetched {
            source: shown(url),
            name: chart.to_owned(),
            version: entry.version.clone(),
            manifest: None,
            package,
            provenance,
        })
    }

    pub(crate) async fn web_archive(
        &self,
        url: &str,
        access: Option<&Access>,
    ) -> Result<Fetched, Error> {
        let place = address::repository(url)?;
        let access = self.access(&place, access);
        let archive = Archive {
            what: shown(url),
            sent_by: None,
            credential: access.credential,
            digest: None,
            url: place,
        };
        let (package, provenance) = self.archive(&archive).await?;
        let (name, version) = (String::new(), String::new());
        Ok(Fetched { source: shown(url), name, version, manifest: None, package, provenance })
    }

    /// Returns what a place may see: the secret of a repository at its own origin only, unless the operator says everywhere;
    /// elsewhere that of the repository below which the place lies. Helm CVE-2021-32690.
    fn credential(
        &self,
        repository: &Url,
        place: &Url,
        access: &Access,
    ) -> Option<Arc<Credential>> {
        if access.everywhere || place.origin() == repository.origin() {
            return access.credential.clone();
        }
        self.settings.repositories.access(place)?.credential.clone()
    }

    async fn archive(&self, archive: &Archive<'_>) -> Result<(Package, Option<Bytes>), Error> {
        let limits = &self.settings.limits;
        let package = match (&self.cache, archive.digest) {
            (Some(cache), Some(digest)) => cache.package(digest, limits)?,
            _ => None,
        };
        let package = match package {
            Some(package) => {
                self.observer.cached(&archive.what);
                package
            }
            None => self.download_package(archive).await?,
        };
        let wanted = self.wants_provenance();
        let provenance = if wanted { self.provenance(archive).await? } else { None };
        Ok((package, provenance))
    }

    async fn download_package(&self, archive: &Archive<'_>) -> Result<Package, Error> {
        let Archive { what, digest, .. } = archive;
        let limits = &self.settings.limits;
        let limit_bytes = usize::try_from(limits.chart.total_bytes).unwrap_or(usize::MAX);
        let found = self.download(what, archive.download(&archive.url, limit_bytes)).await;
        let found = found.map_err(|error| at_limit(error, "chart-bytes"))?;
        let found = found.ok_or_else(|| Error::NoAddress { what: what.clone() })?;
        let bytes = decode_package(found, *digest, what, limits)?;
        let package = Package::new(bytes);
        check_digest(*digest, &package.digest, what)?;
        if let Some(cache) = &self.cache {
            cache.keep_package(&package)?;
        }
        Ok(package)
    }

    async fn provenance(&self, archive: &Archive<'_>) -> Result<Option<Bytes>, Error> {
        let mut url = archive.url.clone();
        url.set_path(&format!("{}.prov", url.path()));
        let what = format!("the provenance of {}", archive.what);
        match self.download(&what, archive.download(&url, PROVENANCE_BYTES)).await {
            Ok(found) => Ok(found.map(|found| found.bytes)),
            Err(Error::Store { source, .. }) if source.kind == StoreErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn download(
        &self,
        what: &str,
        download: Download<'_>,
    ) -> Result<Option<Downloaded>, Error> {
        if self.settings.offline {
            return Err(Error::Offline { what: what.to_owned() });
        }
        let progress = |bytes| self.observer.received(what, bytes);
        self.registry.download(download, &progress).await.map_err(failed(what))
    }
}

/// An archive on a web server.
struct Archive<'a> {
    what: String,
    url: Url,
    sent_by: Option<&'a Url>,
    credential: Option<Arc<Credential>>,
    digest: Option<&'a Digest>,
}

impl Archive<'_> {
    fn download<'d>(&'d self, url: &'d Url, limit_bytes: usize) -> Download<'d> {
        let credential = self.credential.as_deref();
        Download { url, sent_by: self.sent_by, credential, etag: None, limit_bytes }
    }
}

/// Says which limit it was that an answer was larger than.
fn at_limit(error: Error, limit: &'static str) -> Error {
    match error {
        Error::Store { what, source } if source.kind == StoreErrorKind::Limit => {
            Error::StoreLimit { what, source, limit }
        }
        error => error,
    }
}

/// Compares what an index says with what came.
fn check_digest(said: Option<&Digest>, got: &Digest, what: &str) -> Result<(), Error> {
    match said {
        Some(said) if said != got => {
            Err(Error::Digest { what: what.to_owned(), said: said.clone(), got: got.clone() })
        }
        _ => Ok(()),
    }
}
