//! Platforms that an image is built for.

use std::fmt;
use std::str::FromStr;

use crate::ParseError;

/// An operating system, an architecture and a variant, such as `linux/arm64/v8`.
///
/// Equality is that of the text in lower case; [`Platform::matches`] knows that `arm64` and `arm64/v8` are one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Platform {
    os: String,
    architecture: String,
    variant: Option<String>,
}

impl Platform {
    /// Makes a platform of its parts. An empty variant is none.
    ///
    /// # Errors
    ///
    /// [`ParseError::Platform`] when a part holds something else than letters, digits, `.`, `_` and `-`, or does not
    /// begin with a letter or digit.
    pub fn new(os: &str, architecture: &str, variant: Option<&str>) -> Result<Self, ParseError> {
        let variant = variant.filter(|variant| !variant.is_empty());
        if ![Some(os), Some(architecture), variant].into_iter().flatten().all(is_part) {
            let parts: Vec<_> =
                [Some(os), Some(architecture), variant].into_iter().flatten().collect();
            return Err(ParseError::Platform(parts.join("/")));
        }
        Ok(Self {
            os: os.to_ascii_lowercase(),
            architecture: architecture.to_ascii_lowercase(),
            variant: variant.map(str::to_ascii_lowercase),
        })
    }

    /// Returns the operating system, such as `linux`.
    #[must_use]
    pub fn os(&self) -> &str {
        &self.os
    }

    /// Returns the architecture, such as `amd64`.
    #[must_use]
    pub fn architecture(&self) -> &str {
        &self.architecture
    }

    /// Returns the variant, such as `v8`.
    #[must_use]
    pub fn variant(&self) -> Option<&str> {
        self.variant.as_deref()
    }

    /// Returns whether both name the same platform by containerd's normalisation.
    ///
    /// Mirrors <https://github.com/containerd/platforms/blob/v1.0.0/database.go>: `aarch64` is `arm64`, `arm64/v8` is
    /// `arm64`, `arm` is `arm/v7`, `x86_64` is `amd64`, `macos` is `darwin`. Nothing is matched by being compatible.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.normalized() == other.normalized()
    }

    /// Returns whether this is the platform `unknown/unknown` of attestations.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.os == "unknown" && self.architecture == "unknown"
    }

    fn normalized(&self) -> (&str, &str, Option<&str>) {
        let os = if self.os == "macos" { "darwin" } else { &self.os };
        let variant = self.variant.as_deref();
        let (architecture, variant) = match (self.architecture.as_str(), variant) {
            ("i386", _) => ("386", None),
            ("x86_64" | "x86-64" | "amd64", None | Some("v1")) => ("amd64", None),
            ("x86_64" | "x86-64", variant) => ("amd64", variant),
            ("aarch64" | "arm64", None | Some("8" | "v8")) => ("arm64", None),
            ("aarch64", variant) => ("arm64", variant),
            ("armhf", _) | ("arm", None | Some("7")) => ("arm", Some("v7")),
            ("armel", _) | ("arm", Some("6")) => ("arm", Some("v6")),
            ("arm", Some("5")) => ("arm", Some("v5")),
            ("arm", Some("8")) => ("arm", Some("v8")),
            other => other,
        };
        (os, architecture, variant)
    }
}

fn is_part(part: &str) -> bool {
    !part.is_empty()
        && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

impl FromStr for Platform {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let malformed = |_| ParseError::Platform(text.to_owned());
        let parts: Vec<_> = text.split('/').collect();
        match parts[..] {
            [os, architecture] => Self::new(os, architecture, None).map_err(malformed),
            [os, architecture, variant] if !variant.is_empty() => {
                Self::new(os, architecture, Some(variant)).map_err(malformed)
            }
            _ => Err(ParseError::Platform(text.to_owned())),
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        match &self.variant {
            Some(variant) => write!(f, "/{variant}"),
            None => Ok(()),
        }
    }
}
