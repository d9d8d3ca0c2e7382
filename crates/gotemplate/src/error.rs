//! Why templates cannot be parsed or executed.

use std::fmt;

use crate::function::FunctionError;
use crate::limits::Limit;

/// Why a template could not be parsed or executed, and where.
///
/// The text is that of Go 1.26, causes included, byte for byte; only [`Limit`]s
/// have texts of their own. What Go prints of strings that are not UTF-8 has
/// U+FFFD here.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    place: Place,
    message: String,
    cause: Option<FunctionError>,
}

/// Where an error is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The name of the text, as it was given to be parsed.
    pub text: String,
    /// The line, counted from 1; 0 when the error has none.
    pub line: usize,
    /// The byte in the line, counted from 0, unless the error is one of parsing.
    pub column: Option<usize>,
    /// The template, when it was being executed, and the node.
    pub executing: Option<(String, String)>,
}

impl Error {
    pub(crate) fn new(place: Place, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { place, message: message.into(), cause: None }))
    }

    /// Returns the error of a function, of which the text ends with the cause's.
    pub(crate) fn caused(place: Place, message: String, cause: FunctionError) -> Self {
        Self(Box::new(Inner { place, message, cause: Some(cause) }))
    }

    /// Returns where the error is.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// Returns what is wrong, without place and cause.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns what a function said.
    #[must_use]
    pub fn cause(&self) -> Option<&FunctionError> {
        self.0.cause.as_ref()
    }

    /// Returns the limit that was reached, here or in a template below.
    #[must_use]
    pub fn limit(&self) -> Option<Limit> {
        let mut error = self;
        loop {
            match error.cause()? {
                FunctionError::Limit(limit) => return Some(*limit),
                FunctionError::Template(below) | FunctionError::Wrapped { error: below, .. } => {
                    error = below;
                }
                FunctionError::Message(_) => return None,
            }
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template: {}", self.text)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        if let Some((template, node)) = &self.executing {
            write!(f, ": executing {} at <{node}>", crate::quote::quoted(template))?;
        }
        Ok(())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { place, message, cause } = &*self.0;
        write!(f, "{place}: {message}")?;
        match cause {
            Some(cause) => write!(f, "{cause}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    /// Returns nothing: the text has the cause already, as Go's has.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        None
    }
}

impl Drop for Inner {
    /// Errors of templates inside one another are as deep as these.
    fn drop(&mut self) {
        let mut cause = self.cause.take();
        while let Some(
            FunctionError::Template(mut below) | FunctionError::Wrapped { error: mut below, .. },
        ) = cause
        {
            cause = below.0.cause.take();
        }
    }
}
