//! Who may ask at all: decided from the head of a request, before anything else.

use std::net::IpAddr;

use http::header::{AUTHORIZATION, HOST, ORIGIN};
use http::{HeaderMap, StatusCode};

use crate::fault::Fault;

/// Names that this server answers for, beside IP addresses and `localhost`.
#[derive(Debug)]
pub(crate) struct Names(Vec<String>);

impl Names {
    pub(crate) fn new(names: &[String]) -> Self {
        Self(names.iter().map(|name| without_port(name).to_ascii_lowercase()).collect())
    }

    /// Refuses names that are not ours, and pages of other origins.
    ///
    /// An address cannot be rebound by a name server, so every address is ours.
    pub(crate) fn check(&self, headers: &HeaderMap) -> Result<(), Fault> {
        let mut hosts =
            headers.get_all(HOST).iter().map(|value| value.to_str().unwrap_or_default());
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return Err(Fault::new(
                StatusCode::BAD_REQUEST,
                "UNSUPPORTED",
                "a request needs one Host header",
            ));
        };
        if !self.is_ours(without_port(host)) {
            let message = format!(
                "this server does not answer for the name {host:?}; its operator can add it"
            );
            return Err(Fault::new(StatusCode::MISDIRECTED_REQUEST, "UNSUPPORTED", message));
        }
        match headers.get(ORIGIN).map(|origin| origin.to_str().unwrap_or_default()) {
            None => Ok(()),
            Some(origin) if is_same(origin, host) => Ok(()),
            Some(_) => Err(Fault::new(
                StatusCode::FORBIDDEN,
                "DENIED",
                "pages of other origins may not ask here",
            )),
        }
    }

    fn is_ours(&self, host: &str) -> bool {
        let address =
            host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let host = host.to_ascii_lowercase();
        address.parse::<IpAddr>().is_ok() || host == "localhost" || self.0.contains(&host)
    }
}

fn is_same(origin: &str, host: &str) -> bool {
    let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}

/// `[::1]:5000` → `[::1]`, `host:5000` → `host`.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port))
            if port.bytes().all(|byte| byte.is_ascii_digit())
                && (!name.contains(':') || name.ends_with(']')) =>
        {
            name
        }
        _ => host,
    }
}

/// Returns the one `Authorization` header, if there is one that can be read.
pub(crate) fn authorization(headers: &HeaderMap) -> Option<String> {
    headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(host: &str, origin: Option<&str>) -> Option<StatusCode> {
        let names = Names::new(&["Registry.corp:5000".to_owned()]);
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().unwrap());
        }
        names.check(&headers).err().map(|fault| fault.into_response().status())
    }

    #[test]
    fn addresses_localhost_and_given_names_are_ours() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:5000",
            "10.1.2.3:5000",
            "[::1]:5000",
            "localhost:5000",
            "LOCALHOST",
            "registry.corp",
            "registry.corp:443",
        ] {
            assert_eq!(check(host, None), None, "{host}");
        }
        for host in [
            "evil",
            "evil:5000",
            "localhost.evil",
            "127.0.0.1.evil",
            "",
            "registry.corp.evil",
            "localhost:x",
        ] {
            assert_eq!(check(host, None), Some(StatusCode::MISDIRECTED_REQUEST), "{host}");
        }
        assert!(Names::new(&[]).check(&HeaderMap::new()).is_err());
    }

    #[test]
    fn a_page_of_another_origin_is_refused() {
        assert_eq!(check("localhost:5000", Some("http://localhost:5000")), None);
        for origin in ["http://evil", "http://localhost", "null", "http://localhost:5000.evil", ""]
        {
            assert_eq!(
                check("localhost:5000", Some(origin)),
                Some(StatusCode::FORBIDDEN),
                "{origin}"
            );
        }
    }
}
