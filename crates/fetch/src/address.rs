//! Addresses of repositories and of what they name.

use url::Url;

use crate::Error;

/// Reads the address of a chart repository.
///
/// # Errors
///
/// [`Error::Address`] for what is no http or https URL, or has a user or password in it.
pub(crate) fn repository(text: &str) -> Result<Url, Error> {
    let refuse = |why| Error::Address { address: shown(text), why };
    let url = Url::parse(text).map_err(|_| refuse("is no URL"))?;
    check(&url).map_err(refuse)?;
    Ok(url)
}

/// Returns where a name below a repository is: `index.yaml`, or the address of a chart, which may also be elsewhere.
///
/// Mirrors `ResolveReferenceURL` in `pkg/repo/v1/chartrepo.go` of Helm 4.2.4: the query of the repository goes along.
pub(crate) fn below(repository: &Url, name: &str) -> Result<Url, Error> {
    let refuse = |why| Error::Address { address: shown(name), why };
    let url = match Url::parse(name) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            let mut base = repository.clone();
            base.set_path(&format!("{}/", repository.path().trim_end_matches('/')));
            let mut url = base.join(name).map_err(|_| refuse("is no URL"))?;
            url.set_query(repository.query());
            url
        }
        Err(_) => return Err(refuse("is no URL")),
    };
    check(&url).map_err(refuse)?;
    Ok(url)
}

fn check(url: &Url) -> Result<(), &'static str> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err("is neither http nor https");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has a user or password in it, which others would see");
    }
    Ok(())
}

/// Returns whether two texts are the address of one repository: a `/` at the end does not matter.
///
/// Mirrors `Equal` in `internal/urlutil` of Helm 4.2.4.
pub(crate) fn is_same(a: &str, b: &str) -> bool {
    let bare = |text: &str| {
        let mut url = Url::parse(text).ok()?;
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Some(url)
    };
    a == b || bare(a).zip(bare(b)).is_some_and(|(a, b)| a == b)
}

/// Returns whether a URL lies at a repository: same scheme, host and port, and below its path.
pub(crate) fn lies_below(url: &Url, repository: &Url) -> bool {
    let path = repository.path().trim_end_matches('/');
    let rest = url.path().strip_prefix(path);
    url.origin() == repository.origin()
        && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Shows an address without user, password and query.
pub(crate) fn shown(text: &str) -> String {
    let start = text.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = text.split_at(start);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = if start == 0 { host } else { host.rsplit('@').next().unwrap_or(host) };
    format!("{scheme}{host}{path}").escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_resolved_as_helm_does() {
        let table = [
            ("https://c.example", "index.yaml", "https://c.example/index.yaml"),
            ("https://c.example/", "a-1.tgz", "https://c.example/a-1.tgz"),
            ("https://c.example/charts", "a-1.tgz", "https://c.example/charts/a-1.tgz"),
            ("https://c.example/charts/", "sub/a-1.tgz", "https://c.example/charts/sub/a-1.tgz"),
            ("https://c.example/charts", "../a-1.tgz", "https://c.example/a-1.tgz"),
            ("https://c.example/charts", "/a-1.tgz", "https://c.example/a-1.tgz"),
            ("https://c.example/charts?t=1", "a.tgz?x=2", "https://c.example/charts/a.tgz?t=1"),
            (
                "https://c.example/charts",
                "https://cdn.example/a.tgz?x=2",
                "https://cdn.example/a.tgz?x=2",
            ),
            ("https://c.example/charts", "//cdn.example/a.tgz", "https://cdn.example/a.tgz"),
            ("https://c.example", "a-1.0.0+b.tgz", "https://c.example/a-1.0.0+b.tgz"),
        ];
        for (base, name, want) in table {
            let found = below(&repository(base).expect(base), name).expect(name);
            assert_eq!(found.as_str(), want);
        }
    }

    #[test]
    fn an_address_that_is_none_is_refused_without_its_secrets() {
        for address in [
            "",
            "stable",
            "@stable",
            "ftp://c.example/canary",
            "file:///etc",
            "https://u:canary@c.example/?canary",
        ] {
            let error = repository(address).expect_err(address);
            assert!(!error.to_string().replace("example/canary", "").contains("canary"), "{error}");
            let base = Url::parse("https://c.example").expect("a URL");
            if address.contains("://") {
                below(&base, address).expect_err(address);
            }
        }
    }

    #[test]
    fn an_address_is_shown_without_what_is_secret() {
        for (text, want) in [
            ("https://u:p@c.example/a?t=1#f", "https://c.example/a"),
            ("https://c.example?t=1", "https://c.example"),
            ("https://c.example/a@b", "https://c.example/a@b"),
            ("stable", "stable"),
            ("a\u{1b}[2J", "a\\u{1b}[2J"),
        ] {
            assert_eq!(shown(text), want);
        }
    }

    #[test]
    fn one_repository_can_be_written_in_two_ways() {
        assert!(is_same("https://C.example/charts", "https://c.example:443/charts/"));
        assert!(is_same("@a", "@a"));
        for other in
            ["https://c.example/chart", "http://c.example/charts", "https://c.example/charts?x"]
        {
            assert!(!is_same("https://c.example/charts", other), "{other}");
        }
    }

    #[test]
    fn below_ends_at_a_border() {
        let base = repository("https://c.example/charts").expect("a URL");
        for (url, want) in [
            ("https://c.example/charts", true),
            ("https://c.example/charts/a", true),
            ("https://c.example/charts-b/a", false),
            ("https://c.example:8443/charts/a", false),
            ("http://c.example/charts/a", false),
            ("https://c.example.evil/charts/a", false),
        ] {
            assert_eq!(lies_below(&Url::parse(url).expect(url), &base), want, "{url}");
        }
    }
}
