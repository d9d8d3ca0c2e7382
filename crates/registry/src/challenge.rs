//! What `WWW-Authenticate` headers ask for.
//!
//! Grammar: RFC 9110 §11.6.1, read leniently as registries write it.

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;

/// One way in that a registry offers and we can go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// A token from a token server.
    Bearer {
        /// Where the token server is; may be relative to the request.
        realm: String,
        /// The name of the registry as its token server knows it.
        service: Option<String>,
        /// What the token must allow, as the registry says it.
        scope: Option<String>,
    },
    /// User and password with each request.
    Basic,
}

impl Challenge {
    /// Returns the best way in that the headers offer: Bearer before Basic, unknown schemes skipped.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let values =
            headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        let offers: Vec<Offer> = values.flat_map(offers).collect();
        offers.iter().find_map(Offer::bearer).or_else(|| offers.iter().find_map(Offer::basic))
    }

    /// Returns whether the headers say that the token was good but allowed too little.
    pub(crate) fn is_narrow(headers: &HeaderMap) -> bool {
        let mut values =
            headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        values.any(|value| {
            offers(value).iter().any(|offer| offer.get("error") == Some("insufficient_scope"))
        })
    }
}

/// One scheme with its parameters; names are in lower case.
#[derive(Debug, Default)]
struct Offer {
    scheme: String,
    parameters: Vec<(String, String)>,
}

impl Offer {
    fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn bearer(&self) -> Option<Challenge> {
        let realm =
            self.get("realm").filter(|realm| self.scheme == "bearer" && !realm.is_empty())?;
        let text = |name| self.get(name).filter(|text: &&str| !text.is_empty()).map(str::to_owned);
        Some(Challenge::Bearer {
            realm: realm.to_owned(),
            service: text("service"),
            scope: text("scope"),
        })
    }

    fn basic(&self) -> Option<Challenge> {
        (self.scheme == "basic").then_some(Challenge::Basic)
    }
}

/// Splits one header into its offers. A piece is `Scheme`, `Scheme name=value` or `name=value`.
fn offers(header: &str) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    for piece in pieces(header) {
        let piece = piece.trim();
        let name_end = piece.find(['=', ' ', '\t']).unwrap_or(piece.len());
        let rest = piece[name_end..].trim_start();
        let parameter = if rest.starts_with('=') {
            piece
        } else {
            offers.push(Offer {
                scheme: piece[..name_end].to_ascii_lowercase(),
                parameters: Vec::new(),
            });
            rest
        };
        if let (Some((name, value)), Some(offer)) = (parameter.split_once('='), offers.last_mut()) {
            offer.parameters.push((name.trim().to_ascii_lowercase(), unquoted(value.trim())));
        }
    }
    offers
}

/// Splits at commas outside of quotes.
fn pieces(header: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, byte) in header.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                pieces.push(&header[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(&header[start..]);
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else { return value.to_owned() };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut out = String::new();
    let mut escaped = false;
    for character in inner.chars() {
        if character == '\\' && !escaped {
            escaped = true;
        } else {
            escaped = false;
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Option<Challenge> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(WWW_AUTHENTICATE, value.parse().unwrap());
        }
        Challenge::of(&headers)
    }

    fn bearer(realm: &str, service: Option<&str>, scope: Option<&str>) -> Challenge {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Challenge::Bearer { realm: realm.to_owned(), service: text(service), scope: text(scope) }
    }

    #[test]
    fn headers_as_registries_write_them() {
        let token = "https://auth.example/token";
        let table: &[(&[&str], Option<Challenge>)] = &[
            (
                &[
                    r#"Bearer realm="https://auth.example/token",service="r",scope="repository:a/b:pull,push""#,
                ],
                Some(bearer(token, Some("r"), Some("repository:a/b:pull,push"))),
            ),
            (&[r"bearer realm=https://auth.example/token"], Some(bearer(token, None, None))),
            (
                &["Negotiate", r#"BEARER realm="https://auth.example/token""#],
                Some(bearer(token, None, None)),
            ),
            (
                &[
                    r#"Negotiate abc==, Basic realm="x", Bearer realm="https://auth.example/token" , service="r""#,
                ],
                Some(bearer(token, Some("r"), None)),
            ),
            (&[r#"Basic realm="a, b \"c\"""#], Some(Challenge::Basic)),
            (&[r#"Basic realm="Bearer realm=evil""#], Some(Challenge::Basic)),
            (
                &[r#"Bearer realm="/token",service="a\"b""#],
                Some(bearer("/token", Some("a\"b"), None)),
            ),
            (&[r#"Bearer service="r""#], None),
            (&[r#"Bearer realm="""#], None),
            (&["Digest realm=\"x\", nonce=\"y\""], None),
            (&["", ",,"], None),
            (&[r#"Bearer realm="https://auth.example/token"#], Some(bearer(token, None, None))),
        ];
        for (values, want) in table {
            assert_eq!(of(values), *want, "{values:?}");
        }
    }

    #[test]
    fn a_narrow_token_is_told_from_a_wrong_one() {
        let mut headers = HeaderMap::new();
        headers.append(
            WWW_AUTHENTICATE,
            r#"Bearer realm="/t",error="insufficient_scope""#.parse().unwrap(),
        );
        assert!(Challenge::is_narrow(&headers));
        headers.insert(
            WWW_AUTHENTICATE,
            r#"Bearer realm="/t",error="invalid_token""#.parse().unwrap(),
        );
        assert!(!Challenge::is_narrow(&headers));
    }
}
