//! What a string looks like: a reference, how much of one, a placeholder, a file.

use sealift_reference::{ParseError, Reference};

/// A string that parses as a reference, with how much of one was written.
pub(crate) struct Shape {
    pub(crate) reference: Reference,
    /// The first component is a registry host.
    pub(crate) hosted: bool,
    /// The name has more than one component.
    pub(crate) pathed: bool,
    /// A tag or a digest is written.
    pub(crate) pinned: bool,
}

impl Shape {
    /// Reads a string as a reference.
    pub(crate) fn read(text: &str) -> Result<Self, ParseError> {
        // A bare digest would be read as an image called `sha256`.
        if text.starts_with("sha256:") || text.starts_with("sha512:") {
            return Err(ParseError::ImageId);
        }
        let reference: Reference = text.parse()?;
        let name = text.split('@').next().unwrap_or(text);
        let (first, rest) = name.split_once('/').unwrap_or(("", name));
        let pinned = text.contains('@') || rest.rsplit('/').next().unwrap_or(rest).contains(':');
        let hosted = first.contains(['.', ':']) || first == "localhost";
        Ok(Self { reference, hosted, pathed: !first.is_empty(), pinned })
    }

    /// Returns whether nothing but an image looks like this: a host as the internet has them, a path, a tag or a digest.
    pub(crate) fn is_sure(&self) -> bool {
        self.hosted && self.pinned && is_public_host(self.reference.host())
    }

    /// Returns whether a place that is named for an image may hold this: bare words and file names are something else.
    pub(crate) fn is_named(&self) -> bool {
        self.pinned || self.hosted || (self.pathed && !is_file(self.reference.path()))
    }
}

/// Returns the reference when nothing but an image looks like the string. Cheap for other strings.
pub(crate) fn sure(text: &str) -> Option<Reference> {
    if !may_be_sure(text) {
        return None;
    }
    Shape::read(text).ok().filter(Shape::is_sure).map(|shape| shape.reference)
}

fn may_be_sure(text: &str) -> bool {
    if !(7..=512).contains(&text.len()) {
        return false;
    }
    let Some(slash) = text.find('/') else { return false };
    let (host, rest) = text.split_at(slash);
    host.contains('.') && rest.contains([':', '@']) && !host.ends_with(':')
}

/// Returns whether a host is named as the hosts of the internet are, or by its address and port.
pub(crate) fn is_public_host(host: &str) -> bool {
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let last = name.rsplit('.').next().unwrap_or(name);
    if last.bytes().all(|byte| byte.is_ascii_digit()) {
        return port.is_some();
    }
    let is_word = last.len() > 1 && last.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_word && name.contains('.') && !matches!(last, "svc" | "local") && !is_reserved(name)
}

/// Returns whether a host is one that documents use as an example (RFC 2606).
pub(crate) fn is_reserved(host: &str) -> bool {
    let mut labels = host.rsplit('.');
    let (last, before) = (labels.next().unwrap_or_default(), labels.next().unwrap_or_default());
    matches!(last, "example" | "invalid" | "test")
        || before == "example" && matches!(last, "com" | "net" | "org")
}

/// Returns whether a string holds a mark of something that is filled in later.
pub(crate) fn is_placeholder(text: &str) -> bool {
    const MARKS: [&str; 10] =
        ["{{", "$", "%{", "%s", "<", "((", "REPLACE", "CHANGEME", "CHANGE_ME", "PLACEHOLDER"];
    let wrapped = |mark: char| text.len() > 2 && text.starts_with(mark) && text.ends_with(mark);
    MARKS.iter().any(|mark| text.contains(mark)) || wrapped('+') || wrapped('@') || wrapped('_')
}

/// Says why a text where an image must be is none.
pub(crate) fn reason(text: &str, error: &ParseError) -> String {
    if is_placeholder(text) && !error.is_template() {
        return "a placeholder that is filled in later".to_owned();
    }
    error.to_string()
}

/// Returns whether a string is the name of an environment variable that holds an image.
pub(crate) fn is_image_variable(text: &str) -> bool {
    text.contains("IMAGE")
        && text.contains('_')
        && text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
}

/// Returns whether a word under an image-like key switches something and names nothing.
pub(crate) fn is_switch(text: &str) -> bool {
    const SWITCHES: [&str; 12] = [
        "true", "false", "on", "off", "yes", "no", "enabled", "disabled", "none", "auto",
        "default", "null",
    ];
    SWITCHES.iter().any(|switch| text.eq_ignore_ascii_case(switch))
}

/// Returns whether a path ends as files do that are no images of containers.
fn is_file(path: &str) -> bool {
    const ENDINGS: [&str; 18] = [
        ".png", ".svg", ".jpg", ".jpeg", ".gif", ".ico", ".webp", ".bmp", ".iso", ".img", ".raw",
        ".qcow2", ".vmdk", ".ova", ".tar", ".gz", ".yaml", ".json",
    ];
    ENDINGS.iter().any(|ending| path.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_public_host_with_a_path_and_a_tag_or_digest_is_sure() {
        for text in ["ghcr.io/a/b:1", "r.corp.com:5000/a:1", "10.0.0.1:5000/a:1"] {
            assert!(sure(text).is_some(), "{text}");
        }
        for text in [
            "example.com/tier:back",
            "a/b:1",
            "nginx:1.2",
            "ghcr.io/a/b",
            "x.svc:15012",
            "a.b.svc/c:1",
            "1.2/a:1",
            "https://a.b/c:1",
            "",
        ] {
            assert!(sure(text).is_none(), "{text}");
        }
    }

    #[test]
    fn pictures_are_no_images() {
        assert!(!Shape::read("assets/logo.png").unwrap().is_named());
        assert!(Shape::read("kserve/agent").unwrap().is_named());
        assert!(!Shape::read("busybox").unwrap().is_named());
    }
}
