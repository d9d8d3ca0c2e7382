//! Where an answer may send us: redirects and the `Location` of uploads.

use url::Url;

use crate::address::{Origin, Reach, literal_reach};
use crate::limits::REDIRECTS;
use crate::text::shown_url;

/// Follows one redirect: resolves `location` against the request, and refuses what weakens or leads inward.
pub(crate) fn follow(from: &Url, location: &str, hop: usize, reach: Reach) -> Result<Url, String> {
    if hop >= REDIRECTS {
        return Err(format!("more than {REDIRECTS} redirects, the last to {}", shown_url(from)));
    }
    let to = resolve(from, location)?;
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(format!("redirect from HTTPS to plain HTTP: {}", shown_url(&to)));
    }
    inward(&to, reach)?;
    Ok(to)
}

/// Resolves the `Location` of an upload session: another host only over HTTPS, the same host never weaker than before.
pub(crate) fn session(from: &Url, location: &str, reach: Reach) -> Result<Url, String> {
    let mut to = resolve(from, location)?;
    if from.scheme() == "https" && to.scheme() == "http" {
        if to.host() != from.host() {
            return Err(format!("upload over plain HTTP to another host: {}", shown_url(&to)));
        }
        // A proxy ends TLS and the registry behind it does not know: https://github.com/distribution/distribution/issues/479
        let port = to.port().or(from.port());
        let changed = to.set_scheme("https").and_then(|()| to.set_port(port));
        changed.map_err(|()| format!("upload address {} cannot be used", shown_url(&to)))?;
    }
    let foreign = Origin::of(&to) != Origin::of(from);
    if foreign
        && to.scheme() == "http"
        && literal_reach(&to) != Some(Reach::Loopback)
        && to.host() != from.host()
    {
        return Err(format!("upload over plain HTTP to another host: {}", shown_url(&to)));
    }
    if foreign {
        inward(&to, reach)?;
    }
    Ok(to)
}

/// Adds `digest=` behind the query that the registry gave, which is kept byte for byte.
pub(crate) fn with_digest(session: &Url, digest: &str) -> Url {
    let mut url = session.clone();
    let query = match session.query() {
        Some(query) if !query.is_empty() => format!("{query}&digest={digest}"),
        _ => format!("digest={digest}"),
    };
    url.set_query(Some(&query));
    url
}

fn resolve(from: &Url, location: &str) -> Result<Url, String> {
    let mut to = from.join(location).map_err(|_| "an address that cannot be read".to_owned())?;
    if !matches!(to.scheme(), "http" | "https") {
        return Err(format!("neither http nor https: {}", shown_url(&to)));
    }
    if !to.username().is_empty() || to.password().is_some() {
        return Err(format!("user or password in the address {}", shown_url(&to)));
    }
    to.set_fragment(None);
    Ok(to)
}

/// Refuses an address that spells a place further inward than `reach`; names are checked when they are resolved.
pub(crate) fn inward(to: &Url, reach: Reach) -> Result<(), String> {
    match literal_reach(to) {
        Some(there) if !reach.may_lead_to(there) => {
            Err(format!("redirect into the site or this machine: {}", shown_url(to)))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn redirects_by_rule() {
        let table = [
            (
                "https://r.example/v2/a",
                "https://cdn.example/b?sig=1",
                0,
                Reach::Public,
                Some("https://cdn.example/b?sig=1"),
            ),
            ("https://r.example/v2/a", "/b", 4, Reach::Public, Some("https://r.example/b")),
            ("https://r.example/v2/a", "/b", 5, Reach::Public, None),
            ("https://r.example/v2/a", "http://r.example/b", 0, Reach::Public, None),
            (
                "http://r.example/v2/a",
                "https://r.example/b",
                0,
                Reach::Public,
                Some("https://r.example/b"),
            ),
            ("https://r.example/v2/a", "ftp://r.example/b", 0, Reach::Public, None),
            ("https://r.example/v2/a", "https://u:p@r.example/b", 0, Reach::Public, None),
            ("https://r.example/v2/a", "https://127.0.0.1/b", 0, Reach::Public, None),
            ("https://r.example/v2/a", "https://[::ffff:127.0.0.1]/b", 0, Reach::Public, None),
            ("https://r.example/v2/a", "https://2130706433/b", 0, Reach::Public, None),
            ("https://r.example/v2/a", "https://169.254.169.254/b", 0, Reach::Private, None),
            ("https://r.example/v2/a", "https://10.0.0.1/b", 0, Reach::Public, None),
            (
                "https://r.corp/v2/a",
                "https://10.0.0.1/b",
                0,
                Reach::Private,
                Some("https://10.0.0.1/b"),
            ),
            (
                "http://127.0.0.1:1/v2/a",
                "http://127.0.0.1:2/b",
                0,
                Reach::Loopback,
                Some("http://127.0.0.1:2/b"),
            ),
        ];
        for (from, location, hop, reach, want) in table {
            assert_eq!(
                follow(&url(from), location, hop, reach).ok(),
                want.map(url),
                "{from} → {location}"
            );
        }
    }

    #[test]
    fn upload_locations_by_rule() {
        let base = "https://r.example:8443/v2/a/blobs/uploads/";
        let table = [
            (
                base,
                "/v2/a/blobs/uploads/1?_state=x%3D",
                Some("https://r.example:8443/v2/a/blobs/uploads/1?_state=x%3D"),
            ),
            (base, "http://r.example/u/1", Some("https://r.example:8443/u/1")),
            (base, "http://r.example:8443/u/1", Some("https://r.example:8443/u/1")),
            (base, "https://up.example/u/1", Some("https://up.example/u/1")),
            (base, "http://up.example/u/1", None),
            (base, "https://127.0.0.1/u/1", None),
            ("http://plain.corp/v2/", "http://other.corp/u/1", None),
            ("http://plain.corp/v2/", "https://other.corp/u/1", Some("https://other.corp/u/1")),
        ];
        for (from, location, want) in table {
            assert_eq!(
                session(&url(from), location, Reach::Public).ok(),
                want.map(url),
                "{from} → {location}"
            );
        }
    }

    #[test]
    fn the_digest_is_added_behind_the_query_as_it_is() {
        let digest = "sha256:00";
        assert_eq!(
            with_digest(&url("https://r.example/u/1"), digest).as_str(),
            "https://r.example/u/1?digest=sha256:00"
        );
        assert_eq!(
            with_digest(&url("https://r.example/u/1?s=%2B+%7e"), digest).as_str(),
            "https://r.example/u/1?s=%2B+%7e&digest=sha256:00"
        );
    }
}
