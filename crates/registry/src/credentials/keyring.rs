//! Credentials found so far: files are read once, helpers asked once for a host.

use std::collections::HashMap;
use std::sync::Arc;

use sealift_oci::StoreError;
use sealift_reference::Repository;
use tokio::sync::{Mutex, OnceCell};

use super::{ConfigFile, Credential, CredentialFiles, Found, file, helper};

type Known<T> = Mutex<HashMap<String, Option<Arc<T>>>>;

/// All credentials of a run.
pub(crate) struct Keyring {
    files: CredentialFiles,
    configs: OnceCell<Vec<(String, ConfigFile)>>,
    given: Vec<(String, Arc<Credential>)>,
    found: Known<Found>,
    helped: Known<Credential>,
}

impl Keyring {
    pub(crate) fn new(files: CredentialFiles, given: Vec<(String, Arc<Credential>)>) -> Self {
        Self {
            files,
            configs: OnceCell::new(),
            given,
            found: Mutex::default(),
            helped: Mutex::default(),
        }
    }

    /// Returns the credential for a repository.
    pub(crate) async fn find(
        &self,
        repository: &Repository,
    ) -> Result<Option<Arc<Found>>, StoreError> {
        // Held while files are read, so that one helper is not asked twice at a time.
        let mut known = self.found.lock().await;
        let name = repository.to_string();
        if let Some(found) = known.get(&name) {
            return Ok(found.clone());
        }
        let found = self.look(repository).await?.map(Arc::new);
        if let Some(found) = &found {
            let Found { place, key, .. } = &**found;
            tracing::info!(%repository, %place, %key, "credentials");
        }
        known.insert(name, found.clone());
        Ok(found)
    }

    async fn look(&self, repository: &Repository) -> Result<Option<Found>, StoreError> {
        let host = repository.host();
        if let Some((_, credential)) = self.given.iter().find(|(given, _)| given == host) {
            let credential = Arc::clone(credential);
            return Ok(Some(Found {
                credential,
                place: "the command line".to_owned(),
                key: host.to_owned(),
            }));
        }
        let configs = self.configs.get_or_try_init(|| async { self.files.read() }).await?;
        for (place, config) in configs {
            if let Some(name) = config.helper(host)
                && let Some(credential) = self.helped(name, host).await?
            {
                return Ok(Some(Found {
                    credential,
                    place: format!("helper {name}"),
                    key: host.to_owned(),
                }));
            }
            if let Some((key, credential)) = config.find(repository, place)? {
                return Ok(Some(Found {
                    credential: Arc::new(credential),
                    place: place.clone(),
                    key,
                }));
            }
        }
        Ok(None)
    }

    async fn helped(&self, name: &str, host: &str) -> Result<Option<Arc<Credential>>, StoreError> {
        let mut helped = self.helped.lock().await;
        let key = format!("{name} {host}");
        if let Some(credential) = helped.get(&key) {
            return Ok(credential.clone());
        }
        let server = file::helper_server(host);
        let credential = helper::get(name, server, &self.files).await?.map(Arc::new);
        helped.insert(key, credential.clone());
        Ok(credential)
    }
}
