//! Charts that lie beside the chart that needs them.

use super::Need;
use crate::{ChartFiles, ChartFolder, Error};

/// Where a chart lies that is in no repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Local {
    /// In `charts/`, by its name.
    Charts(String),
    /// `file://…`, as written behind that.
    File(String),
}

/// A chart that lies there.
#[derive(Clone, Debug)]
pub(crate) struct LocalChart {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The path as typed, with what is below.
    pub(crate) path: String,
    pub(crate) files: ChartFiles,
}

impl Local {
    /// Returns where a chart lies, if it does not come from elsewhere.
    pub(crate) fn of(need: &Need) -> Option<Self> {
        if need.repository.is_empty() {
            return Some(Self::Charts(need.name.clone()));
        }
        need.repository.strip_prefix("file://").map(|path| Self::File(path.to_owned()))
    }
}

impl ChartFolder {
    /// Reads a chart that lies beside this one. Its name must be the one that was asked for: under another one it would not
    /// be found when it is needed.
    pub(crate) fn local(&self, need: &Need, local: &Local) -> Result<LocalChart, Error> {
        let (folder, place) = match local {
            Local::Charts(name) => {
                let place = format!("charts/{name}");
                (self.below(&place), place)
            }
            Local::File(path) => (self.beside(path)?, need.repository.clone()),
        };
        let (chart, files) = folder.load()?;
        if chart.metadata.name != need.name {
            let what = format!("chart `{}` from {place}", need.name);
            return Err(Error::OtherChart { what, name: chart.metadata.name.clone() });
        }
        Ok(LocalChart {
            name: chart.metadata.name.clone(),
            version: chart.metadata.version.clone(),
            path: folder.path(),
            files,
        })
    }
}
