//! Charts that are put beside a kustomization, as `helm pull --untar` does.

use super::{Contents, Entry, FileError, LoadError, Root, resolve};

/// A chart in a repository, as a kustomization names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteChart {
    /// The URL of a chart repository, or `oci://…` without the name of the chart.
    pub repository: String,
    /// Its name in there.
    pub name: String,
    /// A version or a constraint; empty for the highest.
    pub version: String,
    /// Whether the highest may be one before a release.
    pub is_devel: bool,
    /// The folder that it is put into: absolute, and links of what is there are followed.
    pub folder: String,
}

impl Root<'_> {
    /// Has a chart put into its folder, and reads all of its files.
    pub(crate) fn pull(&self, chart: &RemoteChart) -> Result<Contents, LoadError> {
        let folder = resolve::placed(self.files, &chart.folder)?;
        self.check_repository(&folder)?;
        if self.files.entry(&folder)? == Entry::File {
            return Err(FileError::new(format!("mkdir {folder}: a file is in its place")).into());
        }
        let chart = RemoteChart { folder, ..chart.clone() };
        let address = format!("chart {} of {}", chart.name, chart.repository);
        self.here(&address, self.files.chart(&chart))?;
        let missing = || {
            let reason = format!("it is not in '{}'", chart.folder);
            LoadError::Absent { address, reason }
        };
        self.below(&chart.folder)?.ok_or_else(missing)
    }
}
