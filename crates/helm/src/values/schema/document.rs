//! JSON texts to values.

use sealift_gotemplate::{Budget, FunctionError, Str, Value};

use super::limits::Stop;

/// Reads a schema. A number is [`Value::Bytes`], as it is written.
///
/// Mirrors `UnmarshalJSON` in `loader.go` of santhosh-tekuri/jsonschema 6.0.2.
pub(super) fn read(text: &Str) -> Result<Value, Stop> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    if text.as_bytes().iter().all(is_space) {
        return Err("EOF".to_owned().into());
    }
    let (value, end) = sealift_sprig::json::first_exact(text, &Budget::default()).map_err(
        |error| match error {
            FunctionError::Limit(limit) => Stop::Limit(limit),
            other => match other.to_string().as_str() {
                "unexpected end of JSON input" => Stop::Invalid("unexpected EOF".to_owned()),
                text => Stop::Invalid(text.to_owned()),
            },
        },
    )?;
    if !text.as_bytes()[end..].iter().all(is_space) {
        return Err("invalid character after top-level value".to_owned().into());
    }
    Ok(value)
}
