//! Where a registry is: names, ports, origins, and which addresses may lead to which.

use std::net::IpAddr;

use url::{Host as UrlHost, Url};

/// The host part of references to Docker Hub, which is connected under another name.
pub(crate) const DOCKER_HUB: &str = "docker.io";

/// The name under which Docker Hub's registry is connected.
const DOCKER_HUB_REGISTRY: &str = "registry-1.docker.io";

/// Returns host and port to connect to for the host of a reference.
pub(crate) fn connected(host: &str) -> &str {
    if host == DOCKER_HUB { DOCKER_HUB_REGISTRY } else { host }
}

/// Splits `host:port`; a bracketed IPv6 address keeps its brackets.
pub(crate) fn split_port(host: &str) -> (&str, Option<u16>) {
    match host.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') || name.ends_with(']') => match port.parse() {
            Ok(port) => (name, Some(port)),
            Err(_) => (host, None),
        },
        _ => (host, None),
    }
}

/// Returns whether a host (with or without port) is this machine by its spelling: `localhost`, 127/8, `::1`.
pub(crate) fn is_loopback(host: &str) -> bool {
    let (name, _) = split_port(host);
    name.eq_ignore_ascii_case("localhost")
        || ip_of(name).is_some_and(|ip| Reach::of(ip) == Reach::Loopback)
}

/// Returns the address that a host name spells, if it spells one.
pub(crate) fn ip_of(name: &str) -> Option<IpAddr> {
    name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name).parse().ok()
}

/// Scheme, host and port: what a secret is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Origin {
    pub(crate) scheme: String,
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl Origin {
    /// Returns the origin of an http or https URL.
    pub(crate) fn of(url: &Url) -> Option<Self> {
        let port = url.port_or_known_default()?;
        matches!(url.scheme(), "http" | "https").then(|| Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str().unwrap_or_default().to_owned(),
            port,
        })
    }

    pub(crate) fn is_https(&self) -> bool {
        self.scheme == "https"
    }

    /// Returns whether secrets may travel to it as far as the wire is concerned.
    pub(crate) fn keeps_secrets(&self) -> bool {
        self.is_https() || is_loopback(&self.host)
    }
}

/// From where an address can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// Everyone.
    Public,
    /// The site.
    Private,
    /// This machine.
    Loopback,
    /// The link or the machine's own platform: metadata services. Never a registry.
    Link,
}

impl Reach {
    pub(crate) fn of(ip: IpAddr) -> Self {
        match ip {
            IpAddr::V4(ip) if ip.is_loopback() => Self::Loopback,
            IpAddr::V4(ip)
                if ip.is_link_local()
                    || ip.is_broadcast()
                    || ip.is_multicast()
                    || ip.octets()[0] == 0 =>
            {
                Self::Link
            }
            // 100.100.100.200 is a metadata service within the shared range 100.64/10.
            IpAddr::V4(ip)
                if ip.octets() == [100, 100, 100, 200] || ip.octets() == [168, 63, 129, 16] =>
            {
                Self::Link
            }
            IpAddr::V4(ip)
                if ip.is_private() || (ip.octets()[0] == 100 && ip.octets()[1] & 0xc0 == 64) =>
            {
                Self::Private
            }
            IpAddr::V4(_) => Self::Public,
            IpAddr::V6(ip) => Self::of_v6(ip),
        }
    }

    fn of_v6(ip: std::net::Ipv6Addr) -> Self {
        let [first, second, .., seventh, eighth] = ip.segments();
        // Mapped (::ffff:a.b.c.d), compatible (::a.b.c.d) and NAT64 (64:ff9b::a.b.c.d) forms reach the IPv4 address.
        let embedded = ip.to_ipv4_mapped().or_else(|| {
            let nat64 = first == 0x64 && second == 0xff9b;
            let compatible = ip.segments()[..6] == [0; 6] && seventh != 0;
            (nat64 || compatible)
                .then(|| std::net::Ipv4Addr::from(u32::from(seventh) << 16 | u32::from(eighth)))
        });
        match embedded {
            Some(ip) => Self::of(IpAddr::V4(ip)),
            None if ip.is_loopback() => Self::Loopback,
            None if ip.is_unspecified() || ip.is_multicast() || first & 0xffc0 == 0xfe80 => {
                Self::Link
            }
            // fd00:ec2::254 is a metadata service within the unique local range.
            None if first == 0xfd00 && second == 0xec2 => Self::Link,
            None if first & 0xfe00 == 0xfc00 => Self::Private,
            None => Self::Public,
        }
    }

    /// Returns whether a server here may send us there.
    pub(crate) fn may_lead_to(self, there: Self) -> bool {
        there != Self::Link && there <= self
    }

    /// As [`Self::may_lead_to`] for a token server, which may stand at the site although the registry is public.
    pub(crate) fn may_authorise_at(self, there: Self) -> bool {
        there <= Self::Private || self.may_lead_to(there)
    }
}

/// Returns the reach of a URL whose host is an address or `localhost`; `None` for names, which are checked when resolved.
pub(crate) fn literal_reach(url: &Url) -> Option<Reach> {
    match url.host()? {
        UrlHost::Ipv4(ip) => Some(Reach::of(ip.into())),
        UrlHost::Ipv6(ip) => Some(Reach::of(ip.into())),
        UrlHost::Domain(name) => is_loopback(name.trim_end_matches('.')).then_some(Reach::Loopback),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_address_has_the_reach_of_the_address() {
        let table = [
            ("93.184.216.34", Reach::Public),
            ("10.1.2.3", Reach::Private),
            ("172.16.0.1", Reach::Private),
            ("100.64.0.1", Reach::Private),
            ("127.9.9.9", Reach::Loopback),
            ("0.0.0.0", Reach::Link),
            ("169.254.169.254", Reach::Link),
            ("100.100.100.200", Reach::Link),
            ("::1", Reach::Loopback),
            ("::", Reach::Link),
            ("fe80::1", Reach::Link),
            ("fd00:ec2::254", Reach::Link),
            ("fd12::1", Reach::Private),
            ("2001:db8::1", Reach::Public),
            ("::ffff:127.0.0.1", Reach::Loopback),
            ("::ffff:169.254.169.254", Reach::Link),
            ("64:ff9b::7f00:1", Reach::Loopback),
            ("::127.0.0.1", Reach::Loopback),
        ];
        for (text, want) in table {
            assert_eq!(Reach::of(text.parse().unwrap()), want, "{text}");
        }
    }

    #[test]
    fn urls_with_odd_numbers_are_addresses_too() {
        for url in [
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://[::ffff:7f00:1]/",
            "http://localhost./",
        ] {
            assert_eq!(literal_reach(&Url::parse(url).unwrap()), Some(Reach::Loopback), "{url}");
        }
        assert_eq!(literal_reach(&Url::parse("https://r.example/").unwrap()), None);
    }

    #[test]
    fn only_outward_steps_are_taken() {
        assert!(
            Reach::Loopback.may_lead_to(Reach::Public)
                && Reach::Private.may_lead_to(Reach::Private)
        );
        assert!(
            !Reach::Public.may_lead_to(Reach::Private)
                && !Reach::Private.may_lead_to(Reach::Loopback)
        );
        assert!(!Reach::Link.may_lead_to(Reach::Link) && !Reach::Loopback.may_lead_to(Reach::Link));
        assert!(
            Reach::Public.may_authorise_at(Reach::Private)
                && !Reach::Public.may_authorise_at(Reach::Loopback)
        );
    }

    #[test]
    fn loopback_is_known_by_spelling_only() {
        for host in ["localhost", "localhost:5000", "127.0.0.1:5000", "[::1]:5000"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.example", "r.io:5000", "10.0.0.1", "[2001:db8::1]"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
