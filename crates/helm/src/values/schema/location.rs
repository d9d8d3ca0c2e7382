//! URLs of schemas.
//!
//! Mirrors `util.go` of santhosh-tekuri/jsonschema 6.0.2 and, for what it takes of it, Go's `net/url`.

use sealift_sprig::url::{Url, escape_path, unescape_path};

use crate::values::printed;

/// A URL with what its fragment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// The URL without fragment.
    pub(super) url: String,
    /// The fragment, decoded: a JSON pointer, or the name of an anchor.
    pub(super) fragment: String,
}

impl Reference {
    /// Returns the anchor, when the fragment is no pointer.
    pub(super) fn anchor(&self) -> Option<&str> {
        let is_pointer = self.fragment.is_empty() || self.fragment.starts_with('/');
        if is_pointer { None } else { Some(&self.fragment) }
    }

    /// Resolves a reference against a URL.
    pub(super) fn join(base: &str, reference: &str) -> Result<Self, String> {
        let (written, fragment) = split(reference);
        let fragment = decoded(reference, fragment)?;
        let failed = |url: &str, error| format!("error in parsing {}: {error}", quoted(url));
        let parsed = Url::parse(written.as_bytes()).map_err(|error| failed(written, error))?;
        Url::parse(base.as_bytes()).map_err(|error| failed(base, error))?;
        Ok(Self { url: resolved(base, written, &parsed), fragment })
    }
}

/// Splits a URL at its fragment.
pub(super) fn split(url: &str) -> (&str, &str) {
    url.split_once('#').unwrap_or((url, ""))
}

/// Returns a fragment without `%xx`; `url` is what an error names.
pub(super) fn decoded(url: &str, fragment: &str) -> Result<String, String> {
    let decoded = unescape_path(fragment.as_bytes())
        .map_err(|error| format!("error in parsing {}: {error}", quoted(url)))?;
    Ok(String::from_utf8_lossy(&decoded).into_owned())
}

/// Returns a pointer as it is in a URL.
pub(super) fn encoded(pointer: &str) -> String {
    let encode = |token: &str| String::from_utf8_lossy(&escape_path(token.as_bytes())).into_owned();
    pointer.split('/').map(encode).collect::<Vec<_>>().join("/")
}

/// Returns a text as Go's `%q` prints it.
pub(super) fn quoted(text: &str) -> String {
    printed("%q", &text.into())
}

/// The parts of a URL, as they are written.
struct Parts<'u> {
    scheme: &'u str,
    /// With its `//`; empty where there is none.
    authority: &'u str,
    path: &'u str,
    /// With its `?`; empty where there is none.
    query: &'u str,
}

impl<'u> Parts<'u> {
    fn of(url: &'u str, parsed: &Url) -> Self {
        let scheme = parsed.scheme().len();
        let (scheme, rest) = match scheme {
            0 => ("", url),
            length => (&url[..length], &url[length + 1..]),
        };
        let (rest, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
        let path = match rest.strip_prefix("//") {
            Some(behind) => behind.find('/').map_or(rest.len(), |slash| slash + 2),
            None => 0,
        };
        let (authority, path) = rest.split_at(path);
        Self { scheme, authority, path, query }
    }
}

/// RFC 3986, 5.2.2.
fn resolved(base: &str, reference: &str, parsed: &Url) -> String {
    let Parts { scheme, authority, path, query } = Parts::of(reference, parsed);
    if !scheme.is_empty() {
        let path = if path.starts_with('/') { without_dots(path) } else { path.to_owned() };
        return format!("{}:{authority}{path}{query}", scheme.to_ascii_lowercase());
    }
    let Ok(parsed) = Url::parse(base.as_bytes()) else { return reference.to_owned() };
    let base = Parts::of(base, &parsed);
    let before = if base.scheme.is_empty() {
        String::new()
    } else {
        format!("{}:", base.scheme.to_ascii_lowercase())
    };
    if !authority.is_empty() {
        return format!("{before}{authority}{}{query}", without_dots(path));
    }
    let before = before + base.authority;
    let is_opaque = base.authority.is_empty() && !base.path.starts_with('/');
    if is_opaque || path.is_empty() {
        let query = if query.is_empty() { base.query } else { query };
        return format!("{before}{}{query}", base.path);
    }
    if path.starts_with('/') {
        return format!("{before}{}{query}", without_dots(path));
    }
    let folder = base.path.rfind('/').map_or("/", |slash| &base.path[..=slash]);
    format!("{before}{}{query}", without_dots(&format!("{folder}{path}")))
}

/// Takes `.` and `..` out of an absolute path.
fn without_dots(path: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    let parts: Vec<_> = path.split('/').skip(1).collect();
    for (place, part) in parts.iter().enumerate() {
        let is_last = place + 1 == parts.len();
        match *part {
            "." | ".." => {
                if *part == ".." {
                    out.pop();
                }
                if is_last {
                    out.push("");
                }
            }
            part => out.push(part),
        }
    }
    if path.is_empty() { String::new() } else { format!("/{}", out.join("/")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_against_the_schema_that_holds_them() {
        let base = "https://example.com/a/b.json";
        let table = [
            (base, "#/definitions/x", "https://example.com/a/b.json", "/definitions/x"),
            (base, "c.json#y", "https://example.com/a/c.json", "y"),
            (base, "../c.json", "https://example.com/c.json", ""),
            (base, "/c/./d", "https://example.com/c/d", ""),
            (base, "//other.org/x", "https://other.org/x", ""),
            (base, "HTTP://other.org#%25", "http://other.org", "%"),
            (base, "?q", "https://example.com/a/b.json?q", ""),
            ("file:///values.schema.json", "x", "file:///x", ""),
            ("urn:a:b", "#c", "urn:a:b", "c"),
        ];
        for (base, reference, url, fragment) in table {
            let joined = Reference::join(base, reference);
            let (url, fragment) = (url.to_owned(), fragment.to_owned());
            assert_eq!(joined, Ok(Reference { url, fragment }), "{base} {reference}");
        }
    }

    #[test]
    fn what_is_no_url_is_refused_in_gos_words() {
        let table = [
            ("a:b:c", None),
            (
                "1:x",
                Some(
                    "error in parsing \"1:x\": parse \"1:x\": first path segment in URL cannot contain colon",
                ),
            ),
            ("x#%zz", Some("error in parsing \"x#%zz\": invalid URL escape \"%zz\"")),
        ];
        for (reference, error) in table {
            let joined = Reference::join("file:///values.schema.json", reference);
            assert_eq!(joined.err().as_deref(), error, "{reference}");
        }
    }
}
