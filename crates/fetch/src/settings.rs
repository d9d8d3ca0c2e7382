//! All that the command line decides about getting charts.

use std::path::PathBuf;

use sealift_helm::Profile;
use sealift_helm::chart::LoadOptions;

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
    /// By which release's rules `Chart.yaml` is read.
    pub profile: Profile,
    /// What may be read.
    pub limits: Limits,
}

impl FetchSettings {
    /// Returns how charts are loaded.
    #[must_use]
    pub fn load(&self) -> LoadOptions {
        LoadOptions { profile: self.profile, limits: self.limits.chart }
    }
}
