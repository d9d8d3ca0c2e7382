//! `.helmignore`: which files of a folder are no part of a chart.

use crate::pattern::{BadPattern, matches};
use crate::utf8;

/// The name of the file that holds the rules.
pub const HELMIGNORE: &str = ".helmignore";

/// The rules of a `.helmignore`, and the one that every chart has: `templates/.?*`.
///
/// Mirrors `pkg/ignore/rules.go` of Helm 4.2.4: the first rule that matches decides, `**` is an error, and a rule with `!` ignores what it
/// does *not* match. It counts for folders only, never for archives.
#[derive(Clone, Debug)]
pub struct Ignore(Vec<Rule>);

/// Why a `.helmignore` cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IgnoreError {
    /// `**`, which other tools have.
    #[error("double-star (**) syntax is not supported")]
    DoubleStar {
        /// The line, from 1.
        line: u32,
    },
    /// A line is too long for Go to read.
    #[error("bufio.Scanner: token too long")]
    LongLine {
        /// The line, from 1.
        line: u32,
    },
    /// A pattern that is none.
    #[error("syntax error in pattern")]
    Pattern {
        /// The line, from 1.
        line: u32,
    },
    /// Not UTF-8.
    #[error("not UTF-8: {problem}")]
    Utf8 {
        /// The line, from 1.
        line: u32,
        /// What is wrong.
        problem: &'static str,
    },
}

#[derive(Clone, Debug)]
struct Rule {
    pattern: String,
    negated: bool,
    /// It matches directories only.
    directory: bool,
    /// It matches the last part of a path; else the whole path.
    base: bool,
}

impl Default for Ignore {
    /// The rules of a folder without a `.helmignore`.
    fn default() -> Self {
        Self(vec![Rule {
            pattern: "templates/.?*".to_owned(),
            negated: false,
            directory: false,
            base: false,
        }])
    }
}

impl Ignore {
    /// Reads a `.helmignore`.
    ///
    /// # Errors
    ///
    /// The first line that Helm refuses.
    pub fn parse(bytes: &[u8]) -> Result<Self, IgnoreError> {
        /// Bytes of a line with its end, as `bufio.Scanner` takes them.
        const LINE_BYTES: usize = 64 << 10;
        let text = utf8::text(bytes)
            .map_err(|error| IgnoreError::Utf8 { line: error.line, problem: error.problem })?;
        let mut rules = Vec::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (text, line) in text.split('\n').zip(1..) {
            if text.len() >= LINE_BYTES {
                return Err(IgnoreError::LongLine { line });
            }
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            rules.push(rule(text, line)?);
        }
        rules.extend(Self::default().0);
        Ok(Self(rules))
    }

    /// Returns whether a file or a directory is ignored; what lies in an ignored directory is, too, and nobody should ask.
    ///
    /// The path is that below the chart's folder, with `/` between its parts.
    #[must_use]
    pub fn ignores(&self, path: &str, is_directory: bool) -> bool {
        if matches!(path, "" | "." | "./") {
            return false;
        }
        for rule in &self.0 {
            let fits = !rule.directory || is_directory;
            if rule.negated && !(fits && rule.matches(path)) {
                return true;
            }
            if !rule.negated && fits && rule.matches(path) {
                return true;
            }
        }
        false
    }
}

impl Rule {
    /// A pattern of which the mistake shows only now matches nothing.
    fn matches(&self, path: &str) -> bool {
        let base = || path.rsplit('/').next().unwrap_or(path);
        matches(&self.pattern, if self.base { base() } else { path }) == Ok(true)
    }
}

fn rule(text: &str, line: u32) -> Result<Rule, IgnoreError> {
    if text.contains("**") {
        return Err(IgnoreError::DoubleStar { line });
    }
    matches(text, "abc").map_err(|BadPattern| IgnoreError::Pattern { line })?;
    let pattern = text.strip_prefix('!');
    let (negated, pattern) = (pattern.is_some(), pattern.unwrap_or(text));
    let path = pattern.strip_suffix('/');
    let (directory, path) = (path.is_some(), path.unwrap_or(pattern));
    let below_root = path.strip_prefix('/');
    let base = below_root.is_none() && !path.contains('/');
    let pattern = below_root.unwrap_or(path).to_owned();
    Ok(Rule { pattern, negated, directory, base })
}
