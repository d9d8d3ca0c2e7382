//! The parts of a version's text, and what is wrong with them.

use std::cmp::Ordering;

/// Why a text is no version, in the words of the Go library.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// The text has another form.
    #[error("invalid semantic version")]
    Form,
    /// More bytes than [`MAX_VERSION_BYTES`](super::MAX_VERSION_BYTES).
    #[error("version string is too long (max {} bytes)", super::MAX_VERSION_BYTES)]
    Length,
    /// No text, where a complete version was asked for.
    #[error("version string empty")]
    Empty,
    /// A number holds something else, where a complete version was asked for.
    #[error("invalid characters in version")]
    Characters,
    /// A number has a leading zero.
    #[error("version segment starts with 0")]
    LeadingZero,
    /// An identifier behind `-` is empty or has a wrong character.
    #[error("invalid prerelease string")]
    Prerelease,
    /// An identifier behind `+` is empty or has a wrong character.
    #[error("invalid metadata string")]
    Metadata,
    /// A number is over 64 bits.
    #[error("error parsing version segment: {}", number_text(.0, "value out of range"))]
    Large(String),
    /// A number is over 64 bits or empty, where a complete version was asked for.
    #[error("{}", number_text(.0, if .0.is_empty() { "invalid syntax" } else { "value out of range" }))]
    Number(String),
}

/// The text of Go's `strconv.NumError`.
fn number_text(number: &str, reason: &str) -> String {
    format!("strconv.ParseUint: parsing \"{number}\": {reason}")
}

/// Identifier by identifier: none, then numbers by value, then others by bytes. A number
/// over 64 bits is one of the others.
pub(super) fn compare_prereleases(one: &str, other: &str) -> Ordering {
    let key = |identifier: &str| match identifier.parse::<u64>() {
        _ if identifier.is_empty() => (0, 0, String::new()),
        Ok(number) => (1, number, String::new()),
        Err(_) => (2, 0, identifier.to_owned()),
    };
    let (mut ones, mut others) = (one.split('.'), other.split('.'));
    loop {
        let pair = (ones.next(), others.next());
        if pair == (None, None) {
            return Ordering::Equal;
        }
        let order = key(pair.0.unwrap_or("")).cmp(&key(pair.1.unwrap_or("")));
        if order.is_ne() {
            return order;
        }
    }
}

pub(super) fn check_prerelease(text: &str) -> Result<(), VersionError> {
    for identifier in text.split('.') {
        check_identifier(identifier, VersionError::Prerelease)?;
        if identifier.bytes().all(|byte| byte.is_ascii_digit()) {
            check_leading_zero(identifier)?;
        }
    }
    Ok(())
}

pub(super) fn check_metadata(text: &str) -> Result<(), VersionError> {
    text.split('.').try_for_each(|identifier| check_identifier(identifier, VersionError::Metadata))
}

fn check_identifier(identifier: &str, error: VersionError) -> Result<(), VersionError> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if identifier.is_empty() || !identifier.bytes().all(is_allowed) {
        return Err(error);
    }
    Ok(())
}

pub(super) fn check_leading_zero(number: &str) -> Result<(), VersionError> {
    if number.len() > 1 && number.starts_with('0') {
        return Err(VersionError::LeadingZero);
    }
    Ok(())
}
