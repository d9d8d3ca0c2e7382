//! Numbers, as go-yaml v2 and the `strconv` below it read them.

use std::borrow::Cow;

/// A number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    Int(i64),
    Uint(u64),
    Float(f64),
}

/// Reads a text that begins with a digit, a sign or a point.
pub(crate) fn parse_number(text: &str) -> Option<Number> {
    if let Some(special) = special(text) {
        return Some(Number::Float(special));
    }
    if text.starts_with('.') {
        return point_float(text).map(Number::Float);
    }
    let plain: Cow<'_, str> =
        if text.contains('_') { text.replace('_', "").into() } else { text.into() };
    parse_int(&plain)
        .map(Number::Int)
        .or_else(|| parse_uint(&plain).map(Number::Uint))
        .or_else(|| if is_float(&plain) { finite(&plain).map(Number::Float) } else { None })
        .or_else(|| signed_binary(&plain))
}

fn special(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// `strconv.ParseInt(text, 0, 64)`.
fn parse_int(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let magnitude = i128::from(parse_uint(digits)?);
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

/// `strconv.ParseUint(text, 0, 64)`: the prefix gives the base, a zero alone is octal.
fn parse_uint(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    let (base, digits) = match bytes {
        [b'0', b'b' | b'B', _, ..] => (2, &text[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &text[2..]),
        [b'0', b'x' | b'X', _, ..] => (16, &text[2..]),
        [b'0', _, ..] => (8, &text[1..]),
        _ => (10, text),
    };
    // `from_str_radix` would take a sign.
    if digits.starts_with(['+', '-']) {
        return None;
    }
    u64::from_str_radix(digits, base).ok()
}

/// `0b` before a sign: what go-yaml still tries after `strconv` has refused the text.
fn signed_binary(text: &str) -> Option<Number> {
    let digits = text.strip_prefix("0b")?;
    if !digits.starts_with(['+', '-']) || digits[1..].starts_with(['+', '-']) {
        return None;
    }
    i64::from_str_radix(digits, 2).ok().map(Number::Int)
}

/// The pattern `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let some_digits = |text: &str| !text.is_empty() && all_digits(text);
    let mantissa_fits = match mantissa.split_once('.') {
        Some(("", fraction)) => some_digits(fraction),
        Some((whole, fraction)) => some_digits(whole) && all_digits(fraction),
        None => some_digits(mantissa),
    };
    let exponent_fits = exponent
        .is_none_or(|digits| some_digits(digits.strip_prefix(['-', '+']).unwrap_or(digits)));
    mantissa_fits && exponent_fits
}

/// Reads digits known to be a float; too large a one is an error in Go, and no number then.
fn finite(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// `strconv.ParseFloat` of a text that begins with a point: it allows `_` between digits.
fn point_float(text: &str) -> Option<f64> {
    if !text.contains('_') {
        return if is_float(text) { finite(text) } else { None };
    }
    let bytes = text.as_bytes();
    let digit_at = |index: Option<usize>| {
        index.and_then(|index| bytes.get(index)).is_some_and(u8::is_ascii_digit)
    };
    let between_digits = bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'_')
        .all(|(index, _)| digit_at(index.checked_sub(1)) && digit_at(index.checked_add(1)));
    let plain = text.replace('_', "");
    if between_digits && is_float(&plain) { finite(&plain) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(text: &str) -> Option<i64> {
        match parse_number(text) {
            Some(Number::Int(number)) => Some(number),
            _ => None,
        }
    }

    fn float(text: &str) -> Option<f64> {
        match parse_number(text) {
            Some(Number::Float(number)) => Some(number),
            _ => None,
        }
    }

    #[test]
    fn integers_have_the_bases_of_go() {
        let cases = [
            ("0", 0),
            ("-0", 0),
            ("+7", 7),
            ("0777", 511),
            ("0o17", 15),
            ("0O17", 15),
            ("0x1F", 31),
            ("0XfF", 255),
            ("-0x10", -16),
            ("0b101", 5),
            ("-0b11", -3),
            ("0b-11", -3),
            ("0b+11", 3),
            ("1_000", 1000),
            ("0x_f_f", 255),
            ("1_", 1),
            ("-9223372036854775808", i64::MIN),
        ];
        for (text, want) in cases {
            assert_eq!(int(text), Some(want), "{text}");
        }
    }

    #[test]
    fn a_number_above_int64_is_unsigned_and_above_uint64_a_float() {
        assert_eq!(parse_number("9223372036854775808"), Some(Number::Uint(1 << 63)));
        assert_eq!(parse_number("18446744073709551615"), Some(Number::Uint(u64::MAX)));
        assert_eq!(float("18446744073709551616"), Some(18_446_744_073_709_551_616.0));
        assert_eq!(float("-9223372036854775809"), Some(-9_223_372_036_854_775_808.0));
        assert_eq!(float("+18446744073709551615"), Some(18_446_744_073_709_551_615.0));
    }

    #[test]
    fn a_zero_before_digits_that_are_not_octal_makes_a_float() {
        assert_eq!(float("09"), Some(9.0));
        assert_eq!(float("-08"), Some(-8.0));
    }

    #[test]
    fn floats_are_what_the_pattern_of_go_yaml_takes() {
        let cases = [
            ("1.5", 1.5),
            ("1.", 1.0),
            (".5", 0.5),
            ("+.5", 0.5),
            ("-.5e1", -5.0),
            ("1e3", 1000.0),
            ("1E-3", 0.001),
            ("1_2.3_4", 12.34),
            (".5_0", 0.5),
            ("1e-999999999", 0.0),
        ];
        for (text, want) in cases {
            assert_eq!(float(text), Some(want), "{text}");
        }
    }

    #[test]
    fn what_only_resembles_a_number_is_a_string() {
        let cases = [
            "1e",
            "e3",
            "0x",
            "0b",
            "0o",
            "0b2",
            "0xg",
            "1.2.3",
            "--1",
            "+-1",
            "-",
            "+",
            ".",
            "..",
            "._5",
            ".5_",
            ".e1",
            "1e+",
            "1:30",
            "2001-01-01",
            "0b--1",
            "-0b-1",
            "0x1p3",
            "1e999999999",
            "-1e400",
            "+",
            "1 2",
            "0x+1",
            "0+1",
        ];
        for text in cases {
            assert_eq!(parse_number(text), None, "{text}");
        }
    }

    #[test]
    fn a_million_digits_are_no_number_and_no_work() {
        assert_eq!(parse_number(&"9".repeat(1_000_000)), None);
        assert_eq!(float(&format!("0.{}", "3".repeat(1_000_000))), Some(1.0 / 3.0));
    }
}
