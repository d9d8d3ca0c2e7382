//! Patterns of image names.

use std::fmt;
use std::str::FromStr;

use sealift_reference::Reference;

/// A pattern of image names: text in which `*` stands for any characters, also `/` and none.
///
/// It is held against the canonical name with tag and digest, and against the name without both: `quay.io/a/*`,
/// `docker.io/library/busybox:*`, `*/pause`. A name without a host is at docker.io, as in a reference.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImagePattern {
    written: String,
    canonical: String,
}

impl ImagePattern {
    /// Returns whether an image is meant.
    #[must_use]
    pub fn matches(&self, image: &Reference) -> bool {
        let tagged = image.tag().map(|tag| format!("{}:{tag}", image.repository()));
        let names = [Some(image.to_string()), Some(image.repository().to_string()), tagged];
        names.into_iter().flatten().any(|name| matches(&self.canonical, &name))
    }
}

/// Goes back to the last `*` alone, which is enough: an earlier one cannot do better.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut at, mut read, mut star) = (0, 0, None);
    while read < name.len() {
        if pattern.get(at) == Some(&b'*') {
            star = Some((at, read));
            at += 1;
        } else if pattern.get(at) == Some(&name[read]) {
            at += 1;
            read += 1;
        } else if let Some((star_at, star_read)) = star {
            star = Some((star_at, star_read + 1));
            at = star_at + 1;
            read = star_read + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

impl fmt::Display for ImagePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.written)
    }
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// It is empty.
    #[error("a pattern is not empty")]
    Empty,
    /// It has a character that no image name has, so it matches nothing.
    #[error("no image name holds the character `{}`; `*` stands for any characters", .0.escape_debug())]
    Character(char),
    /// It has a scheme.
    #[error("an image name has no scheme: leave it out")]
    Scheme,
}

impl FromStr for ImagePattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "*./:@_-[]".contains(c);
        if text.is_empty() {
            return Err(PatternError::Empty);
        }
        if text.contains("://") {
            return Err(PatternError::Scheme);
        }
        if let Some(character) = text.chars().find(|c| !allowed(*c)) {
            return Err(PatternError::Character(character));
        }
        Ok(Self { written: text.to_owned(), canonical: canonical(text) })
    }
}

/// Adds the host that a name without one has.
fn canonical(pattern: &str) -> String {
    match pattern.split_once('/') {
        _ if pattern.starts_with('*') => pattern.to_owned(),
        None => format!("docker.io/library/{pattern}"),
        Some(("docker.io" | "index.docker.io", rest))
            if !rest.contains('/') && !rest.starts_with('*') =>
        {
            format!("docker.io/library/{rest}")
        }
        Some((first, _)) if first == "localhost" || first.contains(['.', ':', '*']) => {
            pattern.to_owned()
        }
        Some(_) => format!("docker.io/{pattern}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_held_against_the_name_with_and_without_tag() {
        let matching = |pattern: &str, image: &str| {
            pattern.parse::<ImagePattern>().unwrap().matches(&image.parse().unwrap())
        };
        let digest = format!("sha256:{}", "0".repeat(64));
        for (pattern, image) in [
            ("docker.io/library/busybox:*", "busybox"),
            ("busybox", "busybox:1.28"),
            ("busybox:*", "docker.io/library/busybox:1.28"),
            ("docker.io/busybox", "busybox:1.28"),
            ("bitnami/*", "docker.io/bitnami/redis:7"),
            ("*/pause:3.*", "registry.k8s.io/pause:3.10"),
            ("*", "quay.io/a/b"),
            ("quay.io/*/b", "quay.io/a/c/b:1"),
            ("quay.io/a:1", &format!("quay.io/a:1@{digest}")),
        ] {
            assert!(matching(pattern, image), "{pattern} and {image}");
        }
        for (pattern, image) in [
            ("busybox", "quay.io/library/busybox"),
            ("busybox:1", "busybox:1.28"),
            ("quay.io/a", "quay.io/a/b"),
            ("*a*b*c", "quay.io/a/c/b"),
        ] {
            assert!(!matching(pattern, image), "{pattern} and {image}");
        }
    }
}
