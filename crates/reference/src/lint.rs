//! What is right by the grammar and probably not meant.

use std::fmt;

/// A reference that parses and is probably not what its writer meant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lint {
    /// The text, such as `localhost:5000`, looks like a registry host and was read as an image at docker.io.
    LooksLikeHost(String),
    /// The host is another name of docker.io, so one image may be shipped under two names.
    SameAsDockerHub(String),
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LooksLikeHost(text) => write!(
                f,
                "`{text}` looks like a registry host, and is read as an image at docker.io"
            ),
            Self::SameAsDockerHub(host) => write!(f, "`{host}` is the same registry as docker.io"),
        }
    }
}

/// Hosts that answer for docker.io and are kept as written.
const DOCKER_HUB_HOSTS: [&str; 2] = ["registry-1.docker.io", "registry.hub.docker.com"];

pub(crate) fn of(written: &str, host: &str) -> Option<Lint> {
    if DOCKER_HUB_HOSTS.contains(&host) {
        return Some(Lint::SameAsDockerHub(host.to_owned()));
    }
    let looks_like_host =
        !written.contains(['/', '@']) && (is_host_name(written) || has_port(written));
    looks_like_host.then(|| Lint::LooksLikeHost(written.to_owned()))
}

fn is_host_name(written: &str) -> bool {
    let name = written.split(':').next().unwrap_or(written);
    name == "localhost" || name.contains('.')
}

/// Four or five digits are more often a port than a version.
fn has_port(written: &str) -> bool {
    written.split_once(':').is_some_and(|(_, tag)| {
        tag.bytes().all(|byte| byte.is_ascii_digit())
            && tag.parse::<u16>().is_ok_and(|port| port >= 1024)
    })
}
