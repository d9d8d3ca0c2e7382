//! Addresses outside the cluster: chart repositories, models, webhooks.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::shape;

/// An address without user, password, query and fragment.
pub(crate) struct Url {
    pub(crate) text: String,
    pub(crate) kind: &'static str,
}

const SCHEMES: [&str; 9] = ["ftp", "git", "git+https", "gs", "http", "https", "oci", "s3", "ssh"];

/// Hosts whose repositories are read with git, with or without `.git` behind the path.
const FORGES: [&str; 3] = ["bitbucket.org", "github.com", "gitlab.com"];

/// Hosts in names of schemas and licences, which nothing connects to.
const NAMES: [&str; 5] =
    ["json-schema.org", "schemas.xmlsoap.org", "www.apache.org", "www.w3.org", "xmlns.com"];

/// Last labels of hosts that are inside (RFC 6762), and those of clusters.
const INSIDE: [&str; 6] = ["cluster", "internal", "lan", "local", "localhost", "svc"];

/// Reads a whole string as an address; `key` is the name it stands under.
pub(crate) fn url(text: &str, key: &str) -> Option<Url> {
    if !text.contains("://") || text.contains(char::is_whitespace) || key.starts_with('$') {
        return None;
    }
    let mut url = read(text)?;
    let key = key.to_ascii_lowercase();
    let is_repository = ["chart", "helm", "repo"].iter().any(|word| key.contains(word));
    if url.kind == "web" && is_repository {
        let is_forge = FORGES.contains(&host(&url.text));
        url.kind = if is_forge { "git" } else { "chart-repository" };
    }
    Some(url)
}

/// Returns the addresses in a line of text.
pub(crate) fn urls(line: &str) -> impl Iterator<Item = Url> {
    let is_end =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | ',' | ';' | '|');
    line.split(is_end).filter(|word| word.contains("://")).filter_map(|word| {
        let start = word.find("://")?;
        let scheme = word[..start]
            .rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '+'))
            .map_or(0, |at| at + 1);
        read(word.get(scheme..)?.trim_end_matches(['.', ':', '\\', ')', ']']))
    })
}

/// Returns the host of an address that this module has made.
pub(crate) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or(rest);
    split_port(authority)
}

fn split_port(authority: &str) -> &str {
    match authority.rfind(']') {
        Some(end) => &authority[..=end],
        None => authority.split(':').next().unwrap_or(authority),
    }
}

fn read(text: &str) -> Option<Url> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = SCHEMES.into_iter().find(|known| scheme.eq_ignore_ascii_case(known))?;
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    let authority = authority.rsplit('@').next().unwrap_or(authority);
    let is_bucket = matches!(scheme, "s3" | "gs");
    let is_name = !authority.is_empty() && !shape::is_placeholder(authority);
    if !is_name || !is_bucket && !is_outside(split_port(authority)) {
        return None;
    }
    let kind = match scheme {
        "oci" => "oci",
        "gs" | "s3" => "bucket",
        "git" | "git+https" | "ssh" => "git",
        _ if path.strip_suffix(".git").is_some() => "git",
        _ => "web",
    };
    let path: String = path.chars().take(1024).collect();
    Some(Url { text: format!("{scheme}://{authority}{path}"), kind })
}

fn is_outside(host: &str) -> bool {
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return is_public_v4(address);
    }
    if let Ok(address) = host.trim_matches(['[', ']']).parse::<Ipv6Addr>() {
        let first = address.segments()[0];
        return !(address.is_loopback()
            || address.is_unspecified()
            || first & 0xfe00 == 0xfc00
            || first & 0xffc0 == 0xfe80);
    }
    let labels: Vec<&str> = host.split('.').collect();
    let last = labels.last().copied().unwrap_or_default();
    let characters = |label: &&str| {
        !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    labels.len() > 1
        && labels.iter().all(characters)
        && last.len() > 1
        && last.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !INSIDE.contains(&last)
        && !labels.contains(&"svc")
        && !shape::is_reserved(host)
        && !NAMES.contains(&host)
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_broadcast()
        || address.is_documentation())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_without_user_password_and_query() {
        let table = [
            (
                "https://me:secret@charts.bitnami.com/x?token=1#f",
                "https://charts.bitnami.com/x",
                "web",
            ),
            ("https://github.com/a/b.git", "https://github.com/a/b.git", "git"),
            ("oci://ghcr.io/a/b", "oci://ghcr.io/a/b", "oci"),
            ("gs://kfserving-examples/models", "gs://kfserving-examples/models", "bucket"),
            ("http://8.8.8.8:80/", "http://8.8.8.8:80/", "web"),
        ];
        for (text, want, kind) in table {
            let url = url(text, "").unwrap();
            assert_eq!((url.text.as_str(), url.kind), (want, kind));
        }
        assert_eq!(
            url("https://charts.jetstack.io", "chartRepo").unwrap().kind,
            "chart-repository"
        );
    }

    #[test]
    fn what_is_inside_a_cluster_or_is_no_address_is_left_out() {
        for text in [
            "http://minio-service:9000",
            "http://a.b.svc:80",
            "http://a.b.svc.cluster.local",
            "http://10.1.2.3/x",
            "http://127.0.0.1",
            "http://[::1]:80",
            "https://example.com/x",
            "https://{{ .host }}/x",
            "http://$(HOST)/x",
            "http://www.w3.org/2000/svg",
            "file:///etc/x",
            "no address",
        ] {
            assert!(url(text, "").is_none(), "{text}");
        }
    }
}
