//! Charts: what is in a folder or an archive, sorted into its roles.

mod check;
mod decode;
mod draft;
mod error;
mod ignore;
mod limits;
mod load;
mod lock;
mod metadata;
mod validate;

use std::fmt;
use std::rc::Rc;

use sealift_gotemplate::{Map, Str};

pub use check::{CheckError, check_dependencies, check_installable};
pub use decode::{DecodeError, DecodeErrorKind};
pub use error::LoadError;
pub use ignore::{HELMIGNORE, Ignore, IgnoreError};
pub use limits::LoadLimits;
pub use load::LoadOptions;
pub use lock::{
    LockError, LockMismatch, check_lock, dependency_json, lock_digest, lock_digest_of_helm_2,
    lock_mismatches,
};
pub use metadata::{Dependency, Lock, Maintainer, Metadata};
pub use validate::ValidationError;

/// A chart with the charts that it depends on.
///
/// Mirrors `pkg/chart/v2/chart.go` of Helm 4.2.4. Clones are cheap.
#[derive(Clone)]
pub struct Chart {
    /// `Chart.yaml`.
    pub metadata: Rc<Metadata>,
    /// `Chart.lock`, or `requirements.lock`.
    pub lock: Option<Rc<Lock>>,
    /// The files below `templates/`, in the order in which they were loaded.
    pub templates: Rc<[File]>,
    /// All other files, custom resource definitions included: `.Files`.
    pub files: Rc<[File]>,
    /// All files as they were loaded, `Chart.yaml` and `values.yaml` included; not those of
    /// charts inside this one.
    pub raw: Rc<[File]>,
    /// `values.yaml`. Shared: whoever changes it copies it first.
    pub values: Map,
    /// `values.schema.json`.
    pub schema: Option<Str>,
    /// The charts below `charts/`.
    pub dependencies: Vec<Self>,
    /// The path that Helm gives the chart, such as `nginx/charts/common`, where it is not that of
    /// its parent with its name: a chart in one that has an alias may keep the path without it.
    pub full_path: Option<Rc<str>>,
}

/// A file of a chart.
#[derive(Clone)]
pub struct File {
    /// The path below the folder of the chart, with `/`.
    pub name: Rc<str>,
    /// The bytes, without a byte order mark.
    pub data: Str,
}

impl Chart {
    /// Returns the name of the chart; the alias, when its parent gave it one.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.metadata.name
    }

    /// Returns the path of the chart below one with another path: `ChartFullPath` in Helm.
    #[must_use]
    pub fn path_below(&self, parent: &str) -> String {
        match &self.full_path {
            Some(path) => path.to_string(),
            None => format!("{parent}/charts/{}", self.name()),
        }
    }

    /// Returns whether it holds templates for other charts only.
    #[must_use]
    pub fn is_library(&self) -> bool {
        self.metadata.kind.eq_ignore_ascii_case("library")
    }
}

impl fmt::Debug for Chart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "chart {} {} of {} files", self.name(), self.metadata.version, self.raw.len())
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} bytes", self.name, self.data.len())
    }
}
