//! Where the files of a shipment come from.

use std::path::{Path, PathBuf};

use sealift_files::{Folder, Links};
use sealift_inventory::HelmSource;

use sealift_kustomize::{Options, RepoSpec};

use crate::Error;
use crate::charts::{self, GotChart};
use crate::kustomizations::{self, Elsewhere, Kustomized, Wanted};

/// Gives the files of a shipment by the names that the shipment uses.
pub trait Inputs {
    /// Returns the bytes of a file, at most `limit_bytes`.
    ///
    /// # Errors
    ///
    /// [`Error::File`].
    fn read(&self, name: &str, limit_bytes: u64) -> Result<Vec<u8>, Error>;

    /// Returns the names that a path, a pattern or a folder stands for, sorted; at least one.
    ///
    /// # Errors
    ///
    /// [`Error::File`], also when nothing matches.
    fn expand(&self, pattern: &str) -> Result<Vec<String>, Error>;

    /// Returns the chart of a source, from wherever it is.
    ///
    /// # Errors
    ///
    /// [`Error::File`], [`Error::Fetch`].
    fn chart(&self, source: &HelmSource) -> Result<GotChart, Error>;

    /// Builds a kustomization, by its folder or its address in a git repository.
    ///
    /// # Errors
    ///
    /// [`Error::Kustomization`], [`Error::Named`].
    fn kustomization(&self, folder: &str, options: &Options) -> Result<Kustomized, Error>;
}

/// Files below the folder of a shipment, and what was read from stdin.
#[derive(Clone, Debug, Default)]
pub struct Local {
    /// The folder of the shipment file; empty for the current one.
    pub base: PathBuf,
    /// What `-` stands for.
    pub stdin: Option<Vec<u8>>,
}

impl Local {
    /// Builds a kustomization; `get` gets what it names elsewhere.
    ///
    /// # Errors
    ///
    /// [`Error::Kustomization`], [`Error::Named`].
    pub fn build(
        &self,
        folder: &str,
        options: &Options,
        get: &mut dyn FnMut(&Wanted) -> Result<Elsewhere, Error>,
    ) -> Result<Kustomized, Error> {
        let at = match RepoSpec::parse(folder) {
            Ok(_) => folder.to_owned(),
            Err(_) => self.path(folder).display().to_string(),
        };
        kustomizations::build(&at, options, get)
            .map_err(|error| kustomizations::of_folder(folder, error))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.base.join(name)
    }

    /// Takes the base away again: names are those that the shipment uses.
    fn name(&self, path: &str) -> String {
        let below = Path::new(path).strip_prefix(&self.base);
        below.map_or_else(|_| path.to_owned(), |below| below.display().to_string())
    }
}

impl Inputs for Local {
    fn read(&self, name: &str, limit_bytes: u64) -> Result<Vec<u8>, Error> {
        match (&self.stdin, name) {
            (Some(stdin), "-") => Ok(stdin.clone()),
            _ => Ok(sealift_files::read(self.path(name), limit_bytes)?),
        }
    }

    fn expand(&self, pattern: &str) -> Result<Vec<String>, Error> {
        if pattern == "-" && self.stdin.is_some() {
            return Ok(vec![pattern.to_owned()]);
        }
        let path = self.path(pattern);
        if !pattern.contains('*') && !sealift_files::is_folder(&path)? {
            return Ok(vec![pattern.to_owned()]);
        }
        if pattern.contains('*') {
            let paths = sealift_files::glob(&path.display().to_string())?;
            return Ok(paths.iter().map(|path| self.name(path)).collect());
        }
        let below = sealift_files::manifests(&Folder::open(&path)?)?;
        let folder = pattern.trim_end_matches('/');
        Ok(below.iter().map(|name| format!("{folder}/{name}")).collect())
    }

    fn chart(&self, source: &HelmSource) -> Result<GotChart, Error> {
        let is_elsewhere = source.repository.is_some() || source.chart.contains("://");
        if is_elsewhere {
            return Err(Error::Elsewhere { chart: source.chart.clone() });
        }
        let limits = sealift_fetch::Limits::default();
        charts::local(&self.path(&source.chart), &source.chart, Links::Inside, &limits)
    }

    fn kustomization(&self, folder: &str, options: &Options) -> Result<Kustomized, Error> {
        self.build(folder, options, &mut |_| Err(Error::NotHere))
    }
}
