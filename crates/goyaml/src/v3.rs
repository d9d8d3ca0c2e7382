//! What a text without quotes stands for in go-yaml v3, which kustomize reads resources with.

use crate::node::Content;
use crate::resolve::looks_like;
use crate::timestamp::is_timestamp;
use crate::{float, number};

/// What go-yaml v3 takes a scalar without quotes and without a tag for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Plain {
    /// Nothing, `~`, `null`.
    Null,
    /// `true` and `false` only: `yes`, `on` and `y` are strings.
    Bool(bool),
    /// An integer that fits.
    Int(i64),
    /// An integer above 2⁶³−1.
    Uint(u64),
    /// Any other number.
    Float(f64),
    /// A day, or a point in time.
    Timestamp,
    /// `<<`, where a key stands.
    Merge,
    /// Anything else.
    Str,
}

impl Plain {
    /// Looks at a text.
    ///
    /// Mirrors `resolve` in `resolve.go` of go.yaml.in/yaml v3.0.5.
    #[must_use]
    pub fn of(text: &str) -> Self {
        match text.as_bytes().first() {
            None => Self::Null,
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => number_or_time(text),
            Some(b't' | b'T' | b'f' | b'F' | b'n' | b'N' | b'~') => word(text),
            Some(b'<') if text == "<<" => Self::Merge,
            Some(_) => Self::Str,
        }
    }
}

fn number_or_time(text: &str) -> Plain {
    if text.starts_with(|first: char| first.is_ascii_digit()) && is_timestamp(text) {
        return Plain::Timestamp;
    }
    match number::parse_number(text) {
        Some(number::Number::Int(value)) => Plain::Int(value),
        Some(number::Number::Uint(value)) => Plain::Uint(value),
        Some(number::Number::Float(value)) => Plain::Float(value),
        None => Plain::Str,
    }
}

fn word(text: &str) -> Plain {
    match text {
        "true" | "True" | "TRUE" => Plain::Bool(true),
        "false" | "False" | "FALSE" => Plain::Bool(false),
        "~" | "null" | "Null" | "NULL" => Plain::Null,
        _ => Plain::Str,
    }
}

/// Returns whether the v2 reader, or another of YAML 1.1, takes a text without quotes for something else than a string.
#[must_use]
pub fn is_ambiguous(text: &str) -> bool {
    !matches!(looks_like(text), None | Some(Content::Str(_)))
}

/// Writes a number as `strconv.FormatFloat(value, 'g', -1, 64)` of Go does, which go-yaml v3 uses.
#[must_use]
pub fn float_text(value: f64) -> String {
    match value {
        f64::INFINITY => ".inf".to_owned(),
        f64::NEG_INFINITY => "-.inf".to_owned(),
        value if value.is_nan() => ".nan".to_owned(),
        value => float::general(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_words_of_yaml_1_2_are_no_strings() {
        for text in ["yes", "No", "on", "y", "nil", "tru", "a", "<", "1:30", "-", "."] {
            assert_eq!(Plain::of(text), Plain::Str, "{text}");
        }
        assert_eq!(Plain::of("True"), Plain::Bool(true));
        assert_eq!(Plain::of(""), Plain::Null);
        assert_eq!(Plain::of("<<"), Plain::Merge);
    }

    #[test]
    fn numbers_and_times_are_told_apart() {
        assert_eq!(Plain::of("0777"), Plain::Int(511));
        assert_eq!(Plain::of("0o17"), Plain::Int(15));
        assert_eq!(Plain::of("1.10"), Plain::Float(1.1));
        assert_eq!(Plain::of("2020-01-01"), Plain::Timestamp);
        assert_eq!(Plain::of("2020-01-01T10:00:00Z"), Plain::Timestamp);
    }

    #[test]
    fn floats_have_the_exponent_that_go_writes() {
        assert_eq!(float_text(1_000_000.0), "1e+06");
        assert_eq!(float_text(8080.0), "8080");
    }
}
