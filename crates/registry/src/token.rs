//! Tokens: how they are asked for, and what a token server answers.
//!
//! Spec: <https://distribution.github.io/distribution/spec/auth/token/> and `…/oauth/`.

use std::time::Duration;

use sealift_oci::StoreErrorKind;
use serde::Deserialize;
use url::Url;

use crate::credentials::Credential;
use crate::failure::Failure;
use crate::limits::TOKEN_URL_BYTES;
use crate::scope::Scopes;
use crate::secret::Secret;

/// The shortest life of a token that is believed.
const SHORTEST_SECONDS: u64 = 60;

/// A question to a token server.
#[derive(Debug, PartialEq)]
pub(crate) enum Ask {
    /// By query, with user and password where there are any.
    Get { url: Url, authorization: Option<Secret> },
    /// By form, with an identity token.
    Post { url: Url, form: Secret },
}

/// Makes the question. An identity token goes into a form, a password into a header.
pub(crate) fn ask(
    realm: &Url,
    service: Option<&str>,
    scopes: &Scopes,
    credential: Option<&Credential>,
) -> Ask {
    match credential {
        Some(Credential::Identity(token)) => {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.append_pair("grant_type", "refresh_token").append_pair("client_id", "sealift");
            if let Some(service) = service {
                form.append_pair("service", service);
            }
            let texts: Vec<String> = scopes.iter().map(ToString::to_string).collect();
            if !texts.is_empty() {
                form.append_pair("scope", &texts.join(" "));
            }
            Ask::Post { url: realm.clone(), form: Secret::refresh_form(&form.finish(), token) }
        }
        Some(Credential::Basic { user, password }) => Ask::Get {
            url: query(realm, service, scopes),
            authorization: Some(Secret::basic(user, password)),
        },
        Some(Credential::Registry(_)) | None => {
            Ask::Get { url: query(realm, service, scopes), authorization: None }
        }
    }
}

/// Adds service and scopes to the realm; scopes at the end are left out where the URL gets too long.
fn query(realm: &Url, service: Option<&str>, scopes: &Scopes) -> Url {
    let mut scopes = scopes.clone();
    loop {
        let mut url = realm.clone();
        {
            let mut pairs = url.query_pairs_mut();
            if let Some(service) = service {
                pairs.append_pair("service", service);
            }
            for scope in scopes.iter() {
                pairs.append_pair("scope", &scope.to_string());
            }
        }
        if url.query() == Some("") {
            url.set_query(None);
        }
        if url.as_str().len() <= TOKEN_URL_BYTES || !scopes.shorten() {
            return url;
        }
    }
}

#[derive(Deserialize)]
struct Answer {
    token: Option<String>,
    access_token: Option<String>,
    expires_in: Option<serde_json::Value>,
}

/// What a token server gave.
#[derive(Debug, PartialEq)]
pub(crate) struct Grant {
    pub(crate) token: Secret,
    /// How long after its receipt the token is used; our clock counts, as theirs may be days off.
    pub(crate) use_for: Duration,
}

/// Reads the answer of a token server.
pub(crate) fn read(body: &[u8]) -> Result<Grant, Failure> {
    let refuse = |why| Failure::new(StoreErrorKind::Protocol, format!("token server: {why}"));
    let answer: Answer =
        serde_json::from_slice(body).map_err(|_| refuse("its answer is not JSON"))?;
    let token = answer
        .token
        .filter(|token| !token.is_empty())
        .or(answer.access_token)
        .filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| refuse("its answer holds no token"))?;
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(refuse("its token is no text for a header"));
    }
    let seconds =
        answer.expires_in.and_then(|value| value.as_u64()).unwrap_or(0).max(SHORTEST_SECONDS);
    let life = Duration::from_secs(seconds.min(86_400));
    Ok(Grant {
        token: Secret::new(token),
        use_for: life.saturating_sub((life / 5).min(Duration::from_secs(30))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn realm() -> Url {
        Url::parse("https://auth.example/token?x=1").unwrap()
    }

    #[test]
    fn a_password_goes_into_a_header_and_each_scope_is_its_own() {
        let scopes = Scopes::push("a/b").and_pull("c/d");
        let credential =
            Credential::Basic { user: "u".to_owned(), password: Secret::new("p".to_owned()) };
        let url = Url::parse("https://auth.example/token?x=1&service=r.example&scope=repository%3Aa%2Fb%3Apull%2Cpush&scope=repository%3Ac%2Fd%3Apull").unwrap();
        let want = Ask::Get {
            url: url.clone(),
            authorization: Some(Secret::new("Basic dTpw".to_owned())),
        };
        assert_eq!(ask(&realm(), Some("r.example"), &scopes, Some(&credential)), want);
        assert_eq!(
            ask(&realm(), Some("r.example"), &scopes, None),
            Ask::Get { url, authorization: None }
        );
        let bare = Url::parse("https://auth.example/token").unwrap();
        assert_eq!(
            ask(&bare, None, &Scopes::default(), None),
            Ask::Get { url: bare.clone(), authorization: None }
        );
    }

    #[test]
    fn an_identity_token_goes_into_a_form() {
        let credential = Credential::Identity(Secret::new("t&k".to_owned()));
        let form = "grant_type=refresh_token&client_id=sealift&service=r.example&scope=repository%3Aa%3Apull%2Cpush+repository%3Ab%3Apull&refresh_token=t%26k";
        let want = Ask::Post { url: realm(), form: Secret::new(form.to_owned()) };
        assert_eq!(
            ask(&realm(), Some("r.example"), &Scopes::push("a").and_pull("b"), Some(&credential)),
            want
        );
    }

    #[test]
    fn scopes_that_make_the_url_too_long_are_left_out() {
        let long = (0..15).fold(Scopes::push("target"), |scopes, number| {
            scopes.and_pull(&format!("{number}/{}", "x".repeat(600)))
        });
        let Ask::Get { url, .. } = ask(&realm(), None, &long, None) else { panic!("by query") };
        assert!(url.as_str().len() <= TOKEN_URL_BYTES);
        assert!(url.query().unwrap().contains("target"));
    }

    #[test]
    fn answers_of_token_servers() {
        let table = [
            (r#"{"token":"t","expires_in":300}"#, Some(270)),
            (r#"{"access_token":"t","expires_in":100}"#, Some(80)),
            (r#"{"token":"","access_token":"t"}"#, Some(48)),
            (r#"{"token":"t","expires_in":3,"issued_at":"1999-01-01T00:00:00Z"}"#, Some(48)),
            (r#"{"token":"t","expires_in":"300"}"#, Some(48)),
            (r#"{"token":"t\r\nX-Evil: 1"}"#, None),
            (r#"{"expires_in":300}"#, None),
            ("<html>", None),
        ];
        for (body, want) in table {
            assert_eq!(
                read(body.as_bytes()).ok().map(|grant| grant.use_for.as_secs()),
                want,
                "{body}"
            );
        }
    }
}
