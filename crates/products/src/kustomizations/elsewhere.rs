//! What a build names that is not on this machine.

use std::fmt;

use sealift_fetch::git::{GitSource, GitTree};
use sealift_fetch::{Error, Fetcher};
use sealift_kustomize::{RemoteChart, RepoSpec};
use sealift_oci::StoreErrorKind;
use sealift_reference::Digest;

use super::chart::{self, PulledChart};
use super::locked::{self, Locked};

/// Something that a build has to be given before it can go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A chart.
    Chart(RemoteChart),
    /// A folder of a git repository.
    Repository(RepoSpec),
    /// A file of a web server.
    WebFile(String),
}

/// What was got.
#[derive(Clone, Debug)]
pub enum Elsewhere {
    /// The files of a chart.
    Chart(PulledChart),
    /// The files of a repository.
    Repository(GitTree),
    /// A file.
    WebFile(Vec<u8>),
    /// It cannot be had, and why: the build says what that means.
    Absent(String),
}

/// What something was when it was got, for the lock.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pin {
    /// Such as `https://github.com/o/r at v1, commit 0123…`.
    pub name: String,
    /// Of all its files.
    pub digest: Digest,
}

impl Wanted {
    /// Gets it; what a lock knows is got as it was then.
    ///
    /// # Errors
    ///
    /// Those of [`Fetcher`]. A web server that has no such file is none: kustomize then looks for a repository.
    pub async fn get(&self, fetcher: &Fetcher, locked: &Locked) -> Result<Elsewhere, Error> {
        match self {
            Self::Chart(wanted) => {
                let chart = chart::pull(fetcher, wanted, locked.chart(wanted)).await?;
                Ok(Elsewhere::Chart(chart))
            }
            Self::Repository(spec) => {
                let source = GitSource::new(&spec.clone_spec(), &spec.reference)?;
                let (commit, digest) = match locked.tree(self) {
                    Some((commit, digest)) => (commit.clone(), Some(digest)),
                    None => (fetcher.git_commit(&source).await?, None),
                };
                Ok(Elsewhere::Repository(fetcher.git_tree(&source, &commit, digest).await?))
            }
            Self::WebFile(url) => match fetcher.web_file(url, locked.file(self)).await {
                Ok(file) => Ok(Elsewhere::WebFile(file.into())),
                Err(Error::Store { source, .. }) if is_answer(source.kind) => {
                    Ok(Elsewhere::Absent(source.to_string()))
                }
                // That there was no file is not kept: where there may be a repository, that is looked for next.
                Err(error @ Error::Offline { .. }) if RepoSpec::parse(url).is_ok() => {
                    Ok(Elsewhere::Absent(error.to_string()))
                }
                Err(error) => Err(error),
            },
        }
    }

    /// Says what it was, where something was got.
    #[must_use]
    pub fn pin(&self, got: &Elsewhere) -> Option<Pin> {
        match got {
            Elsewhere::Chart(chart) => {
                let identity = &chart.identity;
                Some(Pin { name: identity.to_string(), digest: identity.digest.clone() })
            }
            Elsewhere::Repository(tree) => {
                Some(locked::pin(&self.to_string(), &tree.commit, &tree.digest))
            }
            Elsewhere::WebFile(file) => {
                Some(Pin { name: self.to_string(), digest: Digest::sha256(file) })
            }
            Elsewhere::Absent(_) => None,
        }
    }
}

impl Wanted {
    /// Returns where it is, as it is written.
    #[must_use]
    pub fn address(&self) -> String {
        match self {
            Self::Chart(chart) => chart.repository.clone(),
            Self::Repository(spec) => spec.clone_spec(),
            Self::WebFile(url) => url.clone(),
        }
    }
}

impl fmt::Display for Wanted {
    /// Without what may be secret: user, password and query.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Chart(chart) = self {
            let version = if chart.version.is_empty() { "" } else { " " };
            write!(f, "chart {}{version}{} from ", chart.name, chart.version)?;
        }
        f.write_str(&shown(&self.address()))?;
        match self {
            Self::Repository(spec) if !spec.reference.is_empty() => {
                write!(f, " at {}", spec.reference)
            }
            _ => Ok(()),
        }
    }
}

/// An address without user, password, query and fragment; the user of an address as scp writes it is no secret.
pub(super) fn shown(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.rsplit('@').next().unwrap_or(host);
    format!("{scheme}://{host}{path}")
}

/// Whether a server answered that it has no such file, or not for us.
fn is_answer(kind: StoreErrorKind) -> bool {
    matches!(kind, StoreErrorKind::NotFound | StoreErrorKind::Denied)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_secret_is_not_shown() {
        for (address, want) in [
            ("https://user:canary@h.example/o/r?ref=v1", "https://h.example/o/r at v1"),
            ("https://canary@h.example:1/o/r", "https://h.example:1/o/r"),
            ("git@github.com:o/r", "git@github.com:o/r"),
        ] {
            let spec = RepoSpec::parse(address).expect(address);
            assert_eq!(Wanted::Repository(spec).to_string(), want);
        }
        let file = Wanted::WebFile("https://u:canary@h.example/a.yaml?canary#canary".to_owned());
        assert_eq!(file.to_string(), "https://h.example/a.yaml");
    }
}
