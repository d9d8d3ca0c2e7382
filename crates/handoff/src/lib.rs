//! What the far side applies so that its clusters use the private registry: one small writer per target format.
//!
//! Everything follows from the lock and the address of the registry: same lock, same bytes. No file holds a credential;
//! [`Handoff::pull_secret`] makes the one text that does, for a file elsewhere.
//!
//! ```
//! use sealift_handoff::{Settings, handoff};
//! use sealift_inventory::Lock;
//!
//! let lock = Lock::default();
//! let to = "registry.corp:5000/ml".parse()?;
//! let made = handoff(&Settings { lock: &lock, to: &to, scheme: Default::default() })?;
//! assert!(made.files.iter().any(|(path, _)| path.as_str() == "README.md"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod plan;
mod quote;
mod writers;

pub use error::Error;
pub use plan::{Mirror, Plan, Reason, Scheme, Settings, Uncovered};
pub use writers::{Writer, writers};

use sealift_archive::{ArchivePath, check_portable};

/// A folder for the far side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handoff {
    /// Paths below the folder with their texts, sorted by path. `sealift.lock` is put beside them by the caller.
    pub files: Vec<(ArchivePath, String)>,
    /// Images that no file here leads to the private registry.
    pub uncovered: Vec<Uncovered>,
    plan: Plan,
}

/// A name and a password for the private registry. Never printed: it has no `Debug`.
pub struct Login<'a> {
    /// The account.
    pub username: &'a str,
    /// Its password or token.
    pub password: &'a str,
}

/// Writes every format that the lock needs.
///
/// # Errors
///
/// [`Error`], when a name of the lock cannot be a file name everywhere.
pub fn handoff(settings: &Settings<'_>) -> Result<Handoff, Error> {
    let plan = Plan::of(settings);
    let mut files = Vec::new();
    for writer in writers() {
        files.extend(writer.write(&plan)?);
    }
    files.sort();
    check_portable(files.iter().map(|(path, _)| path))?;
    Ok(Handoff { files, uncovered: plan.uncovered.clone(), plan })
}

impl Handoff {
    /// Returns the pull secret with real credentials, for the private registry alone. It belongs into a file of mode 0600
    /// outside of every folder that is handed on.
    #[must_use]
    pub fn pull_secret(&self, login: &Login<'_>) -> String {
        writers::secret::real(&self.plan, login)
    }
}
