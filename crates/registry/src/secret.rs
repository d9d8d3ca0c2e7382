//! The one type that holds a password or token.

use std::fmt;

use data_encoding::BASE64;
use zeroize::Zeroizing;

/// A text that cannot be printed, copied or serialised, and whose memory is cleared when it is dropped.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text as a secret.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Returns whether there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the text. A test counts the callers: the header, the token form, the helper's stdin, the files that a person asked for.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Makes the value of an `Authorization` header for Basic authentication.
    pub(crate) fn basic(user: &str, password: &Self) -> Self {
        let pair = Zeroizing::new(format!("{user}:{}", *password.0));
        Self::new(format!("Basic {}", BASE64.encode(pair.as_bytes())))
    }

    /// Makes the value of an `Authorization` header for a token.
    pub(crate) fn bearer(token: &Self) -> Self {
        Self::new(format!("Bearer {}", *token.0))
    }

    /// Makes the `auth` field of a docker configuration.
    pub(crate) fn auth_field(user: &str, password: &Self) -> Self {
        let pair = Zeroizing::new(format!("{user}:{}", *password.0));
        Self::new(BASE64.encode(pair.as_bytes()))
    }

    /// Adds `refresh_token` to a form.
    pub(crate) fn refresh_form(form: &str, token: &Self) -> Self {
        let mut pairs = url::form_urlencoded::Serializer::new(form.to_owned());
        pairs.append_pair("refresh_token", &token.0);
        Self::new(pairs.finish())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        *self.0 == *other.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_nothing_of_itself() {
        assert_eq!(format!("{:?}", Some(Secret::new("canary".to_owned()))), "Some([redacted])");
    }

    #[test]
    fn a_refresh_form_escapes_the_token() {
        let form = Secret::refresh_form("service=r", &Secret::new("a&b=c".to_owned()));
        assert_eq!(form.expose(), "service=r&refresh_token=a%26b%3Dc");
    }
}
