//! From a repository to the files of a commit.

use bytes::Bytes;
use sealift_oci::StoreErrorKind;
use sealift_reference::Digest;
use sealift_registry::Download;
use url::Url;

use super::references::References;
use super::tree::unpack;
use super::{Commit, GitError, GitSource, GitTree, hosts};
use crate::fetcher::{failed, shown};
use crate::{Error, Fetcher};

/// Bytes of what a server says of its branches and tags: repositories with a hundred thousand pull requests have some 20 MB.
const REFERENCES_BYTES: usize = 64 << 20;
/// Bytes of an archive.
const ARCHIVE_BYTES: usize = 512 << 20;

impl Fetcher {
    /// Returns the commit that a branch or tag names now; offline, what it named when it was last asked for.
    ///
    /// # Errors
    ///
    /// [`Error::Git`], [`Error::Store`], [`Error::Offline`].
    pub async fn git_commit(&self, source: &GitSource) -> Result<Commit, Error> {
        if let Ok(commit) = source.reference().parse() {
            return Ok(commit);
        }
        let what = source.to_string();
        if self.settings.offline {
            let kept = self.cache.as_ref().map(|cache| cache.commit(&what)).transpose()?.flatten();
            return kept.ok_or(Error::Offline { what });
        }
        let mut url = source.repository.clone();
        url.set_path(&format!("{}/info/refs", url.path().trim_end_matches('/')));
        url.set_query(Some("service=git-upload-pack"));
        let repository = shown(source.repository());
        let answer =
            self.read(&format!("the branches of {repository}"), &url, REFERENCES_BYTES).await?;
        let references = References::read(&answer)
            .map_err(|why| GitError::Answer { repository: repository.clone(), why })?;
        let missing = || GitError::Missing { repository, reference: source.reference().to_owned() };
        let commit = references.find(source.reference()).ok_or_else(missing)?;
        if let Some(cache) = &self.cache {
            cache.keep_commit(&what, &commit)?;
        }
        Ok(commit)
    }

    /// Returns the files of a commit, which must be those of a lock where one says their digest.
    ///
    /// # Errors
    ///
    /// [`Error::Git`], [`Error::Store`], [`Error::Offline`].
    pub async fn git_tree(
        &self,
        source: &GitSource,
        commit: &Commit,
        locked: Option<&Digest>,
    ) -> Result<GitTree, Error> {
        let what = format!("{} at {commit}", shown(source.repository()));
        let kept = self.cache.as_ref().map(|cache| cache.archive(&what, ARCHIVE_BYTES as u64));
        if let Some(archive) = kept.transpose()?.flatten() {
            self.observer.cached(&what);
            return tree(source, commit, locked, archive).await;
        }
        if self.settings.offline {
            return Err(Error::Offline { what });
        }
        let archive = self.archive_of(source, commit).await?;
        let tree = tree(source, commit, locked, archive.clone()).await?;
        // Only what was looked through is kept.
        if let Some(cache) = &self.cache {
            cache.keep_archive(&what, &archive)?;
        }
        Ok(tree)
    }

    async fn archive_of(&self, source: &GitSource, commit: &Commit) -> Result<Bytes, Error> {
        let repository = shown(source.repository());
        let what = format!("the archive of {repository} at commit {commit}");
        let places = hosts::archives(source, commit);
        for place in &places {
            match self.read(&what, place, ARCHIVE_BYTES).await {
                Err(Error::Store { source, .. }) if source.kind == StoreErrorKind::NotFound => {}
                found => return found,
            }
        }
        let tried = places.iter().map(|place| shown(place.as_str())).collect();
        Err(GitError::NoArchive { repository, commit: commit.clone(), tried }.into())
    }

    async fn read(&self, what: &str, url: &Url, limit_bytes: usize) -> Result<Bytes, Error> {
        let download = Download { url, sent_by: None, credential: None, etag: None, limit_bytes };
        let progress = |bytes| self.observer.received(what, bytes);
        let found = self.registry.download(download, &progress).await.map_err(failed(what))?;
        Ok(found.map(|found| found.bytes).unwrap_or_default())
    }
}

/// Unpacks an archive, aside: a large one takes seconds.
async fn tree(
    source: &GitSource,
    commit: &Commit,
    locked: Option<&Digest>,
    archive: Bytes,
) -> Result<GitTree, Error> {
    let unpacked = tokio::task::spawn_blocking(move || unpack(&archive)).await;
    let unpacked = unpacked.map_err(|error| Error::Task(error.to_string()))?;
    let (repository, commit) = (shown(source.repository()), commit.clone());
    let unpacked = match unpacked {
        Ok(unpacked) => unpacked,
        Err(source) => return Err(GitError::Archive { repository, commit, source }.into()),
    };
    if let Some(got) = unpacked.comment.filter(|comment| comment != commit.as_str()) {
        return Err(GitError::OtherCommit { repository, commit, got }.into());
    }
    if let Some(said) = locked.filter(|said| **said != unpacked.digest) {
        let (said, got) = (said.clone(), unpacked.digest);
        return Err(GitError::OtherTree { repository, commit, said, got }.into());
    }
    Ok(GitTree { commit, digest: unpacked.digest, entries: unpacked.entries })
}
