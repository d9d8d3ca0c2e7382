//! What a value is by its look.

use sealift_gotemplate::Value;

/// Returns the value that `--set` takes a text for: a truth, null, an `int64` or a string.
///
/// Mirrors `typedVal` in `pkg/strvals/parser.go` of Helm 4.2.4: a number does not begin with
/// `0`, nor has it a fraction.
pub(super) fn typed(text: &str) -> Value {
    if is_word(text, "true") {
        return Value::Bool(true);
    }
    if is_word(text, "false") {
        return Value::Bool(false);
    }
    if is_word(text, "null") {
        return Value::Nil;
    }
    match text.parse() {
        Ok(number) if text == "0" || !text.starts_with('0') => Value::Int64(number),
        _ => Value::from(text),
    }
}

/// Compares as `strings.EqualFold` does, for which `ſ` is an `s`.
fn is_word(text: &str, word: &str) -> bool {
    let fold = |c: char| if c == 'ſ' { 's' } else { c.to_ascii_lowercase() };
    text.chars().map(fold).eq(word.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_without_a_leading_zero_are_numbers() {
        let table = [
            ("0", "int64 0"),
            ("-0", "int64 0"),
            ("+7", "int64 7"),
            ("-07", "int64 -7"),
            ("9223372036854775807", "int64 9223372036854775807"),
            ("9223372036854775808", "string \"9223372036854775808\""),
            ("00", "string \"00\""),
            ("08", "string \"08\""),
            ("1.5", "string \"1.5\""),
            ("1_000", "string \"1_000\""),
            ("", "string \"\""),
            ("TRUE", "bool true"),
            ("falſe", "bool false"),
            ("nULL", "interface {} nil"),
            ("nil", "string \"nil\""),
        ];
        for (text, wanted) in table {
            let value = typed(text);
            assert_eq!(format!("{} {value:?}", value.kind()), wanted, "{text}");
        }
    }
}
