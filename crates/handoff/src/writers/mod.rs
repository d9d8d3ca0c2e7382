//! One file per target format.

mod containerd;
mod readme;
pub(crate) mod secret;

use sealift_archive::ArchivePath;

use crate::{Error, Plan};

/// Writes the settings that make one kind of deployment use the private registry.
pub trait Writer {
    /// Returns the files to write, by path relative to the output folder.
    ///
    /// Same plan, same bytes: keys are sorted, no time stamps, no credentials.
    ///
    /// # Errors
    ///
    /// [`Error`], when a name makes no path.
    fn write(&self, plan: &Plan) -> Result<Vec<(ArchivePath, String)>, Error>;
}

/// Returns all writers.
#[must_use]
pub fn writers() -> Vec<Box<dyn Writer>> {
    vec![Box::new(containerd::Containerd), Box::new(readme::Readme), Box::new(secret::PullSecret)]
}
