//! Which token servers get to see credentials (security R4).

use url::Url;

use crate::address::{Origin, Reach, ip_of, literal_reach};
use crate::text::shown_url;

/// The operator's word that a registry's token server elsewhere may have its credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedRealm {
    /// Host and port of the registry as in references, such as `r.corp:5000`.
    pub registry: String,
    /// Scheme, host and port of the token server, such as `https://auth.example`.
    pub realm: Url,
}

/// What a token server may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// Credentials.
    Trusted,
    /// The request alone.
    Anonymous,
}

/// The registry that names a token server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asker<'a> {
    /// Host and port as in references.
    pub(crate) host: &'a str,
    /// Where it was connected.
    pub(crate) origin: &'a Origin,
    /// What its address turned out to be.
    pub(crate) reach: Reach,
}

/// Judges the realm of a challenge; the error says why it is not asked at all.
pub(crate) fn judge(
    asker: Asker<'_>,
    realm: &Url,
    trusted: &[TrustedRealm],
) -> Result<Judgement, String> {
    let refuse = |why: &str| Err(format!("token server {}: {why}", shown_url(realm)));
    let Some(origin) = Origin::of(realm) else { return refuse("neither http nor https") };
    if !realm.username().is_empty() || realm.password().is_some() {
        return refuse("user or password in the address");
    }
    if asker.origin.is_https() && !origin.is_https() {
        return refuse("plain HTTP for a registry over HTTPS");
    }
    if literal_reach(realm).is_some_and(|there| !asker.reach.may_authorise_at(there)) {
        return refuse("an address that no public registry should name");
    }
    let listed = trusted.iter().any(|entry| {
        entry.registry == asker.host && Origin::of(&entry.realm).as_ref() == Some(&origin)
    });
    let kin = origin == *asker.origin
        || (origin.is_https()
            && asker.origin.is_https()
            && one_domain(&origin.host, &asker.origin.host));
    if origin.keeps_secrets() && (listed || kin) {
        Ok(Judgement::Trusted)
    } else {
        Ok(Judgement::Anonymous)
    }
}

/// Returns whether two names belong to one owner by the public suffix list; addresses never do.
fn one_domain(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim_end_matches('.'), other.trim_end_matches('.'));
    let name = |host: &str| ip_of(host).is_none();
    name(one)
        && name(other)
        && psl::domain_str(one).is_some_and(|domain| psl::domain_str(other) == Some(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(registry: &str, realm: &str) -> Option<Judgement> {
        let url = Url::parse(registry).unwrap();
        let origin = Origin::of(&url).unwrap();
        let reach = literal_reach(&url).unwrap_or(Reach::Public);
        let trusted = [
            TrustedRealm {
                registry: "r.corp:5000".to_owned(),
                realm: Url::parse("https://auth.example").unwrap(),
            },
            TrustedRealm {
                registry: "plain.corp".to_owned(),
                realm: Url::parse("http://auth.corp").unwrap(),
            },
        ];
        let host = crate::text::authority(&url);
        judge(Asker { host: &host, origin: &origin, reach }, &Url::parse(realm).unwrap(), &trusted)
            .ok()
    }

    #[test]
    fn credentials_go_only_to_their_own_origin_their_own_domain_or_a_trusted_realm() {
        use Judgement::{Anonymous, Trusted};
        let table = [
            ("https://r.example", "https://r.example/token", Some(Trusted)),
            ("https://r.example", "https://r.example:444/token", Some(Trusted)),
            ("https://registry-1.docker.io", "https://auth.docker.io/token", Some(Trusted)),
            ("https://quay.io", "https://quay.io/v2/auth", Some(Trusted)),
            ("https://r.corp:5000", "https://auth.example/token", Some(Trusted)),
            ("https://r.corp:5000", "https://auth.example:444/token", Some(Anonymous)),
            ("https://r.corp", "https://auth.example/token", Some(Anonymous)),
            ("https://r.example", "https://evil.test/token", Some(Anonymous)),
            ("https://r.example", "https://r.example.evil.test/token", Some(Anonymous)),
            ("https://r.example", "https://evilr.example/token", Some(Anonymous)),
            ("https://a.github.io", "https://b.github.io/token", Some(Anonymous)),
            ("https://a.co.uk", "https://b.co.uk/token", Some(Anonymous)),
            ("https://10.0.0.1", "https://10.0.0.2/token", Some(Anonymous)),
            ("https://r.example", "https://10.0.0.2/token", Some(Anonymous)),
            ("https://r.example", "http://r.example/token", None),
            ("https://r.example", "https://user:x@r.example/token", None),
            ("https://r.example", "file:///etc/passwd", None),
            ("https://r.example", "https://169.254.169.254/token", None),
            ("https://r.example", "https://127.0.0.1/token", None),
            ("https://r.example", "https://localhost/token", None),
            ("https://127.0.0.1:5000", "https://127.0.0.1:5001/token", Some(Anonymous)),
            ("http://127.0.0.1:5000", "http://127.0.0.1:5000/token", Some(Trusted)),
            ("http://127.0.0.1:5000", "http://127.0.0.1:5001/token", Some(Anonymous)),
            ("http://plain.corp", "http://plain.corp/token", Some(Anonymous)),
            ("http://plain.corp", "http://auth.corp/token", Some(Anonymous)),
        ];
        for (registry, realm, want) in table {
            assert_eq!(judged(registry, realm), want, "{registry} names {realm}");
        }
    }
}
