//! One constraint: an operator and a version that may have wildcards.

use sealift_gotemplate::quoted;

use super::constraints::{MAX_CONSTRAINT_BYTES, MAX_CONSTRAINT_GROUPS};
use super::scan::Scan;
use super::version::Version;

/// Why a text is no constraint, in the words of the Go library.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConstraintError {
    /// A part between `||` has another form.
    #[error("improper constraint: {}", quoted(.0))]
    Form(String),
    /// More parts between `||` than [`MAX_CONSTRAINT_GROUPS`].
    #[error("too many constraint groups (max {MAX_CONSTRAINT_GROUPS})")]
    Groups,
    /// More bytes than [`MAX_CONSTRAINT_BYTES`].
    #[error("constraint string is too long (max {MAX_CONSTRAINT_BYTES} bytes)")]
    Length,
    /// The form is right, and the version is none: `1.2x`, `1.2.3-01`.
    #[error("constraint parser error")]
    Version,
}

/// What a version must be to the one in the constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Tilde,
    Caret,
}

/// Longer spellings first.
const OPERATORS: [(&str, Operator); 12] = [
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterOrEqual),
    ("=>", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("=<", Operator::LessOrEqual),
    ("~>", Operator::Tilde),
    ("=", Operator::Equal),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
    ("", Operator::Equal),
];

/// The first number that is a wildcard, or is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    Major,
    Minor,
    Patch,
    None,
}

/// An operator and a version.
#[derive(Debug, Clone)]
pub(super) struct Constraint {
    pub(super) operator: Operator,
    /// The operator as written.
    sign: &'static str,
    /// The version as written: "1.x" of "!= 1.x".
    pub(super) written: String,
    pub(super) version: Version,
    pub(super) open: Open,
}

/// A constraint whose form is right.
#[derive(Debug)]
pub(super) struct Written<'t> {
    sign: &'static str,
    operator: Operator,
    version: &'t str,
    numbers: [Option<&'t str>; 3],
    /// With its `-`, or "".
    prerelease: String,
}

impl<'t> Written<'t> {
    /// Reads an operator, spaces and a version, if they come next.
    pub(super) fn read(scan: &mut Scan<'t>) -> Option<Self> {
        let (sign, operator) = *OPERATORS.iter().find(|(sign, _)| scan.0.starts_with(sign))?;
        scan.eat(sign);
        scan.spaces();
        let start = scan.0;
        scan.eat("v");
        let major = scan.run(is_number_or_wildcard);
        if major.is_empty() {
            return None;
        }
        let minor = scan.marked(".", is_number_or_wildcard);
        let patch = scan.marked(".", is_number_or_wildcard);
        let prerelease = scan.identifiers("-").map_or(String::new(), |text| format!("-{text}"));
        scan.identifiers("+");
        let version = &start[..start.len() - scan.0.len()];
        Some(Self { sign, operator, version, numbers: [Some(major), minor, patch], prerelease })
    }

    pub(super) fn parse(self) -> Result<Constraint, ConstraintError> {
        let [major, minor, patch] =
            self.numbers.map(|number| number.filter(|number| !matches!(*number, "x" | "X" | "*")));
        let rest = &self.prerelease;
        let (open, version) = match (major, minor, patch) {
            (None, ..) => (Open::Major, format!("0.0.0{rest}")),
            (Some(major), None, _) => (Open::Minor, format!("{major}.0.0{rest}")),
            (Some(major), Some(minor), None) => (Open::Patch, format!("{major}.{minor}.0{rest}")),
            _ => (Open::None, self.version.to_owned()),
        };
        let version = version.parse().map_err(|_| ConstraintError::Version)?;
        let written = self.version.to_owned();
        Ok(Constraint { operator: self.operator, sign: self.sign, written, version, open })
    }
}

impl std::fmt::Display for Constraint {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}{}", self.sign, self.written)
    }
}

/// The Go library's class for numbers holds `|`, too: `1|2` has the form of a version.
fn is_number_or_wildcard(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'|' | b'x' | b'X' | b'*')
}
