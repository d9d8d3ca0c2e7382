//! Whether a version is what a constraint asks for.

use sealift_gotemplate::quoted;

use super::constraint::{Constraint, Open, Operator};
use super::identifiers::compare_prereleases;
use super::version::Version;

/// Why a version does not meet a constraint, in the words of the Go library.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} {reason}", quoted(.version))]
pub struct Mismatch {
    version: String,
    reason: String,
}

impl Mismatch {
    pub(super) fn new(version: &Version, reason: Reason, constraint: &Constraint) -> Self {
        Self { version: version.to_string(), reason: reason.text(&constraint.written) }
    }
}

/// A reason without its texts, which only a message needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    Prerelease,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    OtherMajor,
    OtherMinor,
    OtherMinorOfMajor,
    OtherMinorOfZero,
    OtherPatchOfZero,
}

impl Reason {
    fn text(self, written: &str) -> String {
        let (before, after) = match self {
            Self::Prerelease => {
                let text = "is a prerelease version and the constraint is only looking for release versions";
                return text.to_owned();
            }
            Self::Equal => ("is equal to", ""),
            Self::NotEqual => ("is not equal to", ""),
            Self::Less => ("is less than", ""),
            Self::LessOrEqual => ("is less than or equal to", ""),
            Self::Greater => ("is greater than", ""),
            Self::GreaterOrEqual => ("is greater than or equal to", ""),
            Self::OtherMajor => ("does not have same major version as", ""),
            Self::OtherMinor => ("does not have same minor version as", ""),
            Self::OtherMinorOfMajor => ("does not have same major and minor version as", ""),
            Self::OtherMinorOfZero => (
                "does not have same minor version as",
                ". Expected minor versions to match when constraint major version is 0",
            ),
            Self::OtherPatchOfZero => (
                "does not equal",
                ". Expect version and constraint to equal when major and minor versions are 0",
            ),
        };
        format!("{before} {}{after}", quoted(written))
    }
}

impl Constraint {
    /// Why `version` is refused. A prerelease is, unless the group it is in names one.
    pub(super) fn refuse(&self, version: &Version, with_prereleases: bool) -> Option<Reason> {
        if !with_prereleases && !version.prerelease().is_empty() {
            return Some(Reason::Prerelease);
        }
        let order = version.cmp(&self.version);
        match self.operator {
            Operator::NotEqual => self.refuse_equal(version),
            Operator::Greater => self.refuse_up_to(version),
            Operator::LessOrEqual => self.refuse_above(version),
            Operator::Less => order.is_ge().then_some(Reason::GreaterOrEqual),
            Operator::GreaterOrEqual => order.is_lt().then_some(Reason::Less),
            Operator::Equal if self.open == Open::None => order.is_ne().then_some(Reason::NotEqual),
            Operator::Equal | Operator::Tilde if order.is_ge() => self.refuse_far(version),
            Operator::Caret if order.is_ge() => self.refuse_breaking(version),
            Operator::Equal | Operator::Tilde | Operator::Caret => Some(Reason::Less),
        }
    }

    /// `!=`: a wildcard refuses all that it stands for.
    fn refuse_equal(&self, version: &Version) -> Option<Reason> {
        let own = &self.version;
        let is_equal = match self.open {
            Open::None | Open::Major => version == own,
            Open::Minor => version.major == own.major,
            Open::Patch => {
                let prereleases = compare_prereleases(version.prerelease(), own.prerelease());
                (version.major, version.minor) == (own.major, own.minor) && prereleases.is_eq()
            }
        };
        is_equal.then_some(Reason::Equal)
    }

    /// `>`: 11.1 is not above 11, nor 11.1.1 above 11.1.
    fn refuse_up_to(&self, version: &Version) -> Option<Reason> {
        let own = &self.version;
        let is_above = match self.open {
            Open::None | Open::Major => version > own,
            Open::Minor => version.major > own.major,
            Open::Patch => (version.major, version.minor) > (own.major, own.minor),
        };
        (!is_above).then_some(Reason::LessOrEqual)
    }

    /// `<=`: 11.1 is not above 11. With a wildcard for all, 0.0 is the last minor.
    fn refuse_above(&self, version: &Version) -> Option<Reason> {
        let own = &self.version;
        let is_above = match self.open {
            Open::None => version > own,
            Open::Minor => version.major > own.major,
            Open::Major | Open::Patch => (version.major, version.minor) > (own.major, own.minor),
        };
        is_above.then_some(Reason::Greater)
    }

    /// `~`: the same minor. All that is above 0.0.0 is near to it.
    fn refuse_far(&self, version: &Version) -> Option<Reason> {
        let own = &self.version;
        let is_zero = (own.major, own.minor, own.patch) == (0, 0, 0);
        if is_zero && matches!(self.open, Open::None | Open::Major) {
            None
        } else if version.major != own.major {
            Some(Reason::OtherMajor)
        } else if version.minor != own.minor && self.open != Open::Minor {
            Some(Reason::OtherMinorOfMajor)
        } else {
            None
        }
    }

    /// `^`: the first number that is not zero stays.
    fn refuse_breaking(&self, version: &Version) -> Option<Reason> {
        let own = &self.version;
        if version.major != own.major {
            Some(Reason::OtherMajor)
        } else if own.major > 0 || self.open == Open::Minor {
            None
        } else if own.minor > 0 || self.open == Open::Patch {
            (version.minor != own.minor).then_some(Reason::OtherMinorOfZero)
        } else if version.minor > 0 {
            Some(Reason::OtherMinor)
        } else {
            (version.patch != own.patch).then_some(Reason::OtherPatchOfZero)
        }
    }
}
