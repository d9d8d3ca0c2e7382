//! What the YAML reader says, in our words.

use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{Error, MessageFormatter, UserMessageFormatter};

use crate::format::{FormatError, nearest};

/// Turns an error of the YAML reader into ours.
pub(crate) fn explain(file: &str, text: &str, error: &Error) -> FormatError {
    if let Error::AliasError { error, .. } = error {
        return explain(file, text, error.without_snippet());
    }
    if let Error::Eof { .. } = error {
        return FormatError::of_file(file, "the file is empty");
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
        Error::Unexpected { expected, .. } => format!("expected {}", shape(expected)),
        Error::InvalidScalar { ty, .. } => format!("expected {}", shape(ty)),
        Error::InvalidBooleanStrict { .. } => "expected `true` or `false`".to_owned(),
        Error::MultipleDocuments { .. }
        | Error::Budget { breach: BudgetBreach::Documents { .. }, .. } => {
            "a second document; one is read".to_owned()
        }
        Error::Budget { breach, .. } => format!("larger than sealift reads: {breach:?}"),
        other => {
            let text = UserMessageFormatter.format_message(other).into_owned();
            text.chars()
                .map(
                    |c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() },
                )
                .collect()
        }
    }
}

/// The reader's word for what it expected, in the words of someone who writes YAML.
fn shape(expected: &str) -> &str {
    match expected {
        "mapping start" => "a map",
        "sequence start" => "a list",
        "string scalar" => "a string",
        "u8" | "u16" | "u32" | "u64" => "a whole number, 0 or above",
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        other => other,
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
