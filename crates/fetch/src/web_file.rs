//! A file on a web server, as a kustomization may name one.

use bytes::Bytes;
use sealift_archive::GzipLimits;
use sealift_reference::Digest;
use sealift_registry::Download;

use crate::encoding::decode;
use crate::fetcher::{failed, shown};
use crate::{Error, Fetcher, address};

/// Bytes of a file: those that are read as YAML at most.
const FILE_BYTES: usize = 64 << 20;

impl Fetcher {
    /// Returns a file, which must be that of a lock where one says its digest; offline, what it was when it was last read.
    ///
    /// # Errors
    ///
    /// [`Error::Address`], [`Error::Store`], [`Error::Offline`], and [`Error::Digest`] for another file than that of the lock.
    pub async fn web_file(&self, url: &str, locked: Option<&Digest>) -> Result<Bytes, Error> {
        let (place, what) = (address::repository(url)?, shown(url));
        let kept = self.cache.as_ref().map(|cache| cache.archive(url, FILE_BYTES as u64));
        if let Some(kept) = kept.transpose()?.flatten()
            && locked.map_or(self.settings.offline, |locked| *locked == Digest::sha256(&kept))
        {
            self.observer.cached(&what);
            return Ok(kept);
        }
        if self.settings.offline {
            return Err(Error::Offline { what });
        }
        let (sent_by, credential, etag) = (None, None, None);
        let download = Download { url: &place, sent_by, credential, etag, limit_bytes: FILE_BYTES };
        let progress = |bytes| self.observer.received(&what, bytes);
        let found = self.registry.download(download, &progress).await.map_err(failed(&*what))?;
        let found = found.ok_or_else(|| Error::NoAddress { what: what.clone() })?;
        let bytes = decode(found, &what, GzipLimits::output(FILE_BYTES as u64), None)?;
        let got = Digest::sha256(&bytes);
        if let Some(said) = locked.filter(|locked| **locked != got) {
            return Err(Error::Digest { what, said: said.clone(), got });
        }
        if let Some(cache) = &self.cache {
            cache.keep_archive(url, &bytes)?;
        }
        Ok(bytes)
    }
}
