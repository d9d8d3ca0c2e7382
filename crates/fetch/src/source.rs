//! What a chart argument means.

use std::path::PathBuf;

use crate::{Access, Error, Remote, Repositories};

/// Where a chart is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ChartSource {
    /// An archive on this machine.
    Archive(PathBuf),
    /// A folder on this machine.
    Folder(PathBuf),
    /// Elsewhere.
    Remote(Remote),
}

/// What stands beside a chart argument.
#[derive(Clone, Debug, Default)]
pub struct Beside<'a> {
    /// `--repo`, or `repository` of a shipment: a URL, `oci://…`, or nothing.
    pub repository: &'a str,
    /// `--version`; empty for the highest release.
    pub version: &'a str,
    /// `--username` and what belongs to it; `None` as `repositories.yaml` says.
    pub access: Option<Access>,
}

impl ChartSource {
    /// Finds out what an argument means: what is on this machine, unless a repository was named; a reference, a URL, or a chart
    /// of a named repository, `NAME/CHART`.
    ///
    /// Mirrors `LocateChart` in `pkg/action/install.go` of Helm 4.2.4, in which `--repo` takes no `oci://`.
    ///
    /// # Errors
    ///
    /// [`Error::File`], [`Error::NoSource`], [`Error::UnknownRepository`].
    pub fn locate(
        argument: &str,
        beside: Beside<'_>,
        repositories: &Repositories,
    ) -> Result<Self, Error> {
        let argument = argument.trim();
        let Beside { repository, version, access } = beside;
        let version = version.trim().to_owned();
        if repository.is_empty() && sealift_files::exists(argument)? {
            let path = PathBuf::from(argument);
            let is_folder = sealift_files::is_folder(&path)?;
            return Ok(if is_folder { Self::Folder(path) } else { Self::Archive(path) });
        }
        if argument.starts_with("oci://") {
            return Ok(Self::Remote(Remote::Oci { reference: argument.to_owned(), version }));
        }
        if repository.starts_with("oci://") {
            let reference = format!("{}/{argument}", repository.trim_end_matches('/'));
            return Ok(Self::Remote(Remote::Oci { reference, version }));
        }
        if !repository.is_empty() {
            let (url, chart) = (repository.to_owned(), argument.to_owned());
            return Ok(Self::Remote(Remote::Repository { url, chart, version, access }));
        }
        if argument.starts_with("http://") || argument.starts_with("https://") {
            return Ok(Self::Remote(Remote::Url { url: argument.to_owned(), access }));
        }
        let named = argument.split_once('/').filter(|(name, _)| !name.is_empty() && *name != ".");
        let Some((name, chart)) = named.filter(|(name, _)| *name != "..") else {
            return Err(Error::NoSource { text: argument.to_owned() });
        };
        let url = repositories.named(name)?.url.clone();
        Ok(Self::Remote(Remote::Repository { url, chart: chart.to_owned(), version, access }))
    }
}
