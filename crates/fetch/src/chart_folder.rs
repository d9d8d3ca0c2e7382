//! A chart in a folder, within the tree in which its links and its neighbours lie.

use std::sync::Arc;

use sealift_archive::ArchivePath;
use sealift_files::Tree;
use sealift_helm::Chart;
use sealift_helm::chart::{HELMIGNORE, Ignore, LoadOptions};
use sealift_reference::{Algorithm, Digest, Hasher};

use crate::{Error, Identity, limits};

const CHART_FILE: &str = "Chart.yaml";

/// A chart in a folder of a tree. Links are followed as the tree says.
#[derive(Clone, Debug)]
pub struct ChartFolder {
    tree: Arc<Tree>,
    /// Below the tree; empty for the tree itself.
    below: String,
    options: LoadOptions,
}

/// The files of a chart, as loading wants them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartFiles {
    /// Path below the chart, and all bytes; in the order in which Helm walks a folder, which is that of its templates.
    pub files: Vec<(String, Vec<u8>)>,
    /// Of names and bytes; times, modes and the order do not count.
    pub digest: Digest,
}

impl ChartFolder {
    /// Makes one; nothing is read yet. `below` is the path below the tree, or empty.
    #[must_use]
    pub fn new(tree: Arc<Tree>, below: impl Into<String>, options: LoadOptions) -> Self {
        Self { tree, below: below.into(), options }
    }

    /// Returns the path as it was typed.
    #[must_use]
    pub fn path(&self) -> String {
        self.tree.path_of(&self.below)
    }

    /// Reads the files of the chart, without what its `.helmignore` leaves out.
    ///
    /// Mirrors `LoadDir` in `pkg/chart/v2/loader/directory.go` of Helm 4.2.4, which follows links to wherever they lead.
    ///
    /// # Errors
    ///
    /// [`Error::File`], [`Error::Ignore`], [`Error::NoChart`], [`Error::Path`].
    pub fn files(&self) -> Result<ChartFiles, Error> {
        let limits = limits::tree(&self.options.limits);
        let ignore = self.ignore()?;
        let mut ignores = |path: &str, is_folder| ignore.ignores(path, is_folder);
        let found = self.tree.files(&self.below, &limits, &mut ignores)?;
        for file in &found {
            let named: Result<ArchivePath, _> = file.path.parse();
            named.map_err(|source| Error::Path { folder: self.path(), source })?;
        }
        if !found.iter().any(|file| file.path == CHART_FILE) {
            return Err(Error::NoChart { folder: self.path() });
        }
        let files: Vec<_> = found.into_iter().map(|file| (file.path, file.bytes)).collect();
        Ok(ChartFiles { digest: digest(&files), files })
    }

    /// Reads and loads the chart.
    ///
    /// # Errors
    ///
    /// As [`ChartFolder::files`], and [`Error::Load`].
    pub fn load(&self) -> Result<(Chart, ChartFiles), Error> {
        let files = self.files()?;
        let chart = Chart::load(files.files.clone(), &self.options);
        Ok((
            chart.map_err(|error| Error::Load { what: self.path(), source: Box::new(error) })?,
            files,
        ))
    }

    fn ignore(&self) -> Result<Ignore, Error> {
        let path = join(&self.below, HELMIGNORE);
        if self.tree.is_folder(&path)? != Some(false) {
            return Ok(Ignore::default());
        }
        let rules = self.tree.read(&path, self.options.limits.file_bytes)?;
        Ignore::parse(&rules).map_err(|source| Error::Ignore { folder: self.path(), source })
    }

    /// Returns the chart in a folder below this one.
    pub(crate) fn below(&self, path: &str) -> Self {
        Self { below: join(&self.below, path), ..self.clone() }
    }

    /// Returns the chart at a path that starts at this one. Out of the tree it leads only where links do.
    pub(crate) fn beside(&self, path: &str) -> Result<Self, Error> {
        if let Some(below) = normal(&self.below, path) {
            return Ok(Self { below, ..self.clone() });
        }
        let from_root =
            if path.starts_with('/') { path.to_owned() } else { join(&self.below, path) };
        match self.tree.elsewhere(&from_root)? {
            Some(tree) => Ok(Self { tree: Arc::new(tree), below: String::new(), ..self.clone() }),
            None => Err(Error::Outside {
                chart: self.path(),
                path: path.to_owned(),
                tree: self.tree.path_of(""),
            }),
        }
    }
}

impl ChartFiles {
    /// Returns which chart it is that was loaded from these files.
    #[must_use]
    pub fn identity(&self, chart: &Chart, source: impl Into<String>) -> Identity {
        Identity {
            source: source.into(),
            name: chart.metadata.name.clone(),
            version: chart.metadata.version.clone(),
            digest: self.digest.clone(),
        }
    }
}

/// Hashes `path NUL length NUL bytes` of all files, sorted by path: what a lock pins a folder with.
fn digest(files: &[(String, Vec<u8>)]) -> Digest {
    let mut sorted: Vec<_> = files.iter().collect();
    sorted.sort();
    let mut hasher = Hasher::new(Algorithm::Sha256);
    for (path, bytes) in sorted {
        hasher.update(format!("{path}\0{}\0", bytes.len()).as_bytes());
        hasher.update(bytes);
    }
    hasher.finish()
}

fn join(below: &str, name: &str) -> String {
    if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") }
}

/// Returns where a path leads from a folder below a root, or `None` where that is out of the root.
fn normal(below: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = below.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        match part {
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_from_the_chart_and_not_out_of_the_root() {
        for (below, path, want) in [
            ("a/b", "../c", Some("a/c")),
            ("a/b", "../../c", Some("c")),
            ("a/b", "./c/", Some("a/b/c")),
            ("a/b", "", Some("a/b")),
            ("a", "..", Some("")),
            ("", "x/../y", Some("y")),
            ("a", "../..", None),
            ("", "..", None),
            ("a/b", "../../../a/b", None),
            ("a", "/etc", None),
        ] {
            assert_eq!(normal(below, path).as_deref(), want, "{below} {path}");
        }
    }
}
