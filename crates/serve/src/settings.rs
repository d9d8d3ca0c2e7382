//! How a server behaves.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::{Error, Htpasswd, Tls, limits};

/// What clients may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Pull. Everything else is answered with 405.
    #[default]
    ReadOnly,
    /// Pull, push and delete.
    Writable,
}

/// How a server behaves. The default listens on a free port of 127.0.0.1, read-only, without TLS or passwords.
#[derive(Debug)]
pub struct Settings {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What clients may do.
    pub access: Access,
    /// Who may connect; `None` is everyone.
    pub htpasswd: Option<Htpasswd>,
    /// The certificate to show; `None` is plain HTTP.
    pub tls: Option<Tls>,
    /// Names that clients call this server by, beside IP addresses and `localhost`. A request for any other is refused, since it
    /// may come from a page that pointed its own name here (DNS rebinding).
    pub names: Vec<String>,
    /// Takes manifests and indexes whose children are absent, as layouts of chosen platforms and deltas have them.
    pub accept_sparse: bool,
    /// Budgets.
    pub limits: Limits,
}

/// Budgets for what clients do.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// Time in which a head must be complete, and a TLS handshake done.
    pub head_time: Duration,
    /// Connections at a time; more wait.
    pub connections: usize,
    /// Uploads at a time; more are told to come back.
    pub uploads: usize,
    /// How long an upload may rest between two requests.
    pub upload_rest: Duration,
    /// How long a body may bring nothing.
    pub stall: Duration,
    /// Bytes of one blob.
    pub blob_bytes: u64,
    /// How long open requests may go on after the signal to stop.
    pub drain: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            access: Access::default(),
            htpasswd: None,
            tls: None,
            names: Vec::new(),
            accept_sparse: false,
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_bytes: limits::HEAD_BYTES,
            head_time: limits::HEAD_TIME,
            connections: limits::CONNECTIONS,
            uploads: limits::UPLOADS,
            upload_rest: limits::UPLOAD_REST,
            stall: limits::STALL,
            blob_bytes: limits::BLOB_BYTES,
            drain: limits::DRAIN,
        }
    }
}

impl Settings {
    /// Refuses a writable server that the network can reach without a password, or with one that crosses it in the clear.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.access == Access::ReadOnly || self.listen.ip().is_loopback() {
            return Ok(());
        }
        let missing = match (&self.htpasswd, &self.tls) {
            (Some(_), Some(_)) => return Ok(()),
            (None, None) => "an htpasswd file and a TLS certificate",
            (None, Some(_)) => "an htpasswd file",
            (Some(_), None) => "a TLS certificate",
        };
        Err(Error::Open { address: self.listen, missing })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_beyond_loopback_needs_passwords_and_tls() {
        for (listen, access, refused) in [
            ("127.0.0.1:0", Access::Writable, false),
            ("[::1]:0", Access::Writable, false),
            ("0.0.0.0:0", Access::ReadOnly, false),
            ("0.0.0.0:0", Access::Writable, true),
            ("10.0.0.1:5000", Access::Writable, true),
            ("[::]:5000", Access::Writable, true),
        ] {
            let settings =
                Settings { listen: listen.parse().unwrap(), access, ..Settings::default() };
            assert_eq!(settings.check().is_err(), refused, "{listen} {access:?}");
        }
        let htpasswd = Some(
            Htpasswd::parse("a:$2y$04$abcdefghijklmnopqrstuu5Lo0g67CiD3M4RpN1BmBb4Crp5w7dbK")
                .unwrap(),
        );
        let settings = Settings {
            listen: "0.0.0.0:0".parse().unwrap(),
            access: Access::Writable,
            htpasswd,
            ..Settings::default()
        };
        assert!(settings.check().unwrap_err().to_string().ends_with("needs a TLS certificate"));
    }
}
