//! All that the command line decides about registries, resolved before work starts.

use std::sync::Arc;
use std::time::Duration;

use crate::credentials::{Credential, CredentialFiles};
use crate::mirrors::Mirrors;
use crate::proxy::ProxySettings;
use crate::realm::TrustedRealm;
use crate::retry::Timing;
use crate::throttle::Throttle;
use crate::tls::Trust;
use crate::watch::Watch;

/// How a [`crate::Registry`] behaves. The default is a client without credentials, mirrors and proxies that trusts the system's roots.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Where credentials are looked for.
    pub credentials: CredentialFiles,
    /// Credentials from the command line by host, before all files: what `login` tries before it writes them down.
    pub given: Vec<(String, Arc<Credential>)>,
    /// Certificates, and the hosts for which they do not matter.
    pub trust: Trust,
    /// Proxies.
    pub proxy: ProxySettings,
    /// Where sources are really read. Targets are never moved.
    pub mirrors: Mirrors,
    /// Token servers elsewhere that may see credentials.
    pub trusted_realms: Vec<TrustedRealm>,
    /// Limits and waits.
    pub timing: Timing,
    /// How long a thing is tried again in all, from its first failure after its last progress, waits that servers ask for
    /// included. Without it there are six tries, a server may ask for 5 min, and a host without any success for 5 min is down;
    /// with it, time alone counts.
    pub retry_for: Option<Duration>,
    /// The most bytes a second, over all bodies; to share it, give clones of it to several clients.
    pub limit_rate: Option<Throttle>,
    /// Bodies on their way from a host, and as many to it; 0 for the usual number ([`crate::limits::BODIES`]).
    pub bodies: usize,
    /// Who is told of waits and of tries that are made again.
    pub watch: Watch,
}
