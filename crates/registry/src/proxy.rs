//! Which requests go through which proxy, as Go's `net/http` decides.
//!
//! Mirrors: <https://pkg.go.dev/golang.org/x/net/http/httpproxy>; `ALL_PROXY`, which Go ignores, stands in for both.

use std::fmt;
use std::net::IpAddr;

use sealift_oci::{StoreError, StoreErrorKind};
use url::Url;

use crate::address::{ip_of, is_loopback, split_port};

/// The values of the proxy variables; the command line reads the environment, either case.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ProxySettings {
    /// `HTTPS_PROXY`.
    pub https: Option<String>,
    /// `HTTP_PROXY`.
    pub http: Option<String>,
    /// `ALL_PROXY`.
    pub all: Option<String>,
    /// `NO_PROXY`.
    pub none: Option<String>,
}

impl fmt::Debug for ProxySettings {
    // A proxy's address may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxySettings").field("none", &self.none).finish_non_exhaustive()
    }
}

/// The decision for any URL.
#[derive(Clone, Default)]
pub(crate) struct Proxies {
    https: Option<Url>,
    http: Option<Url>,
    exceptions: Vec<Exception>,
}

impl Proxies {
    pub(crate) fn new(settings: &ProxySettings) -> Result<Self, StoreError> {
        let pick = |own: &Option<String>| {
            let text = own.as_deref().filter(|text| !text.is_empty()).or(settings.all.as_deref());
            text.filter(|text| !text.is_empty()).map(parse).transpose()
        };
        let exceptions = settings.none.as_deref().unwrap_or_default().split(',');
        Ok(Self {
            https: pick(&settings.https)?,
            http: pick(&settings.http)?,
            exceptions: exceptions.filter_map(Exception::parse).collect(),
        })
    }

    /// Returns the proxy for a URL, or `None` for a direct connection.
    pub(crate) fn of(&self, url: &Url) -> Option<&Url> {
        let proxy = if url.scheme() == "https" { self.https.as_ref() } else { self.http.as_ref() }?;
        let host = url.host_str()?.trim_end_matches('.').to_ascii_lowercase();
        let port = url.port_or_known_default()?;
        let direct = is_loopback(&host)
            || self.exceptions.iter().any(|exception| exception.fits(&host, port));
        (!direct).then_some(proxy)
    }
}

fn parse(text: &str) -> Result<Url, StoreError> {
    let full = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let refuse =
        |why: &str| StoreError::new(StoreErrorKind::Network, format!("proxy address: {why}"));
    let url = Url::parse(&full).map_err(|_| refuse("not a URL"))?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        scheme => Err(refuse(&format!("`{scheme}` is not supported; http and https are"))),
    }
}

/// One part of `NO_PROXY`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Exception {
    All,
    Network { base: IpAddr, bits: u8 },
    Address { ip: IpAddr, port: Option<u16> },
    Name { name: String, itself: bool, port: Option<u16> },
}

impl Exception {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        if text.is_empty() {
            return None;
        }
        if text == "*" {
            return Some(Self::All);
        }
        if let Some((base, bits)) = text.split_once('/') {
            let base: IpAddr = base.parse().ok()?;
            let widest = if base.is_ipv4() { 32 } else { 128 };
            return bits
                .parse()
                .ok()
                .filter(|bits| *bits <= widest)
                .map(|bits| Self::Network { base, bits });
        }
        if let Ok(ip) = text.parse() {
            return Some(Self::Address { ip, port: None });
        }
        let (name, port) = split_port(&text);
        if let Some(ip) = ip_of(name) {
            return Some(Self::Address { ip, port });
        }
        let name = name.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(name);
        let itself = !name.starts_with('.');
        let name = name.trim_start_matches('.').to_owned();
        // `:port` alone, which Go ignores, stands for every host at that port.
        (!name.is_empty() || port.is_some()).then_some(Self::Name { name, itself, port })
    }

    fn fits(&self, host: &str, port: u16) -> bool {
        let at_port = |wanted: &Option<u16>| wanted.is_none_or(|wanted| wanted == port);
        match self {
            Self::All => true,
            Self::Network { base, bits } => {
                ip_of(host).is_some_and(|ip| contains(*base, *bits, ip))
            }
            Self::Address { ip, port } => ip_of(host) == Some(*ip) && at_port(port),
            Self::Name { name, port, .. } if name.is_empty() => at_port(port),
            Self::Name { name, itself, port } => {
                let below =
                    host.strip_suffix(name.as_str()).is_some_and(|rest| rest.ends_with('.'));
                (below || (*itself && host == name)) && at_port(port)
            }
        }
    }
}

fn contains(base: IpAddr, bits: u8, ip: IpAddr) -> bool {
    match (base, ip) {
        (IpAddr::V4(base), IpAddr::V4(ip)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            base.to_bits() & mask == ip.to_bits() & mask
        }
        (IpAddr::V6(base), IpAddr::V6(ip)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            base.to_bits() & mask == ip.to_bits() & mask
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(none: &str) -> Proxies {
        let settings = ProxySettings {
            https: Some("https://secure.corp:3129".to_owned()),
            http: Some("plain.corp:3128".to_owned()),
            none: Some(none.to_owned()),
            all: Some("http://never.corp".to_owned()),
        };
        Proxies::new(&settings).unwrap()
    }

    #[test]
    fn exceptions_as_go_reads_them() {
        let table = [
            ("", "https://r.example/", false),
            ("*", "https://r.example/", true),
            ("r.example", "https://r.example/", true),
            ("r.example", "https://a.r.example/", true),
            ("r.example", "https://evilr.example/", false),
            (".r.example", "https://r.example/", false),
            (".r.example", "https://a.r.example/", true),
            ("*.r.example", "https://a.r.example/", true),
            ("*.r.example", "https://r.example/", false),
            ("R.Example", "https://r.example/", true),
            ("r.example:5000", "https://r.example:5000/", true),
            ("r.example:5000", "https://r.example/", false),
            ("r.example:443", "https://r.example/", true),
            (":5000", "https://r.example:5000/", true),
            ("x.example, 10.0.0.0/8", "https://10.9.9.9/", true),
            ("10.0.0.0/8", "https://11.0.0.1/", false),
            ("0.0.0.0/0", "https://11.0.0.1/", true),
            ("10.0.0.1", "https://10.0.0.1:5000/", true),
            ("10.0.0.1:5000", "https://10.0.0.1/", false),
            ("fd00::/8", "https://[fd00::1]/", true),
            ("[fd00::1]:5000", "https://[fd00::1]:5000/", true),
            ("", "http://127.0.0.1:5000/", true),
            ("", "http://localhost:5000/", true),
            ("", "http://[::1]/", true),
        ];
        for (none, url, direct) in table {
            let proxies = proxies(none);
            assert_eq!(
                proxies.of(&Url::parse(url).unwrap()).is_none(),
                direct,
                "NO_PROXY={none} for {url}"
            );
        }
    }

    #[test]
    fn each_scheme_has_its_proxy_and_the_common_one_stands_in() {
        let both = proxies("");
        assert_eq!(
            both.of(&Url::parse("https://r.io/").unwrap()).unwrap().as_str(),
            "https://secure.corp:3129/"
        );
        assert_eq!(
            both.of(&Url::parse("http://r.io/").unwrap()).unwrap().as_str(),
            "http://plain.corp:3128/"
        );
        let all = ProxySettings {
            all: Some("http://all.corp:1".to_owned()),
            https: Some(String::new()),
            ..Default::default()
        };
        let all = Proxies::new(&all).unwrap();
        assert_eq!(
            all.of(&Url::parse("https://r.io/").unwrap()).unwrap().as_str(),
            "http://all.corp:1/"
        );
    }

    #[test]
    fn an_unknown_kind_of_proxy_is_refused_without_printing_it() {
        let settings = ProxySettings {
            all: Some("socks5://u:canary@p.corp".to_owned()),
            ..Default::default()
        };
        let error = Proxies::new(&settings).err().unwrap();
        assert_eq!(
            error.to_string(),
            "proxy address: `socks5` is not supported; http and https are"
        );
        assert!(!format!("{settings:?}").contains("canary"));
    }
}
