//! All that the command line decides about registries, resolved before work starts.

use std::sync::Arc;

use crate::credentials::{Credential, CredentialFiles};
use crate::mirrors::Mirrors;
use crate::proxy::ProxySettings;
use crate::realm::TrustedRealm;
use crate::retry::Timing;
use crate::tls::Trust;

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
}
