//! What the YAML reader says, in our words.

use serde_saphyr::{Error, MessageFormatter, UserMessageFormatter};

use crate::format::{FormatError, nearest};

/// Turns an error of the YAML reader into ours.
pub(crate) fn explain(file: &str, text: &str, error: &Error) -> FormatError {
    if let Error::AliasError { error, .. } = error {
        return explain(file, text, error.without_snippet());
    }
    let place = error.location().map_or((0, 0), |location| (location.line(), location.column()));
    FormatError::at(file, text, place, message(error)).with_hint(hint(error))
}

fn message(error: &Error) -> String {
    match error {
        Error::Message { msg, .. } => msg.clone(),
        Error::SerdeUnknownField { field, .. } => format!("unknown key `{field}`"),
        Error::SerdeUnknownVariant { variant, .. } => format!("unknown value `{variant}`"),
        Error::SerdeMissingField { field, .. } => format!("the key `{field}` is missing"),
        Error::DuplicateMappingKey { key: Some(key), .. } => {
            format!("the key `{key}` stands here twice")
        }
        Error::SerdeInvalidType { unexpected, expected, .. }
        | Error::SerdeInvalidValue { unexpected, expected, .. } => {
            format!("expected {expected}, found {unexpected}")
        }
        Error::MergeKeyNotAllowed { .. } => "merge keys (`<<`) are not read here".to_owned(),
        Error::MultipleDocuments { .. } => "more than one YAML document; one is read".to_owned(),
        Error::Eof { .. } => "the file is empty".to_owned(),
        Error::Budget { breach, .. } => format!("larger than sealift reads: {breach:?}"),
        other => UserMessageFormatter.format_message(other).escape_debug().to_string(),
    }
}

fn hint(error: &Error) -> Option<String> {
    let (word, expected) = match error {
        Error::SerdeUnknownField { field, expected, .. } => (field, expected),
        Error::SerdeUnknownVariant { variant, expected, .. } => (variant, expected),
        _ => return None,
    };
    if let Some(known) = nearest(word, expected.iter().copied()) {
        return Some(format!("did you mean `{known}`?"));
    }
    let all: Vec<_> = expected.iter().map(|known| format!("`{known}`")).collect();
    (!all.is_empty()).then(|| format!("known here: {}", all.join(", ")))
}
