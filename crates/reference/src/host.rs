//! The host part of a name: labels or a bracketed IPv6 address, and a port.

use std::fmt;
use std::net::Ipv6Addr;

use crate::ParseError;

/// The registry that a name without a host belongs to.
pub(crate) const DOCKER_HUB: &str = "docker.io";

/// Returns whether the first component of a name is its host.
///
/// <https://github.com/distribution/reference/blob/0965666/normalize.go> also takes every component with capitals; such
/// a component is an error here.
pub(crate) fn is_host(component: &str) -> bool {
    component == "localhost" || component.contains(['.', ':'])
}

/// Returns the host in lower case with its port as a plain number and an IPv6 address in its shortest form; `index.docker.io` is `docker.io`.
pub(crate) fn parse(host: &str) -> Result<String, ParseError> {
    let (name, port) = split_port(host)?;
    let name = if name.starts_with('[') { ipv6(name)? } else { labels(name)? };
    let canonical = match port {
        Some(port) => format!("{name}:{}", parse_port(port)?),
        None => name,
    };
    match canonical.as_str() {
        "index.docker.io" => Ok(DOCKER_HUB.to_owned()),
        text if is_host(text) => Ok(canonical),
        _ => Err(ParseError::HostIsPath(canonical)),
    }
}

fn split_port(host: &str) -> Result<(&str, Option<&str>), ParseError> {
    if host.starts_with('[') {
        let end = host.find(']').ok_or_else(|| ParseError::Ipv6(host.to_owned()))?;
        let (address, rest) = host.split_at(end + 1);
        return match rest.strip_prefix(':') {
            Some(port) => Ok((address, Some(port))),
            None if rest.is_empty() => Ok((address, None)),
            None => Err(ParseError::Ipv6(host.to_owned())),
        };
    }
    match host.split_once(':') {
        Some((_, port)) if port.contains(':') => Err(ParseError::Ipv6Brackets(host.to_owned())),
        Some((name, port)) => Ok((name, Some(port))),
        None => Ok((host, None)),
    }
}

fn parse_port(port: &str) -> Result<u16, ParseError> {
    if port.is_empty() {
        return Err(ParseError::EmptyPort);
    }
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    match port.parse() {
        Ok(number) if digits && number > 0 => Ok(number),
        _ => Err(ParseError::Port(port.to_owned())),
    }
}

fn ipv6(bracketed: &str) -> Result<String, ParseError> {
    let address = &bracketed[1..bracketed.len() - 1];
    if address.contains('%') {
        return Err(ParseError::Ipv6Zone(bracketed.to_owned()));
    }
    let hex_groups = address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
    match address.parse::<Ipv6Addr>() {
        Ok(address) if hex_groups => Ok(format!("[{}]", Canonical(address))),
        _ => Err(ParseError::Ipv6(bracketed.to_owned())),
    }
}

/// The one spelling of an address (RFC 5952), but without the dots of v4-mapped ones, which the grammar refuses.
struct Canonical(Ipv6Addr);

impl fmt::Display for Canonical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.to_ipv4_mapped(), self.0.segments()) {
            (Some(_), [.., high, low]) => write!(f, "::ffff:{high:x}:{low:x}"),
            _ => write!(f, "{}", self.0),
        }
    }
}

fn labels(name: &str) -> Result<String, ParseError> {
    for label in name.split('.') {
        if label.is_empty() {
            return Err(ParseError::HostEmptyLabel(name.to_owned()));
        }
        if let Some(character) = label.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-') {
            return Err(ParseError::HostCharacter { host: name.to_owned(), character });
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err(ParseError::HostHyphen(label.to_owned()));
        }
    }
    Ok(name.to_ascii_lowercase())
}
