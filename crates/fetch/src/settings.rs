//! All that the command line decides about getting charts.

use std::path::PathBuf;

use crate::{Limits, Repositories};

/// How charts are fetched. The default is a user without repositories and without a cache.
#[derive(Clone, Debug, Default)]
pub struct FetchSettings {
    /// A folder of this user's; without one nothing is kept.
    pub cache: Option<PathBuf>,
    /// `--offline`: what is not in the cache is not there.
    pub offline: bool,
    /// Helm's `repositories.yaml`.
    pub repositories: Repositories,
    /// Whether provenance files are fetched where there are any.
    pub provenance: bool,
    /// `--verify`: charts whose provenance cannot be checked are refused.
    pub verify: bool,
    /// What may be read.
    pub limits: Limits,
}
