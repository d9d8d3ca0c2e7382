//! Constraints joined by commas, spaces and `||`.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use sealift_goregex::Regex;

use super::check::{Mismatch, Reason};
use super::constraint::{Constraint, ConstraintError, Written};
use super::scan::Scan;
use super::version::Version;

/// Bytes of the longest constraint that is read.
pub const MAX_CONSTRAINT_BYTES: usize = 512;

/// Parts between `||` that a constraint may have.
pub const MAX_CONSTRAINT_GROUPS: usize = 32;

/// What versions are wanted: all constraints of one of the groups between `||`.
#[derive(Debug, Clone)]
pub struct Constraints {
    groups: Vec<Vec<Constraint>>,
}

impl Constraints {
    /// Whether a version meets them: Go's `Check`.
    #[must_use]
    pub fn check(&self, version: &Version) -> bool {
        self.groups.iter().any(|group| {
            let with_prereleases = names_prerelease(group);
            group.iter().all(|one| one.refuse(version, with_prereleases).is_none())
        })
    }

    /// Why a version does not meet them, a reason for each constraint of each group: Go's
    /// `Validate`.
    ///
    /// # Errors
    ///
    /// If it does not meet them.
    pub fn validate(&self, version: &Version) -> Result<(), Vec<Mismatch>> {
        let mut reasons = Vec::new();
        let mut has_said_prerelease = false;
        for group in &self.groups {
            let with_prereleases = names_prerelease(group);
            let mut is_met = true;
            for one in group {
                let Some(reason) = one.refuse(version, with_prereleases) else { continue };
                is_met = false;
                let is_repeated = reason == Reason::Prerelease && has_said_prerelease;
                has_said_prerelease |= reason == Reason::Prerelease;
                if !is_repeated {
                    reasons.push(Mismatch::new(version, reason, one));
                }
            }
            if is_met {
                return Ok(());
            }
        }
        Err(reasons)
    }
}

fn names_prerelease(group: &[Constraint]) -> bool {
    group.iter().any(|one| !one.version.prerelease().is_empty())
}

impl FromStr for Constraints {
    type Err = ConstraintError;

    /// Reads constraints: Go's `NewConstraint`.
    fn from_str(text: &str) -> Result<Self, ConstraintError> {
        if text.len() > MAX_CONSTRAINT_BYTES {
            return Err(ConstraintError::Length);
        }
        let text = write_out_ranges(text);
        if text.split("||").count() > MAX_CONSTRAINT_GROUPS {
            return Err(ConstraintError::Groups);
        }
        let groups = text.split("||").map(|group| {
            let written =
                read_group(group).ok_or_else(|| ConstraintError::Form(group.to_owned()))?;
            written.into_iter().map(Written::parse).collect()
        });
        Ok(Self { groups: groups.collect::<Result<_, _>>()? })
    }
}

impl fmt::Display for Constraints {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let group = |group: &Vec<Constraint>| {
            group.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        let groups: Vec<String> = self.groups.iter().map(group).collect();
        out.write_str(&groups.join(" || "))
    }
}

/// Reads constraints with spaces or one comma between them, to the end.
fn read_group(text: &str) -> Option<Vec<Written<'_>>> {
    let mut scan = Scan(text);
    scan.spaces();
    let mut all = vec![Written::read(&mut scan)?];
    loop {
        let is_spaced = scan.spaces();
        if scan.0.is_empty() {
            return Some(all);
        }
        if scan.eat(",") {
            scan.spaces();
        } else if !is_spaced {
            return None;
        }
        all.push(Written::read(&mut scan)?);
    }
}

/// Whether a hyphen stands between two spaces. Where none does there is no range, and no pattern to be compiled.
fn has_lone_hyphen(text: &str) -> bool {
    let is_space = |byte: u8| byte.is_ascii_whitespace();
    text.as_bytes().windows(3).any(|near| near[1] == b'-' && is_space(near[0]) && is_space(near[2]))
}

/// Writes `1.2 - 3.4` as `>= 1.2, <= 3.4 `. As in Go, what is replaced is the first place
/// that has the same text, even inside of another.
fn write_out_ranges(text: &str) -> String {
    static RANGE: LazyLock<Regex> = LazyLock::new(|| {
        let number = r"[0-9|xX*]+";
        let identifiers = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*";
        let version = format!(
            r"v?{number}(?:\.{number})?(?:\.{number})?(?:-{identifiers})?(?:\+{identifiers})?"
        );
        let pattern = format!(r"\s*({version})\s+-\s+({version})\s*");
        Regex::new(&pattern).expect("the pattern is fixed")
    });
    let mut written = text.to_owned();
    if !has_lone_hyphen(text) {
        return written;
    }
    for groups in RANGE.find_all_submatch_index(text.as_bytes(), -1) {
        let [Some(whole), Some(low), Some(high)] = &groups[..] else { continue };
        let comparison = format!(">= {}, <= {} ", &text[low.clone()], &text[high.clone()]);
        written = written.replacen(&text[whole.clone()], &comparison, 1);
    }
    written
}
