//! Hosts as components of a path.

use std::net::Ipv6Addr;

/// Marks an IPv6 address; no host name has a `_`.
const IPV6: &str = "ipv6_";

/// Writes a host as a component: `host:5000` is `host_5000`, `[2001:db8::1]` is `ipv6_2001-db8-0-0-0-0-0-1`.
pub(crate) fn to_component(host: &str) -> String {
    let (name, port) = match host.rfind(':').filter(|colon| !host[*colon..].contains(']')) {
        Some(colon) => (&host[..colon], Some(&host[colon + 1..])),
        None => (host, None),
    };
    let address = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let name = match address.and_then(|address| address.parse::<Ipv6Addr>().ok()) {
        Some(address) => {
            format!("{IPV6}{}", address.segments().map(|group| format!("{group:x}")).join("-"))
        }
        None => name.to_owned(),
    };
    port.map_or_else(|| name.clone(), |port| format!("{name}_{port}"))
}

/// Reads what [`to_component`] wrote; what it never writes is none.
pub(crate) fn from_component(component: &str) -> Option<String> {
    let (bare, v6) = component.strip_prefix(IPV6).map_or((component, false), |rest| (rest, true));
    let (name, port) = bare.split_once('_').map_or((bare, None), |(name, port)| (name, Some(port)));
    let name = if v6 { format!("[{}]", name.replace('-', ":")) } else { name.to_owned() };
    let host = port.map_or_else(|| name.clone(), |port| format!("{name}:{port}"));
    let canonical = sealift_reference::Repository::new(&host, "x/x").ok()?.host().to_owned();
    (to_component(&canonical) == component).then_some(canonical)
}
