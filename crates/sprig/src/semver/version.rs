//! A version.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::VersionError;
use super::identifiers::{
    check_leading_zero, check_metadata, check_prerelease, compare_prereleases,
};
use super::scan::Scan;

/// Bytes of the longest version that is read.
pub const MAX_VERSION_BYTES: usize = 256;

/// A semantic version; one that is not complete is taken too: `v1.2` is 1.2.0.
///
/// Compared as the specification says: build metadata and the spelling do not count.
#[derive(Debug, Clone)]
pub struct Version {
    pub(super) major: u64,
    pub(super) minor: u64,
    pub(super) patch: u64,
    prerelease: String,
    metadata: String,
    original: String,
}

impl Version {
    /// Reads a complete version, without `v`: Go's `StrictNewVersion`.
    ///
    /// # Errors
    ///
    /// If it is not complete, with the reason.
    pub fn parse_strict(text: &str) -> Result<Self, VersionError> {
        check_length(text)?;
        if text.is_empty() {
            return Err(VersionError::Empty);
        }
        let mut numbers: Vec<&str> = text.splitn(3, '.').collect();
        let &[_, _, last] = &numbers[..] else { return Err(VersionError::Form) };
        let (last, metadata) = last.split_once('+').map_or((last, None), |(a, b)| (a, Some(b)));
        metadata.map_or(Ok(()), check_metadata)?;
        let (last, prerelease) = last.split_once('-').map_or((last, None), |(a, b)| (a, Some(b)));
        prerelease.map_or(Ok(()), check_prerelease)?;
        numbers[2] = last;
        for number in &numbers {
            if !number.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(VersionError::Characters);
            }
            check_leading_zero(number)?;
        }
        let number = |at: usize| -> Result<u64, VersionError> {
            numbers[at].parse().map_err(|_| VersionError::Number(numbers[at].to_owned()))
        };
        Ok(Self {
            major: number(0)?,
            minor: number(1)?,
            patch: number(2)?,
            prerelease: prerelease.unwrap_or("").to_owned(),
            metadata: metadata.unwrap_or("").to_owned(),
            original: text.to_owned(),
        })
    }

    /// The first number.
    #[must_use]
    pub fn major(&self) -> u64 {
        self.major
    }

    /// The second number.
    #[must_use]
    pub fn minor(&self) -> u64 {
        self.minor
    }

    /// The third number.
    #[must_use]
    pub fn patch(&self) -> u64 {
        self.patch
    }

    /// What stands behind `-`, or "".
    #[must_use]
    pub fn prerelease(&self) -> &str {
        &self.prerelease
    }

    /// What stands behind `+`, or "".
    #[must_use]
    pub fn metadata(&self) -> &str {
        &self.metadata
    }

    /// The text that was read.
    #[must_use]
    pub fn original(&self) -> &str {
        &self.original
    }

    /// The next patch; of a prerelease, its release.
    #[must_use]
    pub fn next_patch(&self) -> Self {
        let by = u64::from(self.prerelease.is_empty());
        self.release(self.major, self.minor, self.patch.wrapping_add(by))
    }

    /// The next minor release.
    #[must_use]
    pub fn next_minor(&self) -> Self {
        self.release(self.major, self.minor.wrapping_add(1), 0)
    }

    /// The next major release.
    #[must_use]
    pub fn next_major(&self) -> Self {
        self.release(self.major.wrapping_add(1), 0, 0)
    }

    /// The version with another prerelease, or with none.
    ///
    /// # Errors
    ///
    /// If its identifiers are wrong.
    pub fn with_prerelease(&self, prerelease: &str) -> Result<Self, VersionError> {
        if !prerelease.is_empty() {
            check_prerelease(prerelease)?;
        }
        Ok(Self { prerelease: prerelease.to_owned(), ..self.clone() }.respelled(self))
    }

    /// The version with other metadata, or with none.
    ///
    /// # Errors
    ///
    /// If its identifiers are wrong.
    pub fn with_metadata(&self, metadata: &str) -> Result<Self, VersionError> {
        if !metadata.is_empty() {
            check_metadata(metadata)?;
        }
        Ok(Self { metadata: metadata.to_owned(), ..self.clone() }.respelled(self))
    }

    fn release(&self, major: u64, minor: u64, patch: u64) -> Self {
        let (prerelease, metadata, original) = (String::new(), String::new(), String::new());
        Self { major, minor, patch, prerelease, metadata, original }.respelled(self)
    }

    /// Spells it in full, with the `v` that the version before had.
    fn respelled(mut self, before: &Self) -> Self {
        let prefix = if before.original.starts_with('v') { "v" } else { "" };
        self.original = format!("{prefix}{self}");
        self
    }
}

impl FromStr for Version {
    type Err = VersionError;

    /// Reads a version that may be incomplete and start with `v`: Go's `NewVersion`.
    fn from_str(text: &str) -> Result<Self, VersionError> {
        check_length(text)?;
        let mut scan = Scan(text);
        scan.eat("v");
        let is_digit = |byte: u8| byte.is_ascii_digit();
        let major = scan.run(is_digit);
        let minor = scan.marked(".", is_digit);
        // Without a minor number there is no patch either.
        let patch = scan.marked(".", is_digit);
        let prerelease = scan.identifiers("-").unwrap_or("");
        let metadata = scan.identifiers("+").unwrap_or("");
        if major.is_empty() || !scan.0.is_empty() {
            return Err(VersionError::Form);
        }
        let number = |digits: &str| -> Result<u64, VersionError> {
            digits.parse().map_err(|_| VersionError::Large(digits.to_owned()))
        };
        let version = Self {
            major: number(major)?,
            minor: minor.map_or(Ok(0), number)?,
            patch: patch.map_or(Ok(0), number)?,
            prerelease: prerelease.to_owned(),
            metadata: metadata.to_owned(),
            original: text.to_owned(),
        };
        if !prerelease.is_empty() {
            check_prerelease(prerelease)?;
        }
        Ok(version)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.major, self.minor, self.patch)?;
        for (mark, text) in [("-", &self.prerelease), ("+", &self.metadata)] {
            if !text.is_empty() {
                write!(out, "{mark}{text}")?;
            }
        }
        Ok(())
    }
}

fn check_length(text: &str) -> Result<(), VersionError> {
    if text.len() > MAX_VERSION_BYTES { Err(VersionError::Length) } else { Ok(()) }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = |version: &Self| (version.major, version.minor, version.patch);
        let is_release = |version: &Self| version.prerelease.is_empty();
        numbers(self)
            .cmp(&numbers(other))
            .then_with(|| is_release(self).cmp(&is_release(other)))
            .then_with(|| compare_prereleases(&self.prerelease, &other.prerelease))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}
