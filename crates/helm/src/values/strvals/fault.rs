//! What ends the reading of an argument.

use sealift_gotemplate::{Limit, Type, Value};

use crate::values::printed;

/// What ends the reading of an argument, or of a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Nothing is left, which is no error; Go's `io.EOF`.
    End,
    /// Nothing is left within an index, which is an error in some releases.
    EndOfIndex,
    /// Something is wrong.
    Fault(String),
    /// One of Helm's own bounds was reached.
    Bound(String),
    /// A bound of ours was reached.
    Limit(Limit),
}

impl From<String> for Stop {
    fn from(text: String) -> Self {
        Self::Fault(text)
    }
}

impl From<Limit> for Stop {
    fn from(limit: Limit) -> Self {
        Self::Limit(limit)
    }
}

/// Returns Go's words for a value of another type than what stands there needs.
pub(super) fn conversion(found: &Value, wanted: &Type) -> Stop {
    let found = match found {
        Value::Nil => "nil".to_owned(),
        other => other.kind().to_string(),
    };
    Stop::Fault(format!(
        "unable to parse key: interface conversion: interface {{}} is {found}, not {wanted}"
    ))
}

/// Returns a text as Go's `%q` prints it.
pub(super) fn quoted(text: &str) -> String {
    printed("%q", &text.into())
}
