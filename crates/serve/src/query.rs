//! The query of a request.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Returns the first value of a key.
pub(crate) fn get<'a>(query: &'a str, key: &str) -> Option<Cow<'a, str>> {
    all(query, key).next()
}

/// Returns the values of a key. A `+` stands for itself: media types have one.
pub(crate) fn all<'a>(query: &'a str, key: &str) -> impl Iterator<Item = Cow<'a, str>> {
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let values = pairs.filter(move |(name, _)| *name == key).map(|(_, value)| value);
    values.map(|value| percent_decode_str(value).decode_utf8_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_and_plus_stays() {
        let query = "digest=sha256%3Aab&artifactType=a/b+json&n&last=";
        assert_eq!(get(query, "digest").unwrap(), "sha256:ab");
        assert_eq!(get(query, "artifactType").unwrap(), "a/b+json");
        assert_eq!(get(query, "n").unwrap(), "");
        assert_eq!(get(query, "last").unwrap(), "");
        assert_eq!(get(query, "mount"), None);
        assert_eq!(get("", "n"), None);
    }
}
