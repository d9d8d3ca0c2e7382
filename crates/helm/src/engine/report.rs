//! Errors of templates in Helm's words.
//!
//! Mirrors `cleanupParseError`, `reformatExecErrorMsg` and `parseTemplateExecErrorString`
//! of `pkg/engine/engine.go` of Helm 4.2.4, which take texts apart; so texts are what is
//! looked at here.

use sealift_gotemplate::{Error, FunctionError};

use super::error::MARKS;

/// Returns the text about a file that is no template.
pub(super) fn parse_text(file: &str, text: &str) -> String {
    let mut tokens = text.split(": ");
    match (tokens.nth(1), text.rsplit(": ").next()) {
        (Some(location), Some(message)) => format!("parse error at ({location}): {message}"),
        _ => format!("parse error in ({file}): {text}"),
    }
}

/// Returns the text about a message that a template gave to `fail` or `required`.
pub(super) fn demand_text(text: &str) -> Option<String> {
    let mut tokens = text.splitn(3, ": ");
    let (location, rest) = (tokens.nth(1)?, tokens.next()?);
    let start = rest.find(MARKS[0])? + MARKS[0].len();
    let message = &rest[start..start + rest[start..].rfind(MARKS[1])?];
    Some(format!("execution error at ({location}): {message}"))
}

/// Returns the text that has two or three lines for each template that led to the error;
/// that of Go, when one of the errors has another form.
pub(super) fn list_text(error: &Error) -> String {
    let mut entries: Vec<Entry> = Vec::new();
    let mut next = Some(Level::Template(error));
    while let Some(level) = next {
        let Some(entry) = Entry::read(&level.text()) else { return error.to_string() };
        if entries.last() != Some(&entry) {
            entries.push(entry);
        }
        next = level.below();
    }
    let text: String = entries.iter().map(Entry::lines).collect();
    text.trim().to_owned()
}

/// An error in a chain of causes.
enum Level<'e> {
    Cause(&'e FunctionError),
    Template(&'e Error),
}

impl<'e> Level<'e> {
    fn text(&self) -> String {
        match self {
            Self::Cause(cause) => cause.to_string(),
            Self::Template(error) => error.to_string(),
        }
    }

    fn below(&self) -> Option<Self> {
        match self {
            Self::Template(error) => error.cause().map(Self::of),
            Self::Cause(FunctionError::Wrapped { error, .. }) => Some(Self::Template(error)),
            Self::Cause(_) => None,
        }
    }

    fn of(cause: &'e FunctionError) -> Self {
        match cause {
            FunctionError::Template(error) => Self::Template(error),
            cause => Self::Cause(cause),
        }
    }
}

/// What is said of one template.
#[derive(PartialEq)]
struct Entry {
    location: String,
    executed: String,
    message: String,
}

impl Entry {
    fn read(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("template: ")?;
        if rest.starts_with("no template ") {
            let message = text.to_owned();
            return Some(Self { location: String::new(), executed: String::new(), message });
        }
        Self::executing(rest).or_else(|| {
            let (location, message) = rest.rsplit_once(": ")?;
            Some(Self {
                location: location.to_owned(),
                executed: String::new(),
                message: cut(message).to_owned(),
            })
        })
    }

    fn executing(rest: &str) -> Option<Self> {
        let (location, after) = rest.split_once(": executing ")?;
        let (template, after) = after.strip_prefix('"')?.split_once('"')?;
        let (node, message) = after.strip_prefix(" at <")?.split_once(">: ")?;
        Some(Self {
            location: location.to_owned(),
            executed: format!("executing \"{template}\" at <{node}>:"),
            message: cut(message).to_owned(),
        })
    }

    fn lines(&self) -> String {
        let line = |part: &str, end: &str| match part {
            "" => String::new(),
            part => format!("{part}{end}"),
        };
        line(&self.location, "\n  ") + &line(&self.executed, "\n    ") + &line(&self.message, "\n")
    }
}

/// Returns a message without the error of the next template.
fn cut(message: &str) -> &str {
    message.find(" template:").map_or(message, |end| &message[..end])
}
