//! Connections: one client per host profile, and a resolver that does not let public names lead inward.

use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use sealift_oci::{StoreError, StoreErrorKind};
use url::Url;

use crate::address::{Reach, literal_reach};
use crate::proxy::Proxies;
use crate::retry::Timing;
use crate::settings::Settings;
use crate::text::authority;
use crate::tls::{HostFiles, Tls, Trust};

/// What an address that a server gave us may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Guard {
    /// The operator named the host.
    None,
    /// A server with this reach sent us.
    Sent(Reach),
    /// A registry with this reach named its token server.
    Token(Reach),
}

impl Guard {
    fn allows(self, there: Reach) -> bool {
        match self {
            Self::None => true,
            Self::Sent(from) => from.may_lead_to(there),
            Self::Token(from) => from.may_authorise_at(there),
        }
    }
}

/// What makes two hosts share a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Profile {
    certificates: Option<PathBuf>,
    files: Option<HostFiles>,
    insecure: bool,
    guard: Guard,
}

/// All clients of a run.
pub(crate) struct Clients {
    tls: Tls,
    trust: Trust,
    proxies: Arc<Proxies>,
    timing: Timing,
    made: Mutex<HashMap<Profile, reqwest::Client>>,
    /// What was chosen for a host before, so that no folder is looked at twice.
    chosen: Mutex<HashMap<(String, Guard), reqwest::Client>>,
}

impl Clients {
    pub(crate) fn new(settings: &Settings) -> Result<Self, StoreError> {
        Ok(Self {
            tls: Tls::new(&settings.trust),
            trust: settings.trust.clone(),
            proxies: Arc::new(Proxies::new(&settings.proxy)?),
            timing: settings.timing.clone(),
            made: Mutex::default(),
            chosen: Mutex::default(),
        })
    }

    /// Returns the client for a URL. `name` is the host as in references, where the URL is the registry itself.
    pub(crate) fn of(
        &self,
        url: &Url,
        name: Option<&str>,
        guard: Guard,
    ) -> Result<reqwest::Client, StoreError> {
        let key = (name.map_or_else(|| authority(url), str::to_owned), guard);
        let mut chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = chosen.get(&key) {
            return Ok(client.clone());
        }
        let client = self.shared(&key.0, guard)?;
        chosen.insert(key, client.clone());
        Ok(client)
    }

    /// Returns the client of all hosts with the same profile.
    fn shared(&self, host: &str, guard: Guard) -> Result<reqwest::Client, StoreError> {
        let profile = Profile {
            certificates: self.trust.folder(host),
            files: self.trust.hosts.get(host).cloned(),
            insecure: self.trust.insecure.contains(host),
            guard,
        };
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = made.get(&profile) {
            return Ok(client.clone());
        }
        let client = self.make(&profile)?;
        made.insert(profile, client.clone());
        Ok(client)
    }

    /// Returns whether a proxy stands before a URL: then it, not we, resolves the name.
    pub(crate) fn has_proxy(&self, url: &Url) -> bool {
        self.proxies.of(url).is_some()
    }

    fn make(&self, profile: &Profile) -> Result<reqwest::Client, StoreError> {
        let Profile { certificates, files, insecure, .. } = profile;
        let config = self.tls.config(certificates.as_deref(), files.as_ref(), *insecure)?;
        let proxies = Arc::clone(&self.proxies);
        reqwest::Client::builder()
            .tls_backend_preconfigured(config)
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .proxy(reqwest::Proxy::custom(move |url| proxies.of(url).cloned()))
            .dns_resolver(Arc::new(Guarded(profile.guard)))
            .connect_timeout(self.timing.connect)
            .tcp_nodelay(true)
            .referer(false)
            .user_agent(concat!("sealift/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| {
                StoreError::new(StoreErrorKind::Network, "no HTTP client can be made")
                    .because(error)
            })
    }
}

/// Resolves names as the system does, and drops the addresses to which nobody may send us.
#[derive(Debug)]
struct Guarded(Guard);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed = allowed(guard, found);
            if allowed.is_empty() {
                return Err(Blocked(name.as_str().to_owned()).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

fn allowed(guard: Guard, found: impl Iterator<Item = SocketAddr>) -> Vec<SocketAddr> {
    found.filter(|address| guard.allows(Reach::of(address.ip()))).collect()
}

/// A name that a server gave us leads into the site or to this machine.
#[derive(Debug)]
pub(crate) struct Blocked(String);

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "redirect into the site or this machine: {}", crate::text::shown(&self.0))
    }
}

impl std::error::Error for Blocked {}

/// Returns from where a registry can be reached; the most public of its addresses counts, as it may lead the least far.
pub(crate) async fn reach_of(url: &Url) -> Reach {
    if let Some(reach) = literal_reach(url) {
        return reach;
    }
    let host = url.host_str().unwrap_or_default();
    let found = tokio::net::lookup_host((host, 0)).await.ok();
    found
        .and_then(|found| found.map(|address| Reach::of(address.ip())).min())
        .unwrap_or(Reach::Public)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_resolves_inward_has_no_address_for_a_public_registry() {
        let found =
            ["127.0.0.1:0", "[::1]:0", "169.254.169.254:0", "10.0.0.1:0", "93.184.216.34:0"];
        let found = || found.iter().map(|address| address.parse::<SocketAddr>().unwrap());
        assert_eq!(
            allowed(Guard::Sent(Reach::Public), found()),
            ["93.184.216.34:0".parse().unwrap()]
        );
        assert_eq!(allowed(Guard::Sent(Reach::Private), found()).len(), 2);
        assert_eq!(allowed(Guard::Sent(Reach::Loopback), found()).len(), 4);
        assert_eq!(allowed(Guard::Token(Reach::Public), found()).len(), 2);
        assert_eq!(allowed(Guard::None, found()).len(), 5);
    }

    #[tokio::test]
    async fn localhost_is_refused_by_the_resolver_when_a_public_server_sends_us() {
        let name: Name = "localhost".parse().unwrap();
        let error = Guarded(Guard::Sent(Reach::Public)).resolve(name).await.err().unwrap();
        assert!(error.downcast_ref::<Blocked>().is_some());
    }
}
