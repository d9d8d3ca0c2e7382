//! Mapping keys as JSON has them: strings.

use std::borrow::Cow;

use crate::error::ErrorKind;
use crate::float::general;
use crate::gosyntax;
use crate::node::{Node, Value};

/// Returns the string that `YAMLToJSON` makes of a key.
///
/// # Errors
///
/// [`ErrorKind::Key`] and [`ErrorKind::CollectionKey`] for what it refuses.
pub(crate) fn to_text<'t>(key: &Node<'t>) -> Result<Cow<'t, str>, ErrorKind> {
    Ok(match key.value() {
        Value::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
        Value::Int(value) => Cow::Owned(value.to_string()),
        Value::Float(value) => float(value),
        Value::Str(value) => Cow::Owned(value.to_owned()),
        Value::Null => return Err(refused(key, "null")),
        Value::Uint(_) => return Err(refused(key, "uint64")),
        Value::Seq(_) | Value::Map(_) => {
            return Err(ErrorKind::CollectionKey(gosyntax::write(key)));
        }
    })
}

/// The value is not known yet.
fn refused(key: &Node<'_>, kind: &'static str) -> ErrorKind {
    ErrorKind::Key { key: gosyntax::argument(key).into(), kind, value: Box::default() }
}

/// `strconv.FormatFloat(value, 'g', -1, 32)`: the key loses what a float32 cannot hold.
fn float<'t>(value: f64) -> Cow<'t, str> {
    #[expect(clippy::cast_possible_truncation, reason = "Go converts to float32 as well")]
    let value = value as f32;
    if value.is_nan() {
        return Cow::Borrowed(".nan");
    }
    if value.is_infinite() {
        return Cow::Borrowed(if value > 0.0 { ".inf" } else { "-.inf" });
    }
    Cow::Owned(general(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn float_keys_are_written_as_go_writes_a_float32() {
        let cases = [
            (1.5, "1.5"),
            (1.0, "1"),
            (-0.0, "-0"),
            (0.1, "0.1"),
            (1e6, "1e+06"),
            (123_456.0, "123456"),
            (1e20, "1e+20"),
            (1e21, "1e+21"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1.234_567_89, "1.2345679"),
            (1e300, ".inf"),
            (f64::NAN, ".nan"),
            (f64::NEG_INFINITY, "-.inf"),
        ];
        for (value, want) in cases {
            assert_eq!(float(value), want, "{value}");
        }
    }
}
