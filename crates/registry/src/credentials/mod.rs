//! Who we are at which registry: the files of docker and podman, and the helpers that they name.

mod file;
mod helper;
mod keyring;
mod login;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sealift_oci::{StoreError, StoreErrorKind};
use sealift_reference::Repository;

pub(crate) use keyring::Keyring;
pub use login::{Login, login, logout};

use crate::secret::Secret;
use file::ConfigFile;

/// What is shown to a registry or its token server.
#[derive(Debug, PartialEq)]
#[non_exhaustive]
pub enum Credential {
    /// User and password.
    Basic {
        /// The user.
        user: String,
        /// The password, or a token that stands in for it.
        password: Secret,
    },
    /// A token that only a token server takes, for other tokens.
    Identity(Secret),
    /// A token for the registry itself.
    Registry(Secret),
}

impl Credential {
    /// Returns user and password, for the one file that a person asked to be written with them (mode 0600, never handed on);
    /// `None` for tokens, which no pull secret can hold.
    #[must_use]
    pub fn expose_basic(&self) -> Option<(&str, &str)> {
        match self {
            Self::Basic { user, password } => Some((user, password.expose())),
            Self::Identity(_) | Self::Registry(_) => None,
        }
    }
}

/// Where credentials are looked for, in this order; the first hit wins, and a broken file is an error.
///
/// The command line fills it from the arguments and the environment.
#[derive(Clone, Debug, Default)]
pub struct CredentialFiles {
    /// `--authfile` or `REGISTRY_AUTH_FILE`; must exist for reading.
    pub explicit: Option<PathBuf>,
    /// The JSON text in `DOCKER_AUTH_CONFIG`.
    pub inline: Option<Arc<Secret>>,
    /// `$XDG_RUNTIME_DIR/containers/auth.json`, else `/run/containers/<uid>/auth.json`; `$XDG_CONFIG_HOME/containers/auth.json`.
    pub containers: Vec<PathBuf>,
    /// `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`.
    pub docker: Option<PathBuf>,
    /// `~/.dockercfg`.
    pub dockercfg: Option<PathBuf>,
    /// `PATH`, where helpers are looked for.
    pub helper_path: OsString,
    /// How long a helper may take: 30 s unless this says otherwise.
    pub helper_patience: Option<std::time::Duration>,
}

/// A credential, and where it was found.
#[derive(Debug)]
pub struct Found {
    /// The credential.
    pub credential: Arc<Credential>,
    /// The file, as the command line named it, or the helper.
    pub place: String,
    /// The entry within it: `host` or `host/namespace`.
    pub key: String,
}

impl CredentialFiles {
    /// Returns the credential for a repository, or `None` for an anonymous visit.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or belongs to another user, a helper that is missing, fails or takes too long.
    pub async fn find(&self, repository: &Repository) -> Result<Option<Arc<Found>>, StoreError> {
        Keyring::new(self.clone(), Vec::new()).find(repository).await
    }

    /// Reads all files that are there.
    fn read(&self) -> Result<Vec<(String, ConfigFile)>, StoreError> {
        let mut configs = Vec::new();
        if let Some(path) = &self.explicit {
            let config = read_file(path, ConfigFile::parse)?;
            configs.push(config.ok_or_else(|| refuse(path.display(), "there is no such file"))?);
        }
        if let Some(text) = &self.inline {
            let place = "DOCKER_AUTH_CONFIG".to_owned();
            let config = ConfigFile::parse_inline(text, &place)?;
            configs.push((place, config));
        }
        for path in self.containers.iter().chain(&self.docker) {
            configs.extend(read_file(path, ConfigFile::parse)?);
        }
        if let Some(path) = &self.dockercfg {
            configs.extend(read_file(path, ConfigFile::parse_flat)?);
        }
        Ok(configs)
    }
}

type Parse = fn(&str, &str) -> Result<ConfigFile, StoreError>;

fn read_file(path: &Path, parse: Parse) -> Result<Option<(String, ConfigFile)>, StoreError> {
    let place = path.display().to_string();
    let Some(text) = crate::disk::text(path)? else { return Ok(None) };
    check_owner(path, &place)?;
    let text = zeroize::Zeroizing::new(text);
    Ok(Some((place.clone(), parse(&text, &place)?)))
}

/// Refuses a file of another user, who could choose what we show to whom; warns of one that others can read.
#[cfg(unix)]
fn check_owner(path: &Path, place: &str) -> Result<(), StoreError> {
    use std::os::unix::fs::MetadataExt as _;

    let found =
        path.metadata().map_err(|error| refuse(place, "cannot be looked at").because(error))?;
    let ours = [rustix::process::geteuid().as_raw(), 0].contains(&found.uid());
    if !ours {
        return Err(refuse(place, "belongs to another user"));
    }
    if found.mode() & 0o077 != 0 {
        tracing::warn!(file = place, "others can read this credential file; `chmod 600` it");
    }
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the Unix twin can fail")]
fn check_owner(_path: &Path, _place: &str) -> Result<(), StoreError> {
    Ok(())
}

/// Makes the error for a file that cannot be used; its contents are never part of it.
fn refuse(place: impl std::fmt::Display, why: impl std::fmt::Display) -> StoreError {
    StoreError::new(StoreErrorKind::Denied, format!("credentials in {place}: {why}"))
}
