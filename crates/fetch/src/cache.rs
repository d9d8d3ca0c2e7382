//! What was fetched before, in a folder that only this user may change.

use std::path::Path;

use bytes::Bytes;
use sealift_files::{Folder, Mode};
use sealift_reference::Digest;

use crate::git::Commit;
use crate::{Error, Limits, Package};

/// The first line of a kept index.
const FORMAT: &str = "sealift-index 1";

/// Bytes before the content of a kept index: an `ETag` is a header, and all headers have 64 KiB.
const HEAD_BYTES: u64 = 128 << 10;

/// A cache. Files are named by hashes that we make; whatever is in them is hashed again when it is read.
#[derive(Debug)]
pub(crate) struct Cache {
    folder: Folder,
}

/// An index as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptIndex {
    /// The name that the server had for it.
    pub(crate) etag: Option<String>,
    pub(crate) bytes: Bytes,
}

impl Cache {
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        Ok(Self { folder: Folder::create_private(path)? })
    }

    /// Returns the index of a repository; one that was damaged counts as none.
    pub(crate) fn index(&self, url: &str, limits: &Limits) -> Result<Option<KeptIndex>, Error> {
        let limit = limits.index_bytes as u64 + HEAD_BYTES;
        Ok(self.read(&index_name(url), limit)?.and_then(|bytes| unpack(&bytes.into())))
    }

    pub(crate) fn keep_index(&self, url: &str, index: &KeptIndex) -> Result<(), Error> {
        let etag = index.etag.as_deref().unwrap_or_default();
        let digest = Digest::sha256(&index.bytes);
        let head = format!("{FORMAT}\n{digest}\n{etag}\n");
        self.write(&index_name(url), &[head.as_bytes(), &index.bytes])
    }

    /// Returns an archive; one that was damaged counts as none.
    pub(crate) fn package(
        &self,
        digest: &Digest,
        limits: &Limits,
    ) -> Result<Option<Package>, Error> {
        let bytes = self.read(&package_name(digest), limits.chart.total_bytes)?;
        Ok(bytes.map(|bytes| Package::new(bytes.into())).filter(|kept| kept.digest == *digest))
    }

    pub(crate) fn keep_package(&self, package: &Package) -> Result<(), Error> {
        self.write(&package_name(&package.digest), &[&package.bytes])
    }

    /// Returns the digest of the archive that a tag of a registry named when it was last asked.
    pub(crate) fn named(&self, reference: &str) -> Result<Option<Digest>, Error> {
        let kept = self.read(&reference_name(reference), 200)?;
        Ok(kept.and_then(|bytes| String::from_utf8(bytes).ok()?.trim_end().parse().ok()))
    }

    pub(crate) fn keep_name(&self, reference: &str, digest: &Digest) -> Result<(), Error> {
        self.write(&reference_name(reference), &[format!("{digest}\n").as_bytes()])
    }

    /// Returns the commit that a branch or tag named when it was last asked for.
    pub(crate) fn commit(&self, source: &str) -> Result<Option<Commit>, Error> {
        let kept = self.read(&commit_name(source), 200)?;
        Ok(kept.and_then(|bytes| String::from_utf8(bytes).ok()?.trim_end().parse().ok()))
    }

    pub(crate) fn keep_commit(&self, source: &str, commit: &Commit) -> Result<(), Error> {
        self.write(&commit_name(source), &[format!("{commit}\n").as_bytes()])
    }

    /// Returns the archive of a commit; one that was damaged counts as none.
    pub(crate) fn archive(&self, commit: &str, limit_bytes: u64) -> Result<Option<Bytes>, Error> {
        let kept = self.read(&archive_name(commit), limit_bytes + HEAD_BYTES)?;
        Ok(kept.and_then(|bytes| unpack(&bytes.into())).map(|kept| kept.bytes))
    }

    pub(crate) fn keep_archive(&self, commit: &str, archive: &Bytes) -> Result<(), Error> {
        let head = format!("{FORMAT}\n{}\n\n", Digest::sha256(archive));
        self.write(&archive_name(commit), &[head.as_bytes(), archive])
    }

    fn read(&self, name: &str, limit_bytes: u64) -> Result<Option<Vec<u8>>, Error> {
        match self.folder.read(name, limit_bytes) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(sealift_files::Error::Limit { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn write(&self, name: &str, content: &[&[u8]]) -> Result<(), Error> {
        let written = self.folder.part(name).and_then(|mut part| {
            content.iter().try_for_each(|piece| part.write(piece))?;
            part.commit(Mode::Secret)
        });
        match written {
            // Another process keeps the same thing at the moment.
            Ok(()) | Err(sealift_files::Error::Busy { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn unpack(kept: &Bytes) -> Option<KeptIndex> {
    let mut lines = kept.splitn(4, |byte| *byte == b'\n');
    let mut line = || std::str::from_utf8(lines.next()?).ok();
    let (format, digest, etag) = (line()?, line()?, line()?);
    let start = format.len() + digest.len() + etag.len() + 3;
    let bytes = kept.slice(start.min(kept.len())..);
    let good = format == FORMAT && digest == Digest::sha256(&bytes).as_str();
    let etag = Some(etag.to_owned()).filter(|etag| !etag.is_empty());
    good.then_some(KeptIndex { etag, bytes })
}

/// The address may hold a token, so only its hash is kept.
fn index_name(url: &str) -> String {
    format!("indexes/{}", Digest::sha256(url.as_bytes()).hex())
}

fn package_name(digest: &Digest) -> String {
    format!("charts/{}.tgz", digest.hex())
}

fn commit_name(source: &str) -> String {
    format!("commits/{}", Digest::sha256(source.as_bytes()).hex())
}

fn archive_name(commit: &str) -> String {
    format!("git/{}.tgz", Digest::sha256(commit.as_bytes()).hex())
}

fn reference_name(reference: &str) -> String {
    format!("names/{}", Digest::sha256(reference.as_bytes()).hex())
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://c.example/?token=canary";

    fn cache() -> (tempfile::TempDir, Cache) {
        let place = tempfile::tempdir().expect("a folder");
        let cache = Cache::open(place.path()).expect("opened");
        (place, cache)
    }

    /// Replaces the one file of a folder.
    fn damage(place: &Path, folder: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) {
        for entry in fs_err::read_dir(place.join(folder)).expect("listed") {
            let path = entry.expect("an entry").path();
            assert!(!path.display().to_string().contains("canary"));
            let bytes = fs_err::read(&path).expect("read");
            assert!(!String::from_utf8_lossy(&bytes).contains("canary"));
            fs_err::write(&path, change(bytes)).expect("written");
        }
    }

    #[test]
    fn an_index_comes_back_as_it_was_and_a_damaged_one_does_not() {
        let (place, cache) = cache();
        let limits = Limits::default();
        assert_eq!(cache.index(URL, &limits).expect("read"), None);
        for etag in [None, Some("\"1\"".to_owned())] {
            for bytes in [&b""[..], b"a: 1\n\nb: 2\n"] {
                let kept = KeptIndex { etag: etag.clone(), bytes: Bytes::copy_from_slice(bytes) };
                cache.keep_index(URL, &kept).expect("kept");
                assert_eq!(cache.index(URL, &limits).expect("read"), Some(kept));
            }
        }
        assert_eq!(cache.index("https://c.example/", &limits).expect("read"), None);
        damage(place.path(), "indexes", |mut bytes| {
            *bytes.last_mut().expect("bytes") ^= 1;
            bytes
        });
        assert_eq!(cache.index(URL, &limits).expect("read"), None);
        damage(place.path(), "indexes", |_| b"sealift-index 1".to_vec());
        assert_eq!(cache.index(URL, &limits).expect("read"), None);
    }

    /// Hostile case A14.
    #[test]
    fn an_archive_of_the_right_size_with_other_bytes_is_not_taken() {
        let (place, cache) = cache();
        let limits = Limits::default();
        let package = Package::new(Bytes::from_static(b"an archive"));
        cache.keep_package(&package).expect("kept");
        assert_eq!(cache.package(&package.digest, &limits).expect("read"), Some(package.clone()));
        damage(place.path(), "charts", |_| b"an Archive".to_vec());
        assert_eq!(cache.package(&package.digest, &limits).expect("read"), None);
    }

    #[test]
    fn a_name_is_kept_with_the_digest_that_it_had() {
        let (place, cache) = cache();
        let digest = Digest::sha256(b"x");
        cache.keep_name("oci://r.example/a:1", &digest).expect("kept");
        assert_eq!(cache.named("oci://r.example/a:1").expect("read"), Some(digest));
        assert_eq!(cache.named("oci://r.example/a:2").expect("read"), None);
        damage(place.path(), "names", |_| b"sha256:../x\n".to_vec());
        assert_eq!(cache.named("oci://r.example/a:1").expect("read"), None);
    }
}
