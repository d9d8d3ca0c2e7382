//! Other values in place of one.

use sealift_gotemplate::Value;

const HEX_OF_DIGEST: usize = 64;

/// Returns values to be tried in place of one: some of them show in a reference that is made of it.
pub(super) fn changes(value: &Value) -> Vec<Value> {
    match value {
        Value::Bool(truth) => vec![(!truth).into()],
        Value::Float(number) => vec![(number + 1.0).into(), 0.0.into()],
        Value::Int(number) => vec![Value::Int(number.wrapping_add(1)), Value::Int(0)],
        Value::Int64(number) => vec![Value::Int64(number.wrapping_add(1)), Value::Int64(0)],
        Value::Str(text) => texts(&text.to_text()).into_iter().map(Value::from).collect(),
        Value::Nil | Value::NilOf(_) => vec!["x1".into(), true.into()],
        _ => Vec::new(),
    }
}

fn texts(text: &str) -> Vec<String> {
    match text {
        "" => vec!["x1".to_owned(), "true".to_owned()],
        "true" => vec!["false".to_owned()],
        "false" => vec!["true".to_owned()],
        _ if is_digest(text) => vec![with_other_end(text), String::new()],
        // A version stays one when a digit is added, a name does not become one.
        _ if text.ends_with(|c: char| c.is_ascii_digit()) => {
            vec![format!("{text}1"), format!("{text}x")]
        }
        _ => vec![format!("{text}x"), format!("{text}1"), String::new()],
    }
}

/// Returns whether a text ends with a digest, of which the length must stay.
fn is_digest(text: &str) -> bool {
    let digits = text.bytes().rev().take_while(u8::is_ascii_hexdigit).count();
    digits >= HEX_OF_DIGEST
}

fn with_other_end(text: &str) -> String {
    let (start, end) = text.split_at(text.len() - 1);
    format!("{start}{}", if end == "0" { "1" } else { "0" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_text_is_of_the_same_sort() {
        assert_eq!(texts("1.2.3")[0], "1.2.31");
        assert_eq!(texts("nginx")[0], "nginxx");
        let digest = format!("sha256:{}", "a".repeat(64));
        assert_eq!(texts(&digest)[0], format!("sha256:{}0", "a".repeat(63)));
    }
}
