//! Why a chart cannot be rendered.

use std::fmt;

use sealift_gotemplate::{Error, FunctionError, Limit};

use super::report;
use super::scope::Renderable;

/// Marks of a message that a template gave to `fail` or `required`.
pub(super) const MARKS: [&str; 2] = ["HELM_ERR_START", "HELM_ERR_END"];

/// Returns a message between [`MARKS`].
pub(super) fn marked(message: &str) -> String {
    format!("{}{message}{}", MARKS[0], MARKS[1])
}

/// Why a chart cannot be rendered, in Helm's words, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineError(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: ErrorKind,
    text: String,
    spots: Vec<Spot>,
}

/// What kind of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A template said so, by `fail` or `required`.
    Demand,
    /// A template cannot be executed to its end.
    Execute,
    /// A limit was reached.
    Limit(Limit),
    /// A file is no template.
    Parse,
}

/// A place in a template that has to do with an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// The file, such as `nginx/templates/a.yaml`, or `gotpl` for a text of `tpl`.
    pub file: String,
    /// The line, counted from 1; 0 when nothing is known.
    pub line: usize,
    /// The byte in the line, counted from 0.
    pub column: Option<usize>,
    /// The template that was executed.
    pub template: Option<String>,
    /// The part of it that failed, such as `include "x" .`.
    pub node: Option<String>,
    /// What is wrong there; empty but for the start when the next place says more.
    pub message: String,
    /// The line itself, when the file has it.
    pub source_line: Option<String>,
}

impl EngineError {
    pub(super) fn parsing(file: &str, error: &Error, renderables: &[Renderable]) -> Self {
        let spots = spots(error, renderables);
        match error.limit() {
            Some(limit) => Self::new(ErrorKind::Limit(limit), limit_text(limit, &spots), spots),
            None => {
                Self::new(ErrorKind::Parse, report::parse_text(file, &error.to_string()), spots)
            }
        }
    }

    pub(super) fn executing(
        error: &Error,
        renderables: &[Renderable],
        lists_templates: bool,
    ) -> Self {
        let spots = spots(error, renderables);
        if let Some(limit) = error.limit() {
            return Self::new(ErrorKind::Limit(limit), limit_text(limit, &spots), spots);
        }
        match report::demand_text(&error.to_string()) {
            Some(text) => Self::new(ErrorKind::Demand, text, spots),
            None if lists_templates => {
                Self::new(ErrorKind::Execute, report::list_text(error), spots)
            }
            None => Self::new(ErrorKind::Execute, error.to_string(), spots),
        }
    }

    pub(super) fn limit(file: &str, limit: Limit) -> Self {
        let spots = vec![Spot { file: file.to_owned(), ..Spot::default() }];
        Self::new(ErrorKind::Limit(limit), limit_text(limit, &spots), spots)
    }

    fn new(kind: ErrorKind, text: String, spots: Vec<Spot>) -> Self {
        Self(Box::new(Inner { kind, text, spots }))
    }

    /// Returns the name of the limit that was reached, if it is one that can be set.
    #[must_use]
    pub fn limit_name(&self) -> Option<&'static str> {
        if let ErrorKind::Limit(limit) = self.kind() { limit_name(limit) } else { None }
    }

    /// Returns what kind of error it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the places that led to the error: first the file that was rendered, last
    /// where the error is. There is one at least.
    #[must_use]
    pub fn spots(&self) -> &[Spot] {
        &self.0.spots
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl std::error::Error for EngineError {}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        self.column.map_or(Ok(()), |column| write!(f, ":{column}"))
    }
}

/// Returns the places of an error and of those below it.
fn spots(error: &Error, renderables: &[Renderable]) -> Vec<Spot> {
    let mut spots = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let place = error.place();
        let (template, node) = place.executing.clone().unzip();
        let mut message = error.message().to_owned();
        next = match error.cause() {
            Some(FunctionError::Template(below) | FunctionError::Wrapped { error: below, .. }) => {
                Some(below)
            }
            Some(cause) => {
                message += &cause.to_string();
                None
            }
            None => None,
        };
        spots.push(Spot {
            file: place.text.clone(),
            line: place.line,
            column: place.column,
            template,
            node,
            message,
            source_line: source_line(renderables, &place.text, place.line),
        });
    }
    spots
}

fn source_line(renderables: &[Renderable], file: &str, line: usize) -> Option<String> {
    let text = &renderables.iter().find(|renderable| renderable.path == file)?.text;
    let line = text.as_bytes().split(|&byte| byte == b'\n').nth(line.checked_sub(1)?)?;
    Some(String::from_utf8_lossy(line).into_owned())
}

/// Returns what is said of a limit: where, in which template, and its name.
fn limit_text(limit: Limit, spots: &[Spot]) -> String {
    let outermost = spots.first().map(|spot| format!(" at ({spot})")).unwrap_or_default();
    let innermost = spots.last().map(|spot| {
        let template = super::quoted(spot.template.as_ref().unwrap_or(&spot.file));
        let at = if spots.len() > 1 { format!(" at ({spot})") } else { String::new() };
        format!(": template {template}{at}")
    });
    let innermost = innermost.unwrap_or_default();
    let name = limit_name(limit).map(|name| format!(" (limit `{name}`)")).unwrap_or_default();
    format!("execution error{outermost}{innermost}: {limit}{name}")
}

/// Returns what `limits:` of a shipment calls a limit; `None` for one that nobody can set.
fn limit_name(limit: Limit) -> Option<&'static str> {
    Some(match limit {
        Limit::Frames(_) => "template-frames",
        Limit::LiveElements(_) => "template-elements",
        Limit::Nesting(_) => "template-nesting",
        Limit::OutputBytes(_) => "template-output-bytes",
        Limit::ParseDepth(_) => "template-depth",
        Limit::Steps(_) => "template-steps",
        Limit::StringBytes(_) => "template-string-bytes",
        _ => return None,
    })
}
