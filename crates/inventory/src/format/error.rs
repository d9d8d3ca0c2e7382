//! Why a file cannot be read.

use std::fmt;

/// Why a file of ours cannot be read, with the place.
///
/// Printed as `sealift.yaml:7:3: unknown key `namming`; did you mean `naming`?`; the alternate form `{:#}` adds the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// The file as the user named it.
    pub file: String,
    /// Counted from 1; 0 when the whole file is meant.
    pub line: u32,
    /// Counted from 1 in characters; 0 when the whole file is meant.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What may have been meant, such as `did you mean `naming`?`.
    pub hint: Option<String>,
    /// The line of the file, at most 160 characters of it.
    pub excerpt: Option<String>,
}

/// Lines longer than this are cut in excerpts.
const EXCERPT_CHARACTERS: usize = 160;

impl FormatError {
    /// Makes an error about a file as a whole.
    pub(crate) fn of_file(file: &str, message: impl Into<String>) -> Self {
        let (file, message) = (file.to_owned(), message.into());
        Self { file, line: 0, column: 0, message, hint: None, excerpt: None }
    }

    /// Makes an error about a place in `text`.
    pub(crate) fn at(file: &str, text: &str, (line, column): (u64, u64), message: String) -> Self {
        let line = u32::try_from(line).unwrap_or(0);
        let excerpt = text.lines().nth(line.saturating_sub(1) as usize).filter(|_| line > 0);
        Self {
            file: file.to_owned(),
            line,
            column: u32::try_from(column).unwrap_or(0),
            message,
            hint: None,
            excerpt: excerpt
                .map(|line| without_users(line).chars().take(EXCERPT_CHARACTERS).collect()),
        }
    }

    /// Adds what may have been meant.
    pub(crate) fn with_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }
}

/// Errors are printed and logged: what stands between `://` and `@` may be a password.
fn without_users(line: &str) -> String {
    let mut parts = line.split("://");
    let mut safe = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let authority = part.split(['/', ' ', '"', '\'']).next().unwrap_or_default();
        let user = authority.rfind('@').unwrap_or(0);
        safe.push_str("://");
        safe.push_str(if user > 0 { "…" } else { "" });
        safe.push_str(&part[user..]);
    }
    safe
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, "; {hint}")?;
        }
        match &self.excerpt {
            Some(line) if f.alternate() => write_excerpt(f, self.line, self.column, line),
            _ => Ok(()),
        }
    }
}

fn write_excerpt(f: &mut fmt::Formatter<'_>, number: u32, column: u32, line: &str) -> fmt::Result {
    let number = number.to_string();
    let margin = " ".repeat(number.len());
    let before = (column.saturating_sub(1) as usize).min(line.chars().count());
    write!(f, "\n{margin} |\n{number} | {line}\n{margin} | {}^", " ".repeat(before))
}

impl std::error::Error for FormatError {}
